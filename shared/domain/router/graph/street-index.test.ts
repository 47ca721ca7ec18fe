import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";

import { makeStreetIndex } from "./street-index.ts";

const { streets, meta } = gridCity({ size: 60 });
const index = makeStreetIndex(streets);
const METRE = 1 / 111_195;

/** What is found, and at how many streets was looked for it. */
function found(lat: number, lng: number, count: number, withinM?: number) {
  let looked = 0;
  const admits = new Proxy(new Uint8Array(streets.from.length).fill(1), {
    get(target, key) {
      looked += 1;
      return target[Number(key)];
    },
  });
  const on = index.nearest({ lat, lng }, admits, count, withinM);
  return { on, looked };
}

test("[RTR23] a point far from every street looks at none, one beside the network only at what is near", () => {
  const { lat, lng } = meta.southWest;
  expect(found(0, 0, 1, 2_000)).toEqual({ on: [], looked: 0 });
  expect(found(lat + 3_000 * METRE, -56.5, 100, 2_000)).toEqual({ on: [], looked: 0 });
  // The network begins 200 m north of the frame's corner: 1,000 m are left of this.
  const beside = found(lat - 800 * METRE, lng + 0.03, 1, 2_000);
  expect(beside.on[0]?.distanceM).toBeCloseTo(1_000, -1);
  expect(beside.looked).toBeLessThan(streets.from.length / 4);
});

test("[RTR23] what a search looks at grows with what it asks for, not with the network", () => {
  const middle = { lat: meta.southWest.lat + 3_000 * METRE, lng: meta.southWest.lng + 0.03 };
  expect(found(middle.lat, middle.lng, 1, 2_000).looked).toBeLessThan(60);
  expect(found(middle.lat, middle.lng, 8, 700).looked).toBeLessThan(200);
  expect(found(middle.lat, middle.lng, 100, 2_000).looked).toBeLessThan(1_000);
});
