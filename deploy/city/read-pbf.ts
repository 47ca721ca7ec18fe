import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { inflate } from "node:zlib";

import { parse } from "osm-pbf-parser-node";
import { PbfReader } from "pbf";

import type { Collector } from "./osm-collector.ts";
import { ImportError, type OnProgress, type Tags } from "./osm-data.ts";

/** Bounds of the format, so that a damaged length asks for no gigabytes (OpenStreetMap wiki, "PBF Format"). */
const MOST_HEADER_BYTES = 64 * 1024;
const MOST_BLOB_BYTES = 32 * 1024 * 1024;
const UNDERSTOOD = new Set(["OsmSchema-V0.6", "DenseNodes"]);
/** The header's frame is in nanodegrees. */
const NANO_PER_E7 = 100;

/** What the package's `parse` answers for an element of a block. */
type Parsed =
  | { readonly type: "node"; readonly id: number; readonly lat: number; readonly lon: number; readonly tags?: Tags }
  | { readonly type: "way"; readonly id: number; readonly refs: readonly number[]; readonly tags?: Tags }
  | {
      readonly type: "relation";
      readonly id: number;
      readonly members: readonly { readonly type: string; readonly ref: number; readonly role: string }[];
      readonly tags?: Tags;
    };

/**
 * Reads OpenStreetMap's PBF into the collector, block by block. The framing is ours, as the package's own stream says
 * neither which block is damaged nor how; what is in a block the package decodes.
 *
 * @throws {ImportError} "name, block 3: what is wrong"
 */
export async function readPbf(file: string, into: Collector, onProgress: OnProgress): Promise<void> {
  const handle = await open(file);
  let block = 1;
  try {
    for await (const { type, data, endsAt } of blobs(handle)) {
      if (type === "OSMHeader") readHeader(data, into);
      else if (type === "OSMData") readData(data, into);
      // Others are to be skipped, as the format says.
      block += 1;
      onProgress(endsAt);
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new ImportError(`${basename(file)}, block ${block}: ${words}`, { cause: error });
  } finally {
    await handle.close();
  }
}

interface FileBlob {
  readonly type: string;
  readonly data: Buffer;
  readonly endsAt: number;
}

/** Length of the header, the header (type, length of the blob), the blob; again and again. */
async function* blobs(handle: FileHandle): AsyncGenerator<FileBlob> {
  const { size } = await handle.stat();
  const bytesAt = async (at: number, length: number): Promise<Buffer> => {
    if (at + length > size) throw new Error("the file ends in the middle of it: it was cut short");
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, at);
    return bytes;
  };
  for (let at = 0; at < size;) {
    const headerLength = (await bytesAt(at, 4)).readUInt32BE();
    if (headerLength === 0 || headerLength > MOST_HEADER_BYTES) throw new Error("this is no OpenStreetMap PBF file");
    const header = readFields(new PbfReader(await bytesAt(at + 4, headerLength)));
    const length = header.number(3);
    if (length === undefined || length > MOST_BLOB_BYTES) throw new Error("its header is damaged");
    const beginsAt = at + 4 + headerLength;
    at = beginsAt + length;
    yield {
      type: header.get(1)?.toString("utf8") ?? "",
      data: await unpacked(await bytesAt(beginsAt, length)),
      endsAt: at,
    };
  }
}

async function unpacked(blob: Buffer): Promise<Buffer> {
  const fields = readFields(new PbfReader(blob));
  const zlib = fields.get(3);
  const data = zlib ? await inflated(zlib) : fields.get(1);
  if (!data) throw new Error("it is compressed in a way that is not supported; write the file anew with zlib");
  const size = fields.number(2);
  if (size !== undefined && size !== data.length) throw new Error(`it holds ${data.length} bytes instead of ${size}`);
  return data;
}

/** What is in it is bounded too: a few bytes may unpack to any number. */
async function inflated(zlib: Buffer): Promise<Buffer> {
  try {
    return await promisify(inflate)(zlib, { maxOutputLength: MOST_BLOB_BYTES });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`it unpacks to more than ${MOST_BLOB_BYTES / 2 ** 20} MiB`, { cause: error });
  }
}

function readHeader(data: Buffer, into: Collector): void {
  const fields = readFields(new PbfReader(data));
  const strange = fields
    .all(4)
    .map(String)
    .filter((feature) => !UNDERSTOOD.has(feature));
  if (strange.length > 0) throw new Error(`the file needs ${strange.join(", ")}, which is not supported`);
  const box = fields.get(1);
  if (!box) return;
  const [west = 0, east = 0, north = 0, south = 0] = readBox(new PbfReader(box));
  into.frame({ south, west, north, east });
}

function readBox(reader: PbfReader): number[] {
  const sides: number[] = [];
  while (reader.pos < reader.length) {
    const field = reader.readVarint() >> 3;
    sides[field - 1] = Math.round(reader.readSVarint() / NANO_PER_E7);
  }
  return sides;
}

function readData(data: Buffer, into: Collector): void {
  // Cast: the package's types say no more than "object".
  for (const each of parse(data, {}) as Parsed[]) {
    if (each.type === "node") into.node(each.id, each.lat, each.lon, each.tags);
    else if (each.type === "way") into.way(each.id, each.refs, each.tags ?? {});
    else {
      const ways = each.members.filter((member) => member.type === "way");
      into.relation(
        each.id,
        ways.map(({ ref, role }) => ({ way: ref, role })),
        each.tags ?? {},
      );
    }
  }
}

interface Fields {
  get(field: number): Buffer | undefined;
  all(field: number): readonly Buffer[];
  number(field: number): number | undefined;
}

/** The fields of a small message: those of bytes and those that are varints. */
function readFields(reader: PbfReader): Fields {
  const bytes = new Map<number, Buffer[]>();
  const numbers = new Map<number, number>();
  while (reader.pos < reader.length) {
    const key = reader.readVarint();
    const field = key >> 3;
    if ((key & 7) === 2) bytes.set(field, [...(bytes.get(field) ?? []), Buffer.from(reader.readBytes())]);
    else if ((key & 7) === 0) numbers.set(field, reader.readVarint());
    else reader.skip(key);
  }
  return {
    get: (field) => bytes.get(field)?.at(-1),
    all: (field) => bytes.get(field) ?? [],
    number: (field) => numbers.get(field),
  };
}
