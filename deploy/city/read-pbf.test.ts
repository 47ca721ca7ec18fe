import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import { PbfWriter } from "pbf";
import { afterAll, expect, test } from "vitest";

import { collectOsm } from "./osm-collector.ts";
import type { OsmData } from "./osm-data.ts";
import { readPbf } from "./read-pbf.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-pbf-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A message of the format, by the fields that `write` puts into it. */
function message(write: (pbf: PbfWriter) => void): Buffer {
  const pbf = new PbfWriter();
  write(pbf);
  return Buffer.from(pbf.finish());
}

function bytesField(pbf: PbfWriter, field: number, bytes: Buffer): void {
  pbf.writeTag(field, 2);
  pbf.writeBytes(bytes);
}

/** One block of a file: its length, header and blob. */
function block(type: string, data: Buffer, packed = deflateSync(data)): Buffer {
  const blob = message((pbf) => {
    pbf.writeTag(2, 0);
    pbf.writeVarint(data.length);
    bytesField(pbf, 3, packed);
  });
  const header = message((pbf) => {
    bytesField(pbf, 1, Buffer.from(type));
    pbf.writeTag(3, 0);
    pbf.writeVarint(blob.length);
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, blob]);
}

const header = (feature: string): Buffer =>
  block(
    "OSMHeader",
    message((pbf) => {
      const sides = [-56.3, -56, -34.8, -34.9]; // left, right, top, bottom
      pbf.writeMessage(
        1,
        () => {
          for (const [index, side] of sides.entries()) {
            pbf.writeTag(index + 1, 0);
            pbf.writeSVarint(Math.round(side * 1e9));
          }
        },
        undefined,
      );
      bytesField(pbf, 4, Buffer.from(feature));
    }),
  );

const STRINGS = ["", "highway", "residential", "amenity", "cafe"];
/** Nodes 1 (a café), 2 and 3 at -34.9 and on, and a street over all three. */
const DATA = message((pbf) => {
  const strings = message((table) => {
    for (const text of STRINGS) bytesField(table, 1, Buffer.from(text));
  });
  bytesField(pbf, 1, strings);
  const dense = message((nodes) => {
    nodes.writePackedSVarint(1, [1, 1, 1]);
    nodes.writePackedSVarint(8, [-349_000_000, 10_000, 10_000]);
    nodes.writePackedSVarint(9, [-561_000_000, 0, 7]);
    nodes.writePackedVarint(10, [3, 4, 0, 0, 0]);
  });
  const way = message((fields) => {
    fields.writeTag(1, 0);
    fields.writeVarint(77);
    fields.writePackedVarint(2, [1]);
    fields.writePackedVarint(3, [2]);
    fields.writePackedSVarint(8, [1, 1, 1]);
  });
  bytesField(
    pbf,
    2,
    message((group) => bytesField(group, 2, dense)),
  );
  bytesField(
    pbf,
    2,
    message((group) => bytesField(group, 3, way)),
  );
});
const PLAIN = header("DenseNodes");
/** Small as it lies there, and more than a block may hold. */
const BOMB = deflateSync(Buffer.alloc(33 * 1024 * 1024));

async function read(name: string, bytes: Buffer): Promise<OsmData> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const collector = collectOsm();
  await readPbf(file, collector, () => {});
  return collector.finish();
}

test("[CTY3] a PBF file gives its nodes, ways and frame to the last digit", async () => {
  expect(await read("town.osm.pbf", Buffer.concat([PLAIN, block("OSMData", DATA)]))).toEqual({
    latE7: Int32Array.of(-349_000_000, -348_990_000, -348_980_000),
    lngE7: Int32Array.of(-561_000_000, -561_000_000, -560_999_993),
    points: [{ tags: { amenity: "cafe" }, node: 0 }],
    ways: [{ id: 77, tags: { highway: "residential" }, nodes: [0, 1, 2] }],
    relations: [],
    frame: { south: -349_000_000, west: -563_000_000, north: -348_000_000, east: -560_000_000 },
  });
});

test.each<[string, Buffer, string]>([
  ["text", Buffer.from("this is some text, and no extract"), "block 1: this is no OpenStreetMap PBF file"],
  ["history", header("HistoricalInformation"), "block 1: the file needs HistoricalInformation"],
  ["cut", Buffer.concat([PLAIN, block("OSMData", DATA).subarray(0, 60)]), "block 2: the file ends in the middle of it"],
  ["bits", Buffer.concat([PLAIN, block("OSMData", DATA, Buffer.from("no zlib"))]), "block 2: incorrect header check"],
  ["size", Buffer.concat([PLAIN, block("OSMData", DATA, deflateSync(Buffer.alloc(3)))]), "block 2: it holds 3 bytes"],
  ["bomb", Buffer.concat([PLAIN, block("OSMData", DATA, BOMB)]), "block 2: it unpacks to more than 32 MiB"],
])("[CTY4] PBF that cannot be used is refused with its block: %s", async (name, bytes, words) => {
  await expect(read(`${name}.osm.pbf`, bytes)).rejects.toThrow(`${name}.osm.pbf, ${words}`);
});
