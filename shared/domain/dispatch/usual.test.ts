import fc from "fast-check";
import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, round, router } from "#shared/testing/rounds.ts";

import { decide, replay } from "./decision/decision-record.ts";
import { explain } from "./decision/explain.ts";
import { travelOf } from "./kitchens.ts";
import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS, type OpenDelivery } from "./round.ts";
import { lateOf, tripNumbers } from "./trip.ts";
import { usualOf } from "./usual.ts";

const { late } = DEFAULT_SETTINGS;
const settings = DEFAULT_SETTINGS;
const USUAL_MS = 40 * MINUTE_MS;

/** Couriers' time without a price, who has waited long like others, and a later plan that brings food a quarter of an hour later. */
const soon = { ...settings, deferMs: 15 * MINUTE_MS, weights: { ...settings.weights, bound: 0, waited: 0 } };
/** Two restaurants and one courier: who waits, waits for a later plan. B's is a minute farther, so a goes first. */
const both = (ofB: Partial<OpenDelivery>) => ({
  nowMs: NOW_MS,
  usualMs: USUAL_MS,
  deliveries: [
    aDelivery("a", { restaurantId: "ra", placedAtMs: NOW_MS }),
    aDelivery("b", { restaurantId: "rb", pickup: at(0, 300), drop: at(3_000, 300), ...ofB }),
  ],
  couriers: [aCourier("only")],
  router,
});
/** On the way in, at the counter, to b's door. */
const NEEDS_MS = (3 + 2 + 2 + 10 + 2) * MINUTE_MS;
const placedSo = (slackMs: number) => ({ placedAtMs: NOW_MS + NEEDS_MS + slackMs - USUAL_MS });

test.for([
  { name: "would just be in time", of: placedSo(0), first: "b" },
  { name: "would be a little late", of: placedSo(2 * MINUTE_MS - late.mostMs), first: "b" },
  { name: "would be late by the bound however fast", of: placedSo(-late.mostMs), first: "a" },
  { name: "is hours late", of: placedSo(-180 * MINUTE_MS), first: "a" },
  { name: "would be in time by a later plan too", of: placedSo(15 * MINUTE_MS), first: "a" },
])("[DSP62] b, which $name: $first goes first", ({ of, first }) => {
  expect(planRound(both(of), soon).commits).toMatchObject([{ deliveryIds: [first] }]);
  const careless = { ...soon, weights: { ...soon.weights, late: 0 } };
  expect(planRound(both(of), careless).commits).toMatchObject([{ deliveryIds: ["a"] }]);
});

test("[DSP62] while the day has not shown what is usual, the target serves", () => {
  const { usualMs, ...input } = both(placedSo(0));
  const targeted = (targetMs: number) => planRound(input, { ...soon, targetMs });
  expect(targeted(usualMs).commits).toMatchObject([{ deliveryIds: ["b"] }]);
  expect(targeted(3 * usualMs).commits).toMatchObject([{ deliveryIds: ["a"] }]);
});

test.for([
  { clicks: [], usual: undefined },
  { clicks: [10, 20, 30], usual: undefined },
  { clicks: [10, 20, 30, 40], usual: 40 },
  { clicks: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100], usual: 90 },
  { clicks: [7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 99], usual: 7 },
])("[DSP63] of $clicks nine of ten come within $usual", ({ clicks, usual }) => {
  expect(usualOf(clicks, { ...late, usualPercent: 90, fewestOrders: 4 })).toBe(usual);
});

test("[DSP64] of food of which the kitchen has not said when, nobody knows whether it will be late", () => {
  const said = aDelivery("d", { placedAtMs: NOW_MS - 60 * MINUTE_MS });
  expect(lateOf(said, NOW_MS, settings)).toBe(late.mostMs);
  expect(lateOf({ ...said, isUnsaid: true, readyLateAtMs: NOW_MS + MINUTE_MS }, NOW_MS, settings)).toBe(0);
  // Said, but of a kitchen whose words are known to spread: said all the same.
  expect(lateOf({ ...said, readyLateAtMs: NOW_MS + MINUTE_MS }, NOW_MS, settings)).toBe(late.mostMs);
});

test("[DSP65] what lateness adds is the same by the row's tariff as by the trip's own numbers, and it is told and replays", () => {
  const plain = {
    ...settings,
    weights: { ...settings.weights, bound: 0 },
    refusal: { ...settings.refusal, weight: 0 },
    fairness: { ...settings.fairness, weight: 0 },
  };
  const travel = travelOf(router);
  let seenLate = 0;
  fc.assert(
    fc.property(round, fc.integer({ min: 5, max: 40 }), (any, usualMin) => {
      const deliveries = any.deliveries.map((each) => ({ ...each, priority: 0 }));
      const input = { ...any, deliveries, usualMs: usualMin * MINUTE_MS };
      const record = decide(input, plain);
      expect(replay(JSON.parse(JSON.stringify(record)))).toEqual({ outcome: "equal" });
      for (const { courierId, deliveryIds, kind, numbers } of record.plan.commits) {
        const courier = input.couriers.find(({ id }) => id === courierId);
        const drops = deliveryIds.flatMap((id) => deliveries.find((each) => each.id === id) ?? []);
        const [first] = drops;
        if (kind === "addition" || !courier || !first) continue;
        const travelMs = travel(courier.freePoint, first.pickup);
        const leaveAtMs = Math.max(NOW_MS, courier.freeAtMs);
        const arriveAtMs = leaveAtMs + travelMs + plain.handover.beforePickupMs;
        const start = { leaveAtMs, arriveAtMs, travelMs, idleFromMs: leaveAtMs };
        expect(numbers).toEqual(
          tripNumbers(start, first.pickup, drops, travel, { ...plain, targetMs: input.usualMs, nowMs: NOW_MS }),
        );
        const own = explain(record, first.id)?.couriers.find((each) => each.courierId === courierId);
        expect(own?.terms.reduce((sum, { cost }) => sum + cost, 0)).toBe(numbers.cost);
        expect(own?.terms.find(({ name }) => name === "late")?.ms).toBe(numbers.lateMs);
        if (numbers.lateMs > 0) seenLate += 1;
      }
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(seenLate).toBeGreaterThan(2);
});
