import fc from "fast-check";
import { expect, test } from "vitest";

import { aCourier, aDelivery, at, KITCHENS, NOW_MS, projection, round, router } from "#shared/testing/rounds.ts";

import { VEHICLES } from "../../city/city.ts";
import { planeRouter } from "../../router/plane-router.ts";
import type { Router } from "../../router/router.ts";
import { planRound } from "../plan-round.ts";
import { DEFAULT_SETTINGS } from "../round.ts";
import { decide, replay, type DecisionRecord } from "./decision-record.ts";

const slow = planeRouter({ metersPerMinute: 80, projection });
/** Two vehicles ride alike, two do not. */
const mixed: Router = { ...router, by: (vehicle) => (vehicle === "foot" || vehicle === "bicycle" ? slow : router) };
const demand = KITCHENS.map((pickup, index) => ({
  restaurantId: `r${index}`,
  pickup,
  ordersPerHour: 20,
  prepMs: 600_000,
}));

/** What comes back from where it was kept. */
const kept = (record: DecisionRecord): DecisionRecord => JSON.parse(JSON.stringify(record));

const anyRound = fc.record({
  input: round,
  vehicles: fc.array(fc.constantFrom(...VEHICLES, undefined), { minLength: 6, maxLength: 6 }),
  moves: fc.boolean(),
});
const ridden = ({ input, vehicles, moves }: typeof anyRound extends fc.Arbitrary<infer T> ? T : never) => ({
  ...input,
  router: mixed,
  ...(moves ? { demand } : {}),
  couriers: input.couriers.map((each, index) => {
    const vehicle = vehicles[index];
    return vehicle ? { ...each, vehicle } : each;
  }),
});

test("[DSP21] a round is decided alike with and without being recorded, and its record decides the same again, bit for bit", () => {
  fc.assert(
    fc.property(anyRound, fc.constantFrom(0, 0, 0, 10), (any, late) => {
      const input = ridden(any);
      const settings = { ...DEFAULT_SETTINGS, weights: { ...DEFAULT_SETTINGS.weights, late } };
      const record = decide(input, settings);
      expect(JSON.stringify(record.plan)).toBe(JSON.stringify(planRound(input, settings)));
      expect(replay(kept(record))).toEqual({ outcome: "equal" });
    }),
    { numRuns: 15 },
  );
});

test("[DSP21] a record that was tampered with, or was decided by other weights, is found to differ", () => {
  const couriers = [aCourier("near"), aCourier("far", { point: at(6_000) })];
  const record = decide({ nowMs: NOW_MS, deliveries: [aDelivery("d")], couriers, router }, DEFAULT_SETTINGS);
  expect(replay(kept(record))).toEqual({ outcome: "equal" });
  const longer = kept({
    ...record,
    ways: {
      ...record.ways,
      routers: record.ways.routers.map((ways) => ({ ...ways, ms: ways.ms.map((ms) => ms + 1) })),
    },
  });
  expect(replay(longer)).toMatchObject({ outcome: "different" });
  const weights = { ...DEFAULT_SETTINGS.weights, travel: 21 };
  const other = kept({ ...record, plan: { ...record.plan, settings: { ...DEFAULT_SETTINGS, weights } } });
  expect(replay(other)).toMatchObject({ outcome: "different" });
});

test("[DSP21] a record that lacks a way, or is of another version, says so", () => {
  const record = decide(
    { nowMs: NOW_MS, deliveries: [aDelivery("d")], couriers: [aCourier("c")], router },
    DEFAULT_SETTINGS,
  );
  const [ways] = record.ways.routers;
  const fewer = kept({ ...record, ways: { ...record.ways, routers: [{ from: [], to: [], ms: [] }] } });
  expect(ways?.ms.length).toBeGreaterThan(0);
  expect(replay(fewer)).toMatchObject({ outcome: "different", why: expect.stringContaining("was not asked for") });
  const older = kept({ ...record, plan: { ...record.plan, version: "0" } });
  expect(replay(older)).toEqual({ outcome: "other-version", version: "0" });
});
