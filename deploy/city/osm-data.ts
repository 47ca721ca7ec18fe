/**
 * What every reader makes of its files, and everything else is built from: nodes, ways and relations with their tags, in
 * the words of OpenStreetMap. Nodes without tags are only coordinates; ways name nodes by their place in the columns.
 */
export type Tags = Readonly<Record<string, string>>;

export interface OsmPoint {
  readonly tags: Tags;
  /** Index into the node columns. */
  readonly node: number;
}

export interface OsmWay {
  /** OpenStreetMap's id. Pieces of one way that was cut have the same. */
  readonly id: number;
  readonly tags: Tags;
  /** Indices into the node columns, two or more; the last is the first again when the way is closed. */
  readonly nodes: readonly number[];
}

export interface OsmMember {
  /** The way's id. */
  readonly way: number;
  readonly role: string;
}

/** A multipolygon: an area whose rings are made of ways. */
export interface OsmRelation {
  readonly id: number;
  readonly tags: Tags;
  readonly members: readonly OsmMember[];
}

/** Degrees times ten million. */
export interface FrameE7 {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

export interface OsmData {
  readonly latE7: Int32Array;
  readonly lngE7: Int32Array;
  readonly points: readonly OsmPoint[];
  readonly ways: readonly OsmWay[];
  readonly relations: readonly OsmRelation[];
  /** What the files say that they cover; null when they say nothing. */
  readonly frame: FrameE7 | null;
}

/** Input that cannot be used. The message names file and line, block or tile, and stands alone in front of a person. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

/** How far the reading is: bytes read of all bytes. */
export type OnProgress = (doneBytes: number) => void;

export function isClosed(nodes: readonly number[]): boolean {
  return nodes.length > 3 && nodes[0] === nodes.at(-1);
}

/** The smallest frame around both. */
export function frameAround(a: FrameE7 | null, b: FrameE7): FrameE7 {
  if (a === null) return b;
  return {
    south: Math.min(a.south, b.south),
    west: Math.min(a.west, b.west),
    north: Math.max(a.north, b.north),
    east: Math.max(a.east, b.east),
  };
}
