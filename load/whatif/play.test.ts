import { existsSync } from "node:fs";
import path from "node:path";

import fc from "fast-check";
import { expect, test } from "vitest";

import type { RoundInput } from "#shared/domain/dispatch/round.ts";

import { playOffline } from "../replay/offline.ts";
import { loadPack } from "../replay/pack.ts";
import { partOfDay, peakHourMin } from "../replay/part-of-day.ts";
import { answersBy } from "./answers.ts";
import { figuresOf } from "./compare.ts";
import { aDay, anOrder, anyDay, aShift, at, byTheMinute, planOf, policy, storedDayOf } from "./harness.ts";
import { playStoredDay } from "./play.ts";
import type { Policy } from "./policies.ts";

test("[WIF2] one order takes preparation, doors and ways, exactly", async () => {
  const day = aDay({ orders: [anOrder("d", 0)], shifts: [aShift("s")] });
  const [live] = await playStoredDay(day, planOf(policy("live")));
  // Ready after 13 minutes, a minute until it is in hand and one to leave, ten of way, two at the door.
  expect(live).toMatchObject({ pickedUpAtMs: at(14), deliveredAtMs: at(14 + 1 + 10 + 2), offers: 1 });
  expect(live?.wayM).toBeCloseTo(640 + 3_200, 3);
  const slow = { ...day, wayFactors: { toRestaurant: 1, toCustomer: 1.5 } };
  const [slower] = await playStoredDay(slow, planOf(policy("live")));
  expect(slower).toMatchObject({ pickedUpAtMs: at(14), deliveredAtMs: at(14 + 1 + 15 + 2) });
});

test("[WIF2] whatever the day and the policy, nobody is in two places and food is taken when it is ready", async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, fc.constantFrom("live", "nearest"), async (day, name) => {
      const plan = planOf(policy(name), { answerOf: answersBy(3, day.answers), settings: byTheMinute });
      const outcomes = await playStoredDay(day, plan);
      expect(outcomes.length).toBe(day.orders.length);
      for (const [index, { pickedUpAtMs, deliveredAtMs, offers, wayM }] of outcomes.entries()) {
        const order = day.orders[index];
        if (!order) throw new Error("as many outcomes as orders");
        expect((pickedUpAtMs === null) === (deliveredAtMs === null)).toBe(true);
        if (pickedUpAtMs === null || deliveredAtMs === null) continue;
        expect(offers).toBeGreaterThan(0);
        expect(wayM).toBeGreaterThanOrEqual(0);
        expect(pickedUpAtMs).toBeGreaterThanOrEqual(order.readyAtMs + order.noticeMs);
        expect(pickedUpAtMs).toBeGreaterThanOrEqual(order.confirmedAtMs + order.counterMs);
        expect(deliveredAtMs).toBeGreaterThanOrEqual(pickedUpAtMs + order.leaveMs + order.doorMs);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test("[WIF1] a round sees an order from its confirmation on and a ready time when the food stands there", async () => {
  const seen: RoundInput[] = [];
  const looking: Policy = (input, settings) => {
    seen.push(input);
    return policy("live")(input, settings);
  };
  const order = anOrder("d", 0, {
    words: [
      { atMs: at(1), readyAtMs: at(9) },
      { atMs: at(6), readyAtMs: at(12) },
    ],
    readyAtMs: at(15),
  });
  const shift = aShift("s", { fromMs: at(30), plannedEndMs: at(200), toMs: at(90) });
  await playStoredDay(aDay({ orders: [order], shifts: [shift] }), planOf(looking));
  const readyAt = (minute: number) => seen.find(({ nowMs }) => nowMs === at(minute))?.deliveries[0]?.readyAtMs;
  expect(seen[0]?.nowMs).toBe(at(1));
  expect([readyAt(1), readyAt(5), readyAt(6), readyAt(13), readyAt(15)]).toEqual([
    at(9),
    at(9),
    at(12),
    at(13),
    at(15),
  ]);
  expect(seen.filter(({ couriers }) => couriers.length > 0).map(({ nowMs }) => nowMs)[0]).toBe(at(30));
  expect(seen.at(-1)?.couriers[0]?.shiftEndsAtMs).toBe(at(200));
});

test("[WIF2] who went home takes nothing more, and what nobody fetched is undelivered", async () => {
  const gone = aDay({ orders: [anOrder("d", 0)], shifts: [aShift("s", { toMs: at(0) })] });
  expect((await playStoredDay(gone, planOf(policy("nearest"))))[0]).toMatchObject({ deliveredAtMs: null, offers: 0 });
});

const REAL_PACK = path.resolve("../shared/data/mdrp");

test.skipIf(!existsSync(REAL_PACK))(
  "[WIF2] a real hour comes out as by the player of the judge's rules, which shares none of this",
  async () => {
    const day = loadPack(REAL_PACK).get("0o50t75s1p100");
    if (!day) throw new Error("the pack has the instance");
    const fromMin = peakHourMin(day);
    const instance = partOfDay(day, fromMin, fromMin + 60);
    const plan = planOf(policy("live"), { router: instance.travel.router, settings: byTheMinute });
    const played = figuresOf(await playStoredDay(storedDayOf(instance), plan));
    const judged = playOffline(instance);
    expect(played.undeliveredPct).toBe(judged.undeliveredPct);
    expect(Math.abs(played.ctdMeanMin / judged.ctdMeanMin - 1)).toBeLessThan(0.02);
  },
  60_000,
);
