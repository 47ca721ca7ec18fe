import { expect, test } from "vitest";

import { glideTo, placeAt } from "./glide.ts";
import { circleAround, gridAround } from "./grid.ts";

test("a first position is drawn where it is", () => {
  const glide = glideTo(undefined, { lat: 1, lng: 2 }, 1000);
  expect(placeAt(glide, 1000)).toEqual({ lat: 1, lng: 2 });
});

test("a marker goes on from where it is drawn, takes the time since the last fix, and waits at the end", () => {
  const first = glideTo(undefined, { lat: 0, lng: 0 }, 0);
  const second = glideTo(first, { lat: 10, lng: 0 }, 1000);
  expect(second.durationMs).toBe(1000);
  expect(placeAt(second, 1500).lat).toBeCloseTo(5);
  const third = glideTo(second, { lat: 10, lng: 10 }, 1500);
  expect(third.from.lat).toBeCloseTo(5);
  expect(placeAt(third, 9999)).toEqual({ lat: 10, lng: 10 });
});

test("a marker that was long silent catches up in 2.5 s", () => {
  const glide = glideTo(glideTo(undefined, { lat: 0, lng: 0 }, 0), { lat: 1, lng: 1 }, 60_000);
  expect(placeAt(glide, 62_500)).toEqual({ lat: 1, lng: 1 });
});

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
