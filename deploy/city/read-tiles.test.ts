import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PbfWriter } from "pbf";
import { afterAll, expect, test } from "vitest";

import type { OsmData } from "./osm-data.ts";
import { readTiles } from "./read-tiles.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-tiles-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EXTENT = 4096;
type Corner = readonly [number, number];
interface Feature {
  readonly type: 1 | 2 | 3;
  readonly tags: Readonly<Record<string, string>>;
  readonly parts: readonly (readonly Corner[])[];
}

/** A vector tile with one layer (Mapbox, "Vector Tile Specification" 2.1). */
function tileOf(features: readonly Feature[]): Uint8Array {
  const pairs = features.flatMap(({ tags }) => Object.entries(tags));
  const [keys, values] = [[...new Set(pairs.map(([key]) => key))], [...new Set(pairs.map(([, value]) => value))]];
  const pbf = new PbfWriter();
  pbf.writeMessage(
    3,
    () => {
      pbf.writeTag(1, 2);
      pbf.writeString("osm");
      for (const feature of features) pbf.writeMessage(2, () => writeFeature(pbf, feature, keys, values), undefined);
      for (const key of keys) {
        pbf.writeTag(3, 2);
        pbf.writeString(key);
      }
      for (const value of values) {
        const write = (): void => {
          pbf.writeTag(1, 2);
          pbf.writeString(value);
        };
        pbf.writeMessage(4, write, undefined);
      }
      pbf.writeTag(5, 0);
      pbf.writeVarint(EXTENT);
      pbf.writeTag(15, 0);
      pbf.writeVarint(2);
    },
    undefined,
  );
  return pbf.finish();
}

function writeFeature(pbf: PbfWriter, { type, tags, parts }: Feature, keys: string[], values: string[]): void {
  pbf.writePackedVarint(
    2,
    Object.entries(tags).flatMap(([key, value]) => [keys.indexOf(key), values.indexOf(value)]),
  );
  pbf.writeTag(3, 0);
  pbf.writeVarint(type);
  const commands: number[] = [];
  let [x, y] = [0, 0];
  for (const part of parts) {
    for (const [index, [toX, toY]] of part.entries()) {
      if (index === 0) commands.push((1 << 3) | 1);
      if (index === 1) commands.push(((part.length - 1) << 3) | 2);
      const [dx, dy] = [toX - x, toY - y];
      commands.push((dx << 1) ^ (dx >> 31), (dy << 1) ^ (dy >> 31));
      [x, y] = [toX, toY];
    }
    if (type === 3) commands.push((1 << 3) | 7);
  }
  pbf.writePackedVarint(4, commands);
}

function read(tiles: Readonly<Record<string, readonly Feature[]>>): OsmData {
  const files = Object.entries(tiles).map(([name, features]) => {
    writeFileSync(join(folder, name), tileOf(features));
    return join(folder, name);
  });
  return readTiles(files, () => {});
}

const street = (id: number, ...line: Corner[]): Feature => ({
  type: 2,
  tags: { "@id": String(id), "@type": "way", highway: "residential" },
  parts: [line],
});
const door = (id: number, at: Corner): Feature => ({
  type: 1,
  tags: { "@id": String(id), shop: "yes" },
  parts: [[at]],
});

test("[CTY5] a street that goes on in the next tile is joined at the edge, though each cut it a little elsewhere", () => {
  const { ways } = read({
    "14-5630-9886.mvt": [street(1, [4000, 100], [EXTENT, 200])],
    "14-5631-9886.mvt": [street(1, [0, 200], [50, 300])],
  });
  expect(ways.map((way) => way.nodes)).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test("[CTY5] what stands in two tiles counts once, and a margin is the neighbour's", () => {
  const data = read({
    "14-5630-9886.mvt": [door(7, [EXTENT, 5]), door(8, [EXTENT + 30, 5]), street(1, [4000, 100], [EXTENT + 100, 100])],
    "14-5631-9886.mvt": [door(7, [0, 5]), door(8, [30, 5]), street(1, [-96, 100], [100, 100])],
  });
  expect(data.points).toHaveLength(2);
  const [first, second] = data.ways.map((way) => way.nodes);
  expect(first?.at(-1)).toBe(second?.[0]);
  const east = (node: number | undefined): number => data.lngE7[node ?? 0] ?? 0;
  expect(east(first?.at(-1))).toBe(Math.round((360 * (5631 / 2 ** 14) - 180) * 1e7));
  expect(data.points.map(({ node }) => east(node) >= east(first?.at(-1)))).toEqual([true, true]);
});

test("[CTY5] polygons come as closed ways, those of relations with their holes", () => {
  const square = (from: number, to: number): Corner[] => [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ];
  const { ways, relations, frame } = read({
    "14-5630-9886.mvt": [
      { type: 3, tags: { "@id": "1", "@type": "way", building: "yes" }, parts: [square(10, 20)] },
      {
        type: 3,
        tags: { "@id": "2", "@type": "relation", landuse: "grass" },
        parts: [square(30, 90), square(40, 50).toReversed()],
      },
    ],
  });
  expect(ways[0]).toEqual({ id: 1, tags: expect.objectContaining({ building: "yes" }), nodes: [0, 1, 2, 3, 0] });
  expect(relations[0]?.members.map((member) => member.role)).toEqual(["outer", "inner"]);
  // Column 5630 and row 9886 of 2^14: 360 × 5630 / 2^14 - 180 degrees and on.
  expect(frame?.west).toBe(Math.round((360 * (5630 / 2 ** 14) - 180) * 1e7));
});

test("[CTY4] a tile that cannot be used is named", () => {
  const withoutId = { "14-5630-9886.mvt": [{ type: 1, tags: { shop: "yes" }, parts: [[[1, 1]]] }] } as const;
  expect(() => read(withoutId)).toThrow(/^tile 14-5630-9886: feature 0 of layer "osm" has no "@id"/u);
  const file = join(folder, "14-5630-9887.mvt");
  writeFileSync(file, "");
  expect(() => readTiles([file], () => {})).toThrow(/^tile 14-5630-9887: it holds no layer/u);
  expect(() => readTiles([join(folder, "4-99-1.mvt")], () => {})).toThrow(/no tile has this name/u);
});
