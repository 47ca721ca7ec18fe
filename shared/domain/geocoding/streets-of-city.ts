import { E7, type City } from "../city/city.ts";
import { DEGREE_M, distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";

/** A straight piece of street, at most {@link PIECE_M} long. */
export interface StreetPiece {
  readonly from: Point;
  readonly to: Point;
}

/** A street: what has one name and hangs together. "Calle 5" of two quarters is two. */
export interface StreetOfCity {
  readonly name: string;
  /** On it, near its middle. */
  readonly point: Point;
  readonly pieces: readonly StreetPiece[];
  /** Where it meets others: the other's place in the list, and the crossing. */
  readonly corners: readonly { readonly other: number; readonly point: Point }[];
}

export interface StreetsOfCity {
  readonly streets: readonly StreetOfCity[];
  /** For each row of the city's addresses, its street's place in `streets`. */
  readonly streetOfDoor: Uint32Array;
}

const PIECE_M = 100;
/** What has one name and lies no further apart than one square of this, or its neighbour, is one street. */
const SQUARE_M = 500;
/** More squares along a side than any city has. */
const SQUARES = 2 ** 13;

/** Every named street of a city with its pieces and corners, and whose each door is. */
export function streetsOf(city: City): StreetsOfCity {
  const { addresses, names } = city;
  const patches = new Patches(city.meta.southWest);
  const pieces = piecesOf(city);
  for (const { name, from } of pieces) patches.add(name, from);
  for (const [row, name] of addresses.street.entries()) patches.add(name, doorAt(city, row));
  const numberOf = patches.join();

  const made: StreetInMaking[] = [];
  const streetOf = (name: number, point: Point) => {
    const id = numberOf(name, point);
    made[id] ??= { name: names[name] ?? "", pieces: [], corners: new Map(), doors: [] };
    return { id, street: made[id] };
  };
  const atNode = new Map<number, Set<number>>();
  for (const { name, from, to, nodes } of pieces) {
    const { id, street } = streetOf(name, from);
    street.pieces.push({ from, to });
    for (const node of nodes) atNode.set(node, (atNode.get(node) ?? new Set()).add(id));
  }
  for (const [node, ids] of atNode) addCorners(made, ids, node, nodeAt(city, node));
  const streetOfDoor = new Uint32Array(addresses.street.length);
  for (const [row, name] of addresses.street.entries()) {
    const point = doorAt(city, row);
    const { id, street } = streetOf(name, point);
    streetOfDoor[row] = id;
    street.doors.push(point);
  }
  return { streets: made.map(finished), streetOfDoor };
}

interface StreetInMaking {
  readonly name: string;
  readonly pieces: StreetPiece[];
  readonly corners: Map<string, Corner>;
  readonly doors: Point[];
}

function addCorners(made: readonly StreetInMaking[], ids: ReadonlySet<number>, node: number, point: Point): void {
  for (const id of ids) {
    for (const other of ids) if (other !== id) made[id]?.corners.set(`${other}/${node}`, { other, point });
  }
}

function finished({ name, pieces, corners, doors }: StreetInMaking): StreetOfCity {
  const point = middleOf(pieces.length > 0 ? pieces.map(({ from }) => from) : doors);
  return { name, point, pieces, corners: [...corners.values()] };
}

interface Corner {
  readonly other: number;
  readonly point: Point;
}

/** Squares in which a name occurs, joined where they touch. */
class Patches {
  readonly #south: Point;
  readonly #lngM: number;
  readonly #parents = new Map<number, number>();

  constructor(southWest: Point) {
    this.#south = southWest;
    this.#lngM = DEGREE_M * Math.max(0.01, Math.cos((southWest.lat * Math.PI) / 180));
  }

  add(name: number, point: Point): void {
    const patch = this.#patch(name, point);
    if (!this.#parents.has(patch)) this.#parents.set(patch, patch);
  }

  /** Joins neighbours; then answers which street, counted from 0, a place with a name that was added is of. */
  join(): (name: number, point: Point) => number {
    for (const patch of this.#parents.keys()) {
      for (const step of [1, SQUARES - 1, SQUARES, SQUARES + 1]) {
        if (this.#parents.has(patch + step)) this.#parents.set(this.#root(patch + step), this.#root(patch));
      }
    }
    const ids = new Map<number, number>();
    return (name, point) => {
      const root = this.#root(this.#patch(name, point));
      const id = ids.get(root) ?? ids.size;
      ids.set(root, id);
      return id;
    };
  }

  #patch(name: number, { lat, lng }: Point): number {
    // Places a little outside the frame count from its edge; one square in from there, so that no step leaves the name.
    const square = (degrees: number, scale: number) =>
      Math.min(SQUARES - 2, Math.max(1, Math.floor((degrees * scale) / SQUARE_M) + SQUARES / 4));
    const row = square(lat - this.#south.lat, DEGREE_M);
    const column = square(lng - this.#south.lng, this.#lngM);
    return (name * SQUARES + row) * SQUARES + column;
  }

  #root(patch: number): number {
    let root = patch;
    for (let up = this.#parents.get(root); up !== undefined && up !== root; up = this.#parents.get(root)) root = up;
    this.#parents.set(patch, root);
    return root;
  }
}

interface NamedPiece extends StreetPiece {
  readonly name: number;
  /** Crossings at its ends. */
  readonly nodes: readonly number[];
}

function piecesOf(city: City): NamedPiece[] {
  const { name: names, from, to } = city.streets;
  const pieces: NamedPiece[] = [];
  for (const [segment, name] of names.entries()) {
    if (name === 0) continue;
    const [first, last] = [from[segment] ?? 0, to[segment] ?? 0];
    const cut = cutLine([nodeAt(city, first), ...shapeOf(city, segment), nodeAt(city, last)]);
    for (const [index, piece] of cut.entries()) {
      const nodes = [...(index === 0 ? [first] : []), ...(index === cut.length - 1 ? [last] : [])];
      pieces.push({ ...piece, name, nodes });
    }
  }
  return pieces;
}

function shapeOf({ streets: { shapeStart, shapeLatE7, shapeLngE7 } }: City, segment: number): Point[] {
  const points: Point[] = [];
  for (let at = shapeStart[segment] ?? 0; at < (shapeStart[segment + 1] ?? 0); at++) {
    points.push({ lat: (shapeLatE7[at] ?? 0) / E7, lng: (shapeLngE7[at] ?? 0) / E7 });
  }
  return points;
}

/** The line in straight pieces of at most {@link PIECE_M}. */
function cutLine(line: readonly Point[]): StreetPiece[] {
  return line.slice(1).flatMap((to, index) => {
    const from = line[index] ?? to;
    const count = Math.max(1, Math.ceil(distanceM(from, to) / PIECE_M));
    const at = (share: number) => ({
      lat: from.lat + (to.lat - from.lat) * share,
      lng: from.lng + (to.lng - from.lng) * share,
    });
    return Array.from({ length: count }, (_, step) => ({ from: at(step / count), to: at((step + 1) / count) }));
  });
}

/** That of the points which is nearest to their mean. */
function middleOf(points: readonly Point[]): Point {
  const mean = { lat: 0, lng: 0 };
  for (const { lat, lng } of points) {
    mean.lat += lat / points.length;
    mean.lng += lng / points.length;
  }
  let [best, bestM] = [mean, Infinity];
  for (const point of points) {
    const awayM = distanceM(point, mean);
    if (awayM < bestM) [best, bestM] = [point, awayM];
  }
  return best;
}

function nodeAt({ streets }: City, node: number): Point {
  return { lat: (streets.nodeLatE7[node] ?? 0) / E7, lng: (streets.nodeLngE7[node] ?? 0) / E7 };
}

function doorAt({ addresses }: City, row: number): Point {
  return { lat: (addresses.latE7[row] ?? 0) / E7, lng: (addresses.lngE7[row] ?? 0) / E7 };
}
