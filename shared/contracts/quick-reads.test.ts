import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CATALOGUE } from "./catalogue/catalogue.ts";
import { isWholeFix, quickMotion, quickPosition, quickTrace } from "./quick-reads.ts";
import { fix } from "./geo.ts";
import { position } from "./streams.ts";

const MOTION = { lat: 1.5, lng: -2, takenAtMs: 7, accuracyM: 5, speedMps: 3, headingDeg: 90 };
const FIX = { ...MOTION, speedMps: null };
const INPUT = { marketId: "mvd", motion: MOTION };
const TRACE = { marketId: "mvd", trace: "?_~@" };
const POSITION = {
  marketId: "mvd",
  courierId: "c1",
  lat: 1.5,
  lng: -2,
  speedMps: null,
  headingDeg: 12.5,
  takenAtMs: 7,
  zone: "z",
  carrying: [{ orderId: "o1", deliveryId: "d1", version: 3 }],
};

const EDGES = [0, -0, 90, 90.1, 150, 150.1, 180, -180.1, 360, 361, 100_000, 100_001, 0.5, 2 ** 53, NaN, Infinity];
const NO_NUMBERS = [
  "?".repeat(8_000),
  "?".repeat(8_001),
  "?>",
  "?\u007f",
  "?\n",
  null,
  undefined,
  true,
  "",
  "mvd",
  "MVD",
  "mvd\n",
  "x".repeat(25),
  [],
  {},
  "\0",
];
const wrong = fc.oneof(fc.constantFrom<unknown>(...EDGES, ...NO_NUMBERS), fc.double(), fc.integer(), fc.anything());

/** The good one with some of its fields, at any depth, changed, gone, or others beside them. */
function near(good: object): fc.Arbitrary<unknown> {
  const fields = Object.entries(good).map(([key, value]): [string, fc.Arbitrary<unknown>] => {
    const inner: fc.Arbitrary<unknown> = Array.isArray(value)
      ? fc.array(near(value[0] as object), { maxLength: 2 }) // Cast: lists hold records.
      : typeof value === "object" && value !== null
        ? near(value as object)
        : fc.constant(value);
    return [key, fc.oneof({ weight: 12, arbitrary: inner }, { weight: 1, arbitrary: wrong })];
  });
  const whole = fc.record(Object.fromEntries(fields));
  const some = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
  const more = fc.tuple(whole, fc.string(), wrong).map(([record, key, value]) => ({ ...record, [key]: value }));
  return fc.oneof({ weight: 8, arbitrary: whole }, some, more, { weight: 1, arbitrary: wrong });
}

describe.each([
  ["motion.push", CATALOGUE["motion.push"].input, quickMotion, INPUT, MOTION],
  ["trace.push", CATALOGUE["trace.push"].input, quickTrace, TRACE, {}],
  ["a fix", fix, (value: unknown) => (isWholeFix(value) ? value : undefined), FIX, {}],
  ["a position", position, quickPosition, POSITION, POSITION.carrying[0] ?? {}],
] as const)("%s", (_, schema, read, good, inner) => {
  test("[MOT15] what is read by hand is what the schema gives", () => {
    let taken = 0;
    const property = fc.property(near(good), (payload) => {
      const quick = read(payload);
      if (quick === undefined) return;
      taken += 1;
      expect(schema.parse(payload)).toEqual(quick);
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(taken).toBeGreaterThan(200);
  });

  test("[MOT15] a good one is read by hand; with a field more, or one less, the schema is asked", () => {
    expect(read(good)).toEqual(good);
    expect(read({ ...good, more: 1 })).toBeUndefined();
    for (const key of [...Object.keys(good), ...Object.keys(inner)]) {
      const without = JSON.parse(
        JSON.stringify(good, (name: string, value: unknown) => (name === key ? undefined : value)),
      );
      expect(read(without), key).toBeUndefined();
    }
  });
});
