import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { SaxesParser, type SaxesTagPlain } from "saxes";

import { E7 } from "#shared/domain/city/city.ts";

import type { Collector } from "./osm-collector.ts";
import { ImportError, type OnProgress, type OsmMember } from "./osm-data.ts";

type Element = "node" | "way" | "relation";
type Attributes = Readonly<Record<string, string>>;

/** The element that is open. */
interface Open {
  readonly element: Element;
  readonly id: number;
  readonly attributes: Attributes;
  tags: Record<string, string> | undefined;
  readonly refs: number[];
  readonly members: OsmMember[];
}

/**
 * Streams OpenStreetMap's XML (plain or gzip) into the collector. What was deleted in an editor's file is left out.
 *
 * @throws {ImportError} "name:line: what is wrong"
 */
export async function readXml(file: string, into: Collector, onProgress: OnProgress): Promise<void> {
  const raw = createReadStream(file);
  const stream: Readable = file.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  // A pipe does not carry the error of its source on.
  raw.on("error", (error) => stream.destroy(error));
  const reader = xmlReader(basename(file), into);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      reader.write(decoder.decode(chunk, { stream: true }));
      onProgress(raw.bytesRead);
    }
    reader.write(decoder.decode());
    reader.close();
  } catch (error) {
    if (error instanceof ImportError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new ImportError(`${basename(file)}:${reader.line()}: ${words}`, { cause: error });
  } finally {
    raw.destroy();
  }
}

interface XmlReader {
  write(text: string): void;
  close(): void;
  line(): number;
}

/** Handles the text of one file, piece by piece. */
export function xmlReader(name: string, into: Collector): XmlReader {
  const parser = new SaxesParser();
  const fail = (words: string): never => {
    throw new ImportError(`${name}:${parser.line}: ${words}`);
  };
  const numberOf = (attributes: Attributes, key: string, element: string): number => {
    const text = attributes[key];
    const value = Number(text);
    if (text === undefined || text.trim() === "" || !Number.isFinite(value)) {
      fail(`a <${element}> needs a number in "${key}", found ${text === undefined ? "none" : `"${text}"`}`);
    }
    return value;
  };
  let depth = 0;
  let open: Open | undefined;

  const begin = ({ name: tag, attributes }: SaxesTagPlain): void => {
    depth += 1;
    if (depth === 1 && tag !== "osm") fail(`this is no OpenStreetMap file: it begins with <${tag}>, not with <osm>`);
    if (depth === 2) open = opened(tag, attributes);
    if (depth === 2 && tag === "bounds") into.frame(boundsOf(attributes));
    if (depth === 3 && open) within(open, tag, attributes);
  };
  const opened = (tag: string, attributes: Attributes): Open | undefined => {
    if (tag !== "node" && tag !== "way" && tag !== "relation") return undefined;
    const id = numberOf(attributes, "id", tag);
    return { element: tag, id, attributes, tags: undefined, refs: [], members: [] };
  };
  const boundsOf = (attributes: Attributes) => {
    const e7 = (key: string): number => Math.round(numberOf(attributes, key, "bounds") * E7);
    return { south: e7("minlat"), west: e7("minlon"), north: e7("maxlat"), east: e7("maxlon") };
  };
  const within = (element: Open, tag: string, attributes: Attributes): void => {
    if (tag === "tag") {
      const key = attributes["k"] ?? fail(`a <tag> needs a "k"`);
      element.tags = { ...element.tags, [key]: attributes["v"] ?? fail(`the <tag> "${key}" needs a "v"`) };
    } else if (tag === "nd") element.refs.push(numberOf(attributes, "ref", "nd"));
    else if (tag === "member" && attributes["type"] === "way") {
      element.members.push({ way: numberOf(attributes, "ref", "member"), role: attributes["role"] ?? "" });
    }
  };
  const end = (): void => {
    depth -= 1;
    if (depth !== 1 || !open) return;
    hand(open);
    open = undefined;
  };
  const hand = ({ element, id, attributes, tags, refs, members }: Open): void => {
    if (attributes["action"] === "delete" || attributes["visible"] === "false") return;
    if (element === "way") into.way(id, refs, tags ?? {});
    else if (element === "relation") into.relation(id, members, tags ?? {});
    else into.node(id, numberOf(attributes, "lat", "node"), numberOf(attributes, "lon", "node"), tags);
  };

  parser.on("error", (error) => fail(error.message.replace(/^\d+:\d+: /u, "")));
  parser.on("opentag", begin);
  parser.on("closetag", end);
  return { write: (text) => void parser.write(text), close: () => void parser.close(), line: () => parser.line };
}
