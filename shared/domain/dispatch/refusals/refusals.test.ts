import fc from "fast-check";
import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, round, router } from "#shared/testing/rounds.ts";
import { assert } from "#shared/lib/assert.ts";

import { decide, replay, type DecisionRecord } from "../decision/decision-record.ts";
import { explain } from "../decision/explain.ts";
import { planRound } from "../plan-round.ts";
import { DEFAULT_SETTINGS, type RoundCourier, type RoundInput } from "../round.ts";
import { ANSWER_KINDS, FEWEST_ANSWERS, learnRefusals, type OfferAnswer } from "./learn-refusals.ts";
import { pooledShare } from "./pooled-share.ts";
import { refusalChance, refusalOf, wayClass, withRefusals, type Refusal, type RefusalModel } from "./refusal-model.ts";

const HOUR_MS = 3_600_000;
const utc = (atMs: number) => ({ weekday: 0, minute: Math.floor(atMs / MINUTE_MS) % 1440 });

const answer = (index: number, over: Partial<OfferAnswer> = {}): OfferAnswer => ({
  courierId: "c",
  kind: "accepted",
  offeredAtMs: index * 10 * MINUTE_MS,
  afterMs: 5_000,
  wayMs: 4 * MINUTE_MS,
  ...over,
});
/** So many answers over some weeks of noons, of which every so many-th is a refusal. */
const refusing = (courierId: string, count: number, every: number, over: Partial<OfferAnswer> = {}, hour = 12) =>
  Array.from({ length: count }, (_, index): OfferAnswer => {
    const day = Math.floor((index * 40) / count);
    const kind = index % every === 0 ? "declined" : "accepted";
    return answer(index, { courierId, kind, offeredAtMs: (day * 24 + hour) * HOUR_MS, ...over });
  });
const inTime = (answers: readonly OfferAnswer[]) => answers.toSorted((a, b) => a.offeredAtMs - b.offeredAtMs);
function learned(answers: readonly OfferAnswer[]) {
  const found = learnRefusals(inTime(answers), utc);
  assert(found, "there are enough answers");
  return found;
}

test("[DSP32] who refuses often is told apart, who has answered once is judged by everybody's share", () => {
  const answers = [
    ...refusing("often", 200, 2),
    ...refusing("never", 200, 1_000),
    ...refusing("seldom", 200, 20),
    answer(7, { courierId: "once", kind: "expired" }),
  ];
  const { model, trial } = learned(answers);
  const chance = (courierId: string) => refusalChance(model, courierId, wayClass(4 * MINUTE_MS), 3);
  expect(trial.used).toBe("learned");
  expect(trial.learned).toBeLessThan(trial.shareAlone);
  expect(chance("often")).toBeGreaterThan(0.4);
  expect(chance("never")).toBeLessThan(0.05);
  expect(chance("once")).toBeLessThan(1.8 * chance("nobody knows"));
  expect(refusalOf(model, "nobody knows", 3).answers).toBe(0);
  expect(refusalOf(model, "often", 3).answers).toBe(200);
  // Names that every object has are no couriers.
  expect(refusalOf(model, "toString", 3)).toEqual(refusalOf(model, "nobody knows", 3));
});

test("[DSP32] who is asked for long ways only is not blamed for them, nor who rides at night", () => {
  const far = { wayMs: 20 * MINUTE_MS };
  const night = 2;
  const answers = [
    ...refusing("near", 300, 50),
    ...refusing("far", 300, 2, far),
    ...refusing("everywhere", 300, 2, far),
    ...refusing("everywhere", 300, 50),
    ...refusing("owl", 100, 2, {}, night),
    ...refusing("everywhere", 100, 2, {}, night),
  ];
  const { model } = learned(answers);
  expect(model.byWay[wayClass(far.wayMs)]).toBeGreaterThan(1.5);
  expect(model.byHour[night]).toBeGreaterThan(1.5);
  const ratioOf = (courierId: string) => model.couriers[courierId]?.[1] ?? 0;
  expect(ratioOf("far")).toBeLessThan(1.3);
  expect(ratioOf("owl")).toBeLessThan(2);
});

test("[DSP32] too few answers say nothing; what tells nobody apart is everybody's share", () => {
  expect(learnRefusals(refusing("c", FEWEST_ANSWERS - 1, 3), utc)).toBeUndefined();
  const { model, trial } = learned(refusing("c", 500, 5));
  expect(trial).toMatchObject({ answers: 500, heldOut: 100, used: "share" });
  expect(model).toMatchObject({ share: 0.2, couriers: {} });
  expect(learned(refusing("c", 100, 1_000).slice(1)).model.share).toBe(0);
});

const anyAnswers = fc.array(
  fc.record({
    courierId: fc.constantFrom("a", "b", "c", "d"),
    kind: fc.constantFrom(...ANSWER_KINDS),
    offeredAtMs: fc.integer({ min: 0, max: 100 * HOUR_MS }),
    afterMs: fc.nat(60_000),
    wayMs: fc.nat(30 * MINUTE_MS),
  }),
  { minLength: FEWEST_ANSWERS, maxLength: 200 },
);

test("[DSP32] whatever was answered, a chance is one; of the same ways and hours it is the pooled share", () => {
  fc.assert(
    fc.property(anyAnswers, (answers) => {
      const { model } = learned(answers);
      for (const id of ["a", "b", "nobody"])
        for (const permille of refusalOf(model, id, 7).permilleByWay) {
          expect(Number.isInteger(permille)).toBe(true);
          expect(permille).toBeGreaterThanOrEqual(0);
          expect(permille).toBeLessThanOrEqual(1_000);
        }
      const alike = answers.map((each) => ({ ...each, offeredAtMs: 0, wayMs: 0 }));
      const { model: plain, trial } = learned(alike);
      if (trial.used === "share" || plain.share === 0) return;
      const own = alike.filter(({ courierId }) => courierId === "a");
      const refused = own.filter(({ kind }) => kind !== "accepted").length;
      expect(refusalChance(plain, "a", 0, 0)).toBeCloseTo(pooledShare(refused, own.length, plain.share), 9);
    }),
    { numRuns: 25 },
  );
});

const refusal = (permille: number, answers = 40): Refusal => ({
  answers,
  permilleByWay: [permille, permille, permille, permille, permille],
});
const input = (couriers: readonly RoundCourier[]): RoundInput => ({
  nowMs: NOW_MS,
  deliveries: [aDelivery("d")],
  couriers,
  router,
});
const sent = (couriers: readonly RoundCourier[]) =>
  planRound(input(couriers), DEFAULT_SETTINGS).commits.map(({ courierId }) => courierId);
/** As near as each other, to the minute. */
const first = (over: Partial<RoundCourier> = {}) => aCourier("first", { point: at(500), ...over });
const second = (over: Partial<RoundCourier> = {}) => aCourier("second", { point: at(450), ...over });

test("[DSP33] of two who are as near the one is asked who is likelier to accept; one who is a minute further is not", () => {
  expect(sent([first(), second()])).toEqual(["first"]);
  expect(sent([first({ refusal: refusal(450) }), second({ refusal: refusal(50) })])).toEqual(["second"]);
  const further = aCourier("further", { point: at(700), refusal: refusal(0) });
  expect(sent([further, second({ refusal: refusal(1_000) })])).toEqual(["second"]);
});

test("[DSP33] who has refused everything is behind by no more than the bound, and alone still asked", () => {
  const { weight, delayMs, mostPermille } = DEFAULT_SETTINGS.refusal;
  expect(sent([second({ refusal: refusal(1_000) })])).toEqual(["second"]);
  fc.assert(
    fc.property(round, fc.nat(1_000), (any, permille) => {
      const never = planRound(any, DEFAULT_SETTINGS);
      const always = { ...any, couriers: any.couriers.map((each) => ({ ...each, refusal: refusal(permille) })) };
      const found = planRound(always, DEFAULT_SETTINGS);
      const costOf = (plan: typeof never) => new Map(plan.commits.map((each) => [each.deliveryIds.join(), each]));
      for (const [ids, commit] of costOf(found)) {
        const same = costOf(never).get(ids);
        if (same?.courierId !== commit.courierId || same.kind !== commit.kind) continue;
        const counted = any.deliveries.filter(({ id }) => commit.addedIds.includes(id));
        const most = counted.reduce((sum, { priority }) => sum + 1 + priority, 0) * weight * delayMs * mostPermille;
        const more = commit.numbers.cost - same.numbers.cost;
        expect(more).toBeGreaterThanOrEqual(0);
        expect(more).toBeLessThanOrEqual(most / 1_000);
      }
    }),
    { numRuns: 15 },
  );
});

test("[DSP33] with nothing learned, nobody who refuses or no weight the plan is as it was", () => {
  const none: RefusalModel = { answers: 90, share: 0, byWay: [], byHour: [], couriers: {} };
  const free = { ...DEFAULT_SETTINGS, refusal: { ...DEFAULT_SETTINGS.refusal, weight: 0 } };
  fc.assert(
    fc.property(round, (any) => {
      expect(withRefusals(any.couriers, undefined, 3)).toBe(any.couriers);
      const plain = planRound(any, DEFAULT_SETTINGS);
      const willing = { ...any, couriers: withRefusals(any.couriers, none, 3) };
      expect(planRound(willing, DEFAULT_SETTINGS)).toEqual(plain);
      const unwilling = { ...any, couriers: any.couriers.map((each) => ({ ...each, refusal: refusal(700) })) };
      expect(planRound(unwilling, free)).toEqual({ ...plain, settings: free });
    }),
    { numRuns: 15 },
  );
});

test("[DSP33] while the courier would wait for the food anyway a refusal costs that much less", () => {
  const costWith = (readyInMs: number, permille: number) => {
    const delivery = aDelivery("d", { readyAtMs: NOW_MS + readyInMs });
    const couriers = [second({ refusal: refusal(permille) })];
    const [commit] = planRound(
      { ...input(couriers), deliveries: [delivery] },
      { ...DEFAULT_SETTINGS, roundMs: HOUR_MS },
    ).commits;
    return commit?.numbers.cost ?? 0;
  };
  const risk = (readyInMs: number) => costWith(readyInMs, 400) - costWith(readyInMs, 0);
  expect(risk(0)).toBe(0.4 * DEFAULT_SETTINGS.refusal.delayMs * DEFAULT_SETTINGS.refusal.weight);
  const arriveInMs = 2 * MINUTE_MS + 2 * MINUTE_MS;
  expect(risk(arriveInMs + 30_000)).toBe(0.4 * 60_000 * DEFAULT_SETTINGS.refusal.weight);
  expect(risk(arriveInMs + 90_000)).toBe(0);
});

test("[DSP34] what was learned is kept with the round, which decides the same again, bit for bit", () => {
  fc.assert(
    fc.property(round, fc.array(fc.nat(1_000), { minLength: 6, maxLength: 6 }), (any, permille) => {
      const couriers = any.couriers.map((each, index) => ({ ...each, refusal: refusal(permille[index] ?? 0) }));
      const record = decide({ ...any, couriers }, DEFAULT_SETTINGS);
      const kept: DecisionRecord = JSON.parse(JSON.stringify(record));
      expect(replay(kept)).toEqual({ outcome: "equal" });
      for (const { id } of any.deliveries)
        for (const each of explain(kept, id)?.couriers ?? [])
          expect(each.terms.reduce((sum, { cost }) => sum + cost, 0)).toBe(each.cost ?? 0);
    }),
    { numRuns: 15 },
  );
});

test("[DSP35] why this courier, and why not the other: how likely they are to accept, and from how many answers", () => {
  const couriers = [first({ refusal: refusal(450, 38) }), second({ refusal: refusal(50, 1) })];
  const told = explain(decide(input(couriers), DEFAULT_SETTINGS), "d");
  const [chosen, not] = told?.couriers ?? [];
  expect(chosen?.words).toContain(
    "Accepts such an offer in about 95 of 100 cases, by 1 own answer and how couriers here answer.",
  );
  expect(not?.words).toBe(
    "Could have the food in 4 min (2 min away); with the courier who was chosen a refusal is less likely, and would cost less waiting on the average, by 1 min. Accepts such an offer in about 55 of 100 cases, by 38 own answers and how couriers here answer.",
  );
  expect(not?.terms).toContainEqual({ name: "refusal", weight: 1_000, ms: 40_500, cost: 40_500_000 });
  const unknown = explain(decide(input([first({ refusal: refusal(100, 0) })]), DEFAULT_SETTINGS), "d");
  expect(unknown?.words).toContain("in about 90 of 100 cases, by how couriers here answer.");
});
