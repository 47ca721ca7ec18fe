import fc from "fast-check";
import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, round, router } from "#shared/testing/rounds.ts";

import { decide } from "./decision/decision-record.ts";
import { explain } from "./decision/explain.ts";
import { aheadOf, fairnessOf, withShares } from "./fair-share.ts";
import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS, type RoundCourier, type RoundSettings } from "./round.ts";

const settings: RoundSettings = {
  ...DEFAULT_SETTINGS,
  fairness: { weight: 1_000, perDeliveryMs: MINUTE_MS / 4, mostDeliveries: 4 },
};
const unfair: RoundSettings = { ...settings, fairness: { ...settings.fairness, weight: 0 } };
const input = (couriers: readonly RoundCourier[]) => ({
  nowMs: NOW_MS,
  deliveries: [aDelivery("d")],
  couriers,
  router,
});
const sent = (couriers: readonly RoundCourier[], by = settings) =>
  planRound(input(couriers), by).commits.map(({ courierId }) => courierId);

test("an equal share is by time on duty: together nobody is ahead, and who did as much in less time is", () => {
  const work = fc.record({ onDutyMs: fc.nat(8 * 3_600_000), deliveries: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(work, { maxLength: 40 }), (all) => {
      const ahead = all.map(aheadOf(all));
      expect(ahead.every(Number.isSafeInteger)).toBe(true);
      const onDuty = all.some(({ onDutyMs }) => onDutyMs > 0);
      const sum = ahead.reduce((total, each) => total + each, 0);
      if (onDuty) expect(Math.abs(sum)).toBeLessThanOrEqual(all.length / 2);
    }),
  );
  const hourAndHalf = [
    { onDutyMs: 3_600_000, deliveries: 3 },
    { onDutyMs: 1_800_000, deliveries: 3 },
  ];
  expect(hourAndHalf.map(aheadOf(hourAndHalf))).toEqual([-1_000, 1_000]);
});

test("who is not known to be on duty is as they were", () => {
  const known = new Map([["a", { onDutyMs: 1, deliveries: 0 }]]);
  expect(withShares([{ id: "a" }, { id: "b" }], known)).toEqual([{ id: "a", aheadPermille: 0 }, { id: "b" }]);
});

test("[DSP60] of two who are as near, the one is asked who has had less; one who is much further is not", () => {
  expect(sent([aCourier("a", { aheadPermille: 1_000 }), aCourier("b", { aheadPermille: -1_000 })])).toEqual(["b"]);
  expect(sent([aCourier("a", { aheadPermille: -1 }), aCourier("b", { aheadPermille: -5_000 })])).toEqual(["a"]);
  const far = aCourier("b", { point: at(4_000) });
  expect(sent([aCourier("a", { aheadPermille: 4_000 }), far])).toEqual(["a"]);
});

test("[DSP60] nobody is behind others by more than the bound, and alone the busiest is asked all the same", () => {
  const most = fairnessOf({ aheadPermille: 4_000 }, settings, 0);
  expect(most).toEqual({ weight: 1_000, ms: MINUTE_MS });
  expect(fairnessOf({ aheadPermille: 900_000 }, settings, 0)).toEqual(most);
  expect(fairnessOf({ aheadPermille: -900_000 }, settings, 0).ms).toBe(0);
  expect(fairnessOf({}, settings, 0).ms).toBe(0);
  expect(sent([aCourier("a", { aheadPermille: 900_000 })])).toEqual(["a"]);
  // While couriers are short everybody has work anyway.
  expect(fairnessOf({ aheadPermille: 4_000 }, settings, 0.25).ms).toBe((3 * MINUTE_MS) / 4);
  expect(fairnessOf({ aheadPermille: 4_000 }, settings, 1).ms).toBe(0);
});

test("[DSP60] without weight, or with everybody level, the plan is as without", () => {
  fc.assert(
    fc.property(round, fc.integer({ min: -9_000, max: 0 }), (any, aheadPermille) => {
      const level = any.couriers.map((each) => ({ ...each, aheadPermille }));
      const plain = planRound(any, unfair).commits;
      expect(planRound({ ...any, couriers: level }, settings).commits).toEqual(plain);
      const ahead = any.couriers.map((each, index) => ({ ...each, aheadPermille: index * 700 }));
      expect(planRound({ ...any, couriers: ahead }, unfair).commits).toEqual(plain);
    }),
  );
});

test("[DSP60] the terms that tell why add up with it, and say it in words", () => {
  fc.assert(
    fc.property(round, (any) => {
      const ahead = any.couriers.map((each, index) => ({ ...each, aheadPermille: index * 700 }));
      const kept = decide({ ...any, couriers: ahead }, settings);
      for (const { id } of any.deliveries)
        for (const each of explain(kept, id)?.couriers ?? [])
          expect(each.terms.reduce((sum, { cost }) => sum + cost, 0)).toBe(each.cost ?? 0);
    }),
    { numRuns: 40 },
  );
  // Enough of them that nobody is short.
  const far = ["c", "e"].map((id) => aCourier(id, { point: at(5_000) }));
  const all = [aCourier("a", { aheadPermille: 2_000 }), aCourier("b", { aheadPermille: -2_000 }), ...far];
  const not = explain(decide(input(all), settings), "d")?.couriers.find(({ courierId }) => courierId === "a");
  expect(not?.terms).toContainEqual({ name: "fairness", weight: 1_000, ms: 30_000, cost: 30_000_000 });
  expect(not?.words).toContain("work is shared more equally, which counts as much as waiting less by");
});
