import { expect, test } from "vitest";

import { circleAround, gridAround } from "./grid.ts";

test("the grid has its centre line and both directions", () => {
  const lines = gridAround({ lat: 45, lng: 9 }, 500, 2);
  expect(lines).toHaveLength(10);
  expect(lines.filter((line) => line[0]?.[1] === 45 && line[1]?.[1] === 45)).toHaveLength(1);
});

test("a circle closes and keeps its radius", () => {
  const ring = circleAround({ lat: 60, lng: 10 }, 1112, 8);
  expect(ring.at(-1)?.[0]).toBeCloseTo(ring[0]?.[0] ?? 0);
  expect((ring[2]?.[1] ?? 0) - 60).toBeCloseTo(0.01, 4);
});
