import fc from "fast-check";
import { expect, test } from "vitest";

import { clipLine, type XY } from "./clip.ts";
import { joinRings } from "./rings.ts";
import { closedAlongFrame } from "./sea-rings.ts";

const BOX = { min: { x: 0, y: 0 }, max: { x: 10, y: 10 } };
const xy = (...pairs: readonly (readonly [number, number])[]): XY[] => pairs.map(([x, y]) => ({ x, y }));

function area(ring: readonly XY[]): number {
  const sum = ring.reduce((total, a, index) => {
    const b = ring[(index + 1) % ring.length] ?? a;
    return total + a.x * b.y - b.x * a.y;
  }, 0);
  return Math.abs(sum) / 2;
}

test.each<[string, readonly (readonly [number, number])[][], number[], number]>([
  [
    "a coast from west to east with the sea in the south",
    [
      [
        [0, 4],
        [10, 4],
      ],
    ],
    [40],
    0,
  ],
  [
    "the same with the sea in the north",
    [
      [
        [10, 4],
        [0, 4],
      ],
    ],
    [60],
    0,
  ],
  [
    "a coast around a bay",
    [
      [
        [2, 0],
        [2, 5],
        [8, 5],
        [8, 0],
      ],
    ],
    [30],
    0,
  ],
  [
    "a cape",
    [
      [
        [8, 0],
        [8, 5],
        [2, 5],
        [2, 0],
      ],
    ],
    [70],
    0,
  ],
  [
    "a strait",
    [
      [
        [0, 4],
        [10, 4],
      ],
      [
        [10, 6],
        [0, 6],
      ],
    ],
    [40, 40],
    0,
  ],
  [
    "a channel between two coasts",
    [
      [
        [10, 4],
        [0, 4],
      ],
      [
        [0, 6],
        [10, 6],
      ],
    ],
    [20],
    0,
  ],
  [
    "an island",
    [
      [
        [2, 2],
        [4, 2],
        [4, 4],
        [2, 4],
        [2, 2],
      ],
    ],
    [100],
    1,
  ],
  [
    "a lagoon behind a coast",
    [
      [
        [0, 2],
        [10, 2],
      ],
      [
        [4, 4],
        [4, 6],
        [6, 6],
        [6, 4],
        [4, 4],
      ],
    ],
    [20, 4],
    0,
  ],
  [
    "a coast that ends short of the edge",
    [
      [
        [1, 4],
        [9, 4],
      ],
    ],
    [40],
    0,
  ],
  ["no coast", [], [], 0],
])("[CTY8] the sea lies at the right: %s", (_, lines, waters, lands) => {
  const shore = closedAlongFrame(
    lines.map((line) => xy(...line)),
    BOX,
  );
  expect(shore.waters.map(area).toSorted((a, b) => b - a)).toEqual(waters.toSorted((a, b) => b - a));
  expect(shore.lands).toHaveLength(lands);
});

const coordinate = fc.integer({ min: -20, max: 30 });
test("[CTY5] what is clipped lies in the box, and a line within it stays as it is", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 2, maxLength: 8 }), (line) => {
      for (const { x, y } of clipLine(line, BOX).flat()) {
        expect(x >= 0 && x <= 10 && y >= 0 && y <= 10).toBe(true);
      }
    }),
  );
  const within = xy([0, 0], [3, 9], [10, 10]);
  expect(clipLine(within, BOX)).toEqual([within]);
});

test("[CTY8] a ring cut into pieces, in any order and either way round, is joined again", () => {
  const pieces = fc
    .tuple(fc.integer({ min: 4, max: 20 }), fc.uniqueArray(fc.nat({ max: 19 }), { minLength: 1, maxLength: 6 }))
    .chain(([size, cuts]) => {
      const ring = Array.from({ length: size }, (_, index) => index);
      const at = [...new Set(cuts.map((cut) => cut % size))].toSorted((a, b) => a - b);
      const lines = at.map((from, index) => {
        const length = (at[index + 1] ?? (at[0] ?? 0) + size) - from || size;
        return Array.from({ length: length + 1 }, (_, step) => ring[(from + step) % size] ?? 0);
      });
      return fc.tuple(
        fc.constant(size),
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.array(fc.boolean(), { minLength: lines.length, maxLength: lines.length }),
      );
    });
  fc.assert(
    fc.property(pieces, ([size, lines, turned]) => {
      const joined = joinRings(lines.map((line, index) => (turned[index] === true ? line.toReversed() : line)));
      expect(joined).toHaveLength(1);
      expect(joined[0]?.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, index) => index));
    }),
  );
});
