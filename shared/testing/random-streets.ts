import fc from "fast-check";

import { E7, STREET_CLASSES, type StreetNetwork } from "#shared/domain/city/city.ts";

interface Node {
  readonly lat: number;
  readonly lng: number;
}

/** Within 4 km or so; on a coarse grid, so that nodes often share a place or a line. */
const node: fc.Arbitrary<Node> = fc.record({
  lat: fc.integer({ min: -40, max: 40 }).map((step) => step / 2_000),
  lng: fc.integer({ min: -40, max: 40 }).map((step) => step / 2_000),
});

/**
 * Street networks with everything that real ones have: one-ways against each other, parallel streets, loops, bends, dead ends,
 * parts that hang together with nothing, streets that nobody may ride.
 */
export const randomStreets: fc.Arbitrary<StreetNetwork> = fc
  .array(node, { minLength: 2, maxLength: 24 })
  .chain((nodes) =>
    fc
      .array(
        fc.record({
          from: fc.nat({ max: nodes.length - 1 }),
          to: fc.nat({ max: nodes.length - 1 }),
          streetClass: fc.nat({ max: STREET_CLASSES.length - 1 }),
          maxSpeedKmh: fc.constantFrom(0, 0, 30, 45, 60),
          access: fc.oneof(fc.constant(255), fc.constant(0b01_01_01_01), fc.nat({ max: 255 })),
          lengthDm: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 100, max: 20_000 })),
          shape: fc.array(node, { maxLength: 2 }),
        }),
        { minLength: 1, maxLength: 70 },
      )
      .map((segments) => {
        const shapes = segments.map(({ shape }) => shape);
        const e7 = (values: readonly number[]) => Int32Array.from(values, (each) => Math.round(each * E7));
        return {
          nodeLatE7: e7(nodes.map(({ lat }) => lat)),
          nodeLngE7: e7(nodes.map(({ lng }) => lng)),
          from: Uint32Array.from(segments, ({ from }) => from),
          to: Uint32Array.from(segments, ({ to }) => to),
          name: new Uint32Array(segments.length),
          streetClass: Uint8Array.from(segments, ({ streetClass }) => streetClass),
          maxSpeedKmh: Uint8Array.from(segments, ({ maxSpeedKmh }) => maxSpeedKmh),
          access: Uint8Array.from(segments, ({ access }) => access),
          flags: new Uint8Array(segments.length),
          lengthDm: Uint32Array.from(segments, ({ lengthDm }) => lengthDm),
          shapeStart: Uint32Array.from([0, ...shapes.map((_, index) => shapes.slice(0, index + 1).flat().length)]),
          shapeLatE7: e7(shapes.flat().map(({ lat }) => lat)),
          shapeLngE7: e7(shapes.flat().map(({ lng }) => lng)),
        };
      }),
  );
