import { expect, test } from "vitest";

import type { BoardCourier } from "#shared/contracts/board.ts";

import { Fleet, NO_HEADING, SELECTED, STRIDE } from "./fleet.ts";
import { mercatorOf, pointOf } from "./mercator.ts";

const CENTER = { lat: -34.9, lng: -56.18 };
const courier = (courierId: string, lat: number, fixAtMs = 1_000, over: Partial<BoardCourier> = {}): BoardCourier => ({
  courierId,
  name: courierId,
  vehicle: "bicycle",
  point: { lat, lng: CENTER.lng },
  fixAtMs,
  zone: null,
  holding: 0,
  hasOffer: false,
  ...over,
});
const frame = (courierId: string, lat: number, takenAtMs: number, headingDeg: number | null = null) => ({
  zone: "z",
  couriers: [{ courierId, lat, lng: CENTER.lng, speedMps: null as number | null, headingDeg, takenAtMs }],
});
const latOf = (fleet: Fleet, id: string, nowMs: number) => fleet.placeOf(id, nowMs)?.lat;

test("[OPM5] mercator and back is the same place", () => {
  const back = pointOf(mercatorOf(CENTER));
  expect(back.lat).toBeCloseTo(CENTER.lat, 9);
  expect(back.lng).toBeCloseTo(CENTER.lng, 9);
});

test("[OPM5] a courier glides from where he is drawn, as long as the time since the fix before, and waits at the end", () => {
  const fleet = new Fleet(CENTER, 0, false);
  fleet.setCouriers([courier("a", -34.9)], 0);
  expect(latOf(fleet, "a", 0)).toBeCloseTo(-34.9, 5);
  fleet.take(frame("a", -34.8, 2_000), 1_000);
  expect(latOf(fleet, "a", 1_500)).toBeCloseTo(-34.85, 3);
  expect(fleet.movingUntilMs).toBe(2_000);
  fleet.take(frame("a", -34.9, 3_000), 1_500);
  expect(latOf(fleet, "a", 1_500)).toBeCloseTo(-34.85, 3);
  expect(latOf(fleet, "a", 60_000)).toBeCloseTo(-34.9, 5);
});

test("[OPM5] who is under way goes on to where the motion leads", () => {
  const fleet = new Fleet(CENTER, 0, false);
  fleet.setCouriers([courier("a", -34.9)], 0);
  const { zone, couriers } = frame("a", -34.9, 2_000, 0);
  fleet.take({ zone, couriers: couriers.map((one) => ({ ...one, speedMps: 10 })) }, 1_000);
  const latAt = (nowMs: number) => latOf(fleet, "a", nowMs) ?? 0;
  expect(latAt(1_000)).toBeCloseTo(-34.9, 5);
  expect(latAt(6_000)).toBeGreaterThan(-34.9 + 35 / 111_195);
  expect(latAt(11_000)).toBeLessThan(-34.9 + 100 / 111_195);
  expect(latAt(60_000)).toBe(latAt(11_000));
});

test("[OPM5] where the clock runs faster, so does who is under way", () => {
  const metresIn = (rate: number, wallMs: number) => {
    const fleet = new Fleet(CENTER, 0, false, rate);
    fleet.setCouriers([courier("a", -34.9)], 0);
    const { zone, couriers } = frame("a", -34.9, 2_000, 0);
    fleet.take({ zone, couriers: couriers.map((one) => ({ ...one, speedMps: 10 })) }, 1_000);
    return ((latOf(fleet, "a", 1_000 + wallMs) ?? 0) + 34.9) * 111_195;
  };
  const ordinary = metresIn(1, 10_000);
  expect(ordinary).toBeGreaterThan(50);
  // The same ten seconds of the deployment, in one of the wall.
  expect(metresIn(10, 1_000)).toBeGreaterThan(ordinary * 0.5);
  expect(metresIn(10, 1_000)).toBeLessThan(ordinary * 1.5);
});

test("[OPM5] the newest position wins, whatever comes last and from where", () => {
  const fleet = new Fleet(CENTER, 0, true);
  fleet.setCouriers([courier("a", -34.9, 5_000)], 0);
  fleet.take(frame("a", -34.8, 4_000), 100);
  expect(latOf(fleet, "a", 200)).toBeCloseTo(-34.9, 5);
  fleet.take(frame("a", -34.7, 6_000), 300);
  fleet.setCouriers([courier("a", -34.9, 5_000)], 400);
  expect(latOf(fleet, "a", 500)).toBeCloseTo(-34.7, 5);
});

test("[OPM5] who prefers less motion sees nobody glide", () => {
  const fleet = new Fleet(CENTER, 0, true);
  fleet.setCouriers([courier("a", -34.9)], 0);
  fleet.take(frame("a", -34.8, 2_000), 1_000);
  expect(latOf(fleet, "a", 1_000)).toBeCloseTo(-34.8, 5);
});

test("[OPM5] thousands come and go, each at his place; who is not on duty is not drawn", () => {
  const fleet = new Fleet(CENTER, 0, true);
  const all = Array.from({ length: 3_000 }, (_, i) => courier(`c${i}`, -34.9 + i * 1e-5));
  fleet.setCouriers(all, 0);
  expect(fleet.count).toBe(3_000);
  const kept = all.filter((_, i) => i % 3 !== 0);
  fleet.setCouriers(kept, 10);
  fleet.take(frame("c0", -30, 9_000), 20);
  expect(fleet.count).toBe(kept.length);
  expect(fleet.placeOf("c0", 20)).toBeUndefined();
  for (const { courierId, point } of kept) expect(latOf(fleet, courierId, 20)).toBeCloseTo(point?.lat ?? 0, 5);
});

test("[OPM5] the nearest is found within reach, and nobody beyond it", () => {
  const fleet = new Fleet(CENTER, 0, true);
  fleet.setCouriers([courier("a", -34.9), courier("b", -34.91)], 0);
  expect(fleet.nearest({ lat: -34.9091, lng: CENTER.lng }, 1e-4, 0)).toBe("b");
  expect(fleet.nearest({ lat: -34.95, lng: CENTER.lng }, 1e-6, 0)).toBeUndefined();
});

test("[OPM5] state, selection and heading stand in the look; a heading that is not told is that of the move", () => {
  const fleet = new Fleet(CENTER, 0, false);
  const heading = () => fleet.drawn[6];
  const look = () => fleet.drawn[STRIDE - 1];
  fleet.setCouriers([courier("a", -34.9, 1_000, { holding: 1 })], 0);
  expect([heading(), look()]).toEqual([NO_HEADING, 2]);
  fleet.select("a");
  expect(look()).toBe(2 + SELECTED);
  fleet.take(frame("a", -34.91, 2_000), 1_000);
  expect(heading()).toBeCloseTo(Math.PI, 3);
  fleet.take(frame("a", -34.91, 3_000, 90), 2_000);
  expect(heading()).toBeCloseTo(Math.PI / 2, 5);
  fleet.select(undefined);
  expect(look()).toBe(2);
});
