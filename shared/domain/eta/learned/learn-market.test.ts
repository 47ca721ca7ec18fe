import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { madeUpOrders } from "../../../testing/made-up-orders.ts";
import { makeLocalClock } from "../../restaurant/opening-hours.ts";
import { etaOf, type CourierState, type EtaInput } from "../eta-of.ts";
import { ETA_PRIORS, partsOfPriors, priorBeliefs, type EtaBeliefs, type EtaQuestion } from "../parts.ts";
import { outcomesOf, type FinishedOrder } from "./finished-order.ts";
import { learnMarket } from "./learn-market.ts";
import { learnedBeliefs } from "./learned-beliefs.ts";
import { FEWEST_OUTCOMES, fitPart, trustIn } from "./part-model.ts";

const MINUTE_MS = 60_000;
const clock = makeLocalClock("UTC");
const slow = { slower: 1.8, ways: 1.3, restS: 60 };
const past = madeUpOrders({ orders: 400, ...slow });
const { models, trials } = learnMarket(past, ETA_PRIORS, clock);
const beliefs = learnedBeliefs(1, models, ETA_PRIORS, clock);
const nowMs = Date.UTC(2024, 0, 9, 12);
const asked: EtaQuestion = {
  nowMs,
  restaurantId: "kitchen a",
  prepMinutes: 10,
  items: 2,
  load: 1,
  restaurant: { lat: 50, lng: 8 },
  door: { lat: 50.01, lng: 8.01 },
  createdAtMs: nowMs,
};

/** What becomes of one fresh order of the same market, told when it was paid: seconds off at the middle. */
function offS(believed: EtaBeliefs, orders: readonly FinishedOrder[]) {
  const off = orders.map((order) => {
    const { createdAtMs, carried, deliveredAtMs, restaurantId, prepMinutes, items, load, restaurant } = order;
    const at = createdAtMs ?? 0;
    const door = carried?.door ?? null;
    const parts = believed.partsOf({
      restaurantId,
      prepMinutes,
      items,
      load,
      restaurant,
      door,
      nowMs: at,
      createdAtMs: at,
    });
    const wayToCustomerS = carried?.rideWayS ?? 0;
    const input: EtaInput = { nowMs: at, kitchen: { state: "waiting" }, courier: { state: "unknown" }, wayToCustomerS };
    return Math.abs(deliveredAtMs - etaOf(input, parts).p50AtMs) / 1000;
  });
  return off.reduce((sum, each) => sum + each, 0) / off.length;
}

test("[ETA16] orders of a slow market are said nearer after learning", () => {
  const fresh = madeUpOrders({ orders: 60, seed: 9, ...slow });
  expect(offS(beliefs, fresh)).toBeLessThan(0.6 * offS(priorBeliefs(), fresh));
});

test("[ETA16] a kitchen's word is told as what became of its words, and one that was given again as it stands", () => {
  const saidMs = 10 * MINUTE_MS;
  expect(beliefs.partsOf(asked).word(saidMs).p50Ms / saidMs).toBeGreaterThan(1.4);
  const priors = partsOfPriors({ ...ETA_PRIORS, prep: { p50Ms: saidMs, p90Ms: 1.6 * saidMs } });
  expect(beliefs.partsOf({ ...asked, saidAgain: true }).word(saidMs)).toEqual(priors.word(saidMs));
});

test("[ETA16] a courier who was not found yet is waited for from the payment on", () => {
  const search = beliefs.partsOf(asked).search();
  expect(search.sinceAtMs).toBe(nowMs);
  const input: EtaInput = { nowMs, kitchen: { state: "ready" }, courier: { state: "unknown" }, wayToCustomerS: 300 };
  const later = etaOf({ ...input, nowMs: nowMs + 3 * MINUTE_MS }, beliefs.partsOf(asked));
  expect(later.p50AtMs - etaOf(input, beliefs.partsOf(asked)).p50AtMs).toBeLessThan(2 * MINUTE_MS);
});

describe("[ETA17] what is believed", () => {
  test("[ETA17] a market that does as its priors say keeps them, part by part", () => {
    const right = madeUpOrders({ orders: 400, seed: 2 });
    const same = learnMarket(right, ETA_PRIORS, clock);
    expect(same.models.drop).toBeUndefined();
    expect(same.trials.parts.drop.used).toBe("prior");
    expect(same.trials.parts.drop.heldOut).toBeGreaterThan(20);
    for (const [part, { used, prior, learned }] of Object.entries(trials.parts)) {
      if (used === "prior") continue;
      expect(learned?.pinball50S, part).toBeLessThan(prior?.pinball50S ?? 0);
      expect(learned?.pinball90S, part).toBeLessThan(prior?.pinball90S ?? 0);
    }
    expect(trials.parts.word.used).not.toBe("prior");
    expect(trials.parts.ride.used).not.toBe("prior");
  });

  test("[ETA17] what has only just changed is not believed: the newest orders decide", () => {
    const before = madeUpOrders({ orders: 320, slower: 1.8 });
    const end = before.at(-1)?.deliveredAtMs ?? 0;
    const since = madeUpOrders({ orders: 80, slower: 1 }).map((order) => shifted(order, end + MINUTE_MS));
    expect(learnMarket([...before, ...since], ETA_PRIORS, clock).trials.parts.word.used).toBe("prior");
  });

  test("[ETA17] a courier with another order in hand teaches nothing of ways and doors", () => {
    const [order] = past;
    const carried = order?.carried ?? null;
    if (!order || !carried) throw new Error("an order");
    const of = (each: FinishedOrder) => Object.keys(outcomesOf(each, () => 0, partsOfPriors(ETA_PRIORS)));
    expect(of({ ...order, carried: { ...carried, alone: true } })).toHaveLength(7);
    expect(of({ ...order, carried: { ...carried, alone: false } })).toEqual(["prep", "word", "search"]);
    expect(of({ ...order, carried: null })).toEqual(["prep", "word"]);
    expect(of({ ...order, carried: null, readyAtMs: (order.confirmedAtMs ?? 0) - 1 })).toEqual([]);
  });
});

test("[ETA18] with few outcomes the prior stands, and then gives way little by little", () => {
  expect(learnMarket(madeUpOrders({ orders: 40, ...slow }), ETA_PRIORS, clock).models).toEqual({});
  expect(learnMarket([], ETA_PRIORS, clock).trials.whole).toBeNull();
  expect(trustIn(FEWEST_OUTCOMES)).toBe(0);
  expect(trustIn(FEWEST_OUTCOMES + 1)).toBeLessThan(0.011);
  fc.assert(
    fc.property(fc.nat(20_000), (outcomes) => {
      expect(trustIn(outcomes + 1) - trustIn(outcomes)).toBeLessThan(0.011);
      expect(trustIn(outcomes + 1)).toBeGreaterThanOrEqual(trustIn(outcomes));
    }),
  );
});

test("[ETA19] the same orders give the same models, in whatever order, and whole orders were tried", () => {
  expect(JSON.stringify(learnMarket(past.toReversed(), ETA_PRIORS, clock))).toBe(JSON.stringify({ models, trials }));
  expect(trials.whole?.learned.pinball50S).toBeLessThan(trials.whole?.prior.pinball50S ?? 0);
  expect(trials.whole?.learned.pinball90S).toBeLessThan(trials.whole?.prior.pinball90S ?? 0);
});

describe("[ETA24] the rules of estimates hold with what was learned", () => {
  /** Trees too: what is fitted for rides and kitchen words on many outcomes. */
  const many = madeUpOrders({ orders: 700, seed: 5, ...slow });
  const outcomes = many.map((order) => outcomesOf(order, () => 12, partsOfPriors(ETA_PRIORS)));
  const of = (part: "ride" | "word" | "approach") =>
    fitPart(
      part,
      "trees",
      outcomes.flatMap((each) => (each[part] ? [each[part].outcome] : [])),
    );
  const withTrees = learnedBeliefs(
    2,
    { ...models, ride: of("ride"), word: of("word"), approach: of("approach") },
    ETA_PRIORS,
    clock,
  );
  const both = fc.constantFrom(beliefs, withTrees);
  const wayS = fc.integer({ min: 0, max: 5_400 });
  const question = fc
    .record({
      restaurantId: fc.constantFrom("kitchen a", "kitchen b", "kitchen c"),
      items: fc.option(fc.integer({ min: 1, max: 30 })),
      load: fc.option(fc.integer({ min: 0, max: 40 })),
      nowMs: fc.integer({ min: nowMs, max: nowMs + 7 * 24 * 60 * MINUTE_MS }),
    })
    .map((each): EtaQuestion => ({ ...asked, ...each }));

  test("[ETA24] [ETA1] now <= p50 <= p90", () => {
    const courier = fc.oneof(
      fc.constantFrom<CourierState>({ state: "unknown" }, { state: "at-restaurant" }, { state: "carrying" }),
      fc.record({ state: fc.constant("coming" as const), wayS }),
    );
    fc.assert(
      fc.property(both, question, courier, wayS, (believed, each, state, wayToCustomerS) => {
        const input: EtaInput = { nowMs: each.nowMs, kitchen: { state: "waiting" }, courier: state, wayToCustomerS };
        const { p50AtMs, p90AtMs } = etaOf(input, believed.partsOf(each));
        expect(p50AtMs).toBeGreaterThanOrEqual(each.nowMs);
        expect(p90AtMs).toBeGreaterThanOrEqual(p50AtMs);
      }),
      { numRuns: 50 },
    );
  });

  test("[ETA24] [ETA2] a longer way, and food said for later, never make either end earlier", () => {
    fc.assert(
      fc.property(both, question, wayS, wayS, fc.nat(3_600), (believed, each, way, moreS, saidS) => {
        const parts = believed.partsOf(each);
        const at = (toMerchantS: number, toCustomerS: number, said: number) => {
          const kitchen = { state: "cooking" as const, startedAtMs: each.nowMs, readyAtMs: each.nowMs + said * 1000 };
          const courier = { state: "coming" as const, wayS: toMerchantS };
          return etaOf({ nowMs: each.nowMs, kitchen, courier, wayToCustomerS: toCustomerS }, parts);
        };
        const base = at(way, way, saidS);
        for (const later of [at(way + moreS, way, saidS), at(way, way + moreS, saidS), at(way, way, saidS + moreS)]) {
          expect(later.p50AtMs).toBeGreaterThanOrEqual(base.p50AtMs);
          expect(later.p90AtMs).toBeGreaterThanOrEqual(base.p90AtMs);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("[ETA24] [ETA4] with the food in hand only way and drop count", () => {
    const input: EtaInput = {
      nowMs,
      kitchen: { state: "waiting" },
      courier: { state: "carrying" },
      wayToCustomerS: 300,
    };
    const { parts } = etaOf(input, beliefs.partsOf(asked));
    for (const part of [parts.prepLeft, parts.courierWay, parts.handover]) expect(part).toEqual({ p50Ms: 0, p90Ms: 0 });
    expect(parts.wayToCustomer.p50Ms).toBeGreaterThan(330_000);
  });
});

function shifted(order: FinishedOrder, toMs: number): FinishedOrder {
  const byMs = toMs - Date.UTC(2024, 0, 1);
  const moved = <T extends object>(all: T): T =>
    // Cast: only times change, and stay numbers.
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        key,
        key.endsWith("AtMs") && typeof value === "number" ? value + byMs : value,
      ]),
    ) as T;
  return { ...moved(order), carried: order.carried && moved(order.carried) };
}
