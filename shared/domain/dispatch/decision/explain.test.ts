import fc from "fast-check";
import { expect, test } from "vitest";

import { costTerm, tripNumbers, type Verdict } from "#shared/contracts/dispatch.ts";
import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, round, router } from "#shared/testing/rounds.ts";
import { assert } from "#shared/lib/assert.ts";

import {
  DEFAULT_SETTINGS,
  type OpenDelivery,
  type RoundCourier,
  type RoundSettings,
  type TripNumbers,
} from "../round.ts";
import { decide, type DecisionRecord } from "./decision-record.ts";
import { explain, explainOwn } from "./explain.ts";
import { offerWords } from "./words.ts";

function decided(
  deliveries: readonly OpenDelivery[],
  couriers: readonly RoundCourier[],
  settings: RoundSettings = DEFAULT_SETTINGS,
): DecisionRecord {
  return decide({ nowMs: NOW_MS, deliveries, couriers, router }, settings);
}

function explained(record: DecisionRecord, deliveryId = "d") {
  const found = explain(record, deliveryId);
  assert(found, "the round knew the delivery");
  return found;
}

test("[DSP24] of every delivery of a round every courier is told: who goes first, numbers of who was weighed, words for all", () => {
  fc.assert(
    fc.property(round, (input) => {
      const record = decide(input, DEFAULT_SETTINGS);
      for (const { id } of input.deliveries) {
        const { couriers, outcome, courierId, weighed, words, complete } = explained(record, id);
        expect(complete).toBe(true);
        expect(couriers.map((each) => each.courierId).toSorted()).toEqual(
          input.couriers.map((each) => each.id).toSorted(),
        );
        const commit = record.plan.commits.find(({ addedIds }) => addedIds.includes(id));
        expect([outcome, courierId]).toEqual(
          commit
            ? ["offered", commit.courierId]
            : ["held", record.plan.holds.find((hold) => hold.deliveryId === id)?.courierId ?? null],
        );
        expect(couriers.filter(({ cost }) => cost !== null)).toHaveLength(weighed);
        const going = couriers.filter(({ verdict }) => verdict === "chosen" || verdict === "counted-on");
        expect(going.map((each) => each.courierId)).toEqual(courierId === null ? [] : [courierId]);
        expect(couriers.slice(0, going.length)).toEqual(going);
        for (const each of couriers) {
          expect(each.words).toMatch(/^[A-Z].*[.]$/u);
          expect(each.terms.reduce((sum, { cost }) => sum + cost, 0)).toBe(each.cost ?? 0);
        }
        expect(words).not.toBe("");
      }
    }),
    { numRuns: 15 },
  );
});

test("[DSP24] the numbers are those that the plan wrote down", () => {
  const record = decided([aDelivery("d")], [aCourier("near"), aCourier("far", { point: at(6_000) })]);
  const [commit] = record.plan.commits;
  const { couriers } = explained(record);
  for (const { courierId, cost, ...numbers } of commit?.weighed ?? []) {
    const found = couriers.find((each) => each.courierId === courierId);
    expect(found?.cost).toBe(cost);
    expect(found?.numbers).toEqual(numbers);
  }
  expect(couriers.map((each) => [each.courierId, each.wayMs])).toEqual([
    ["near", 2 * MINUTE_MS],
    ["far", 20 * MINUTE_MS],
  ]);
  expect(couriers[0]?.words).toBe(
    "Free now, 2 min from the restaurant, with the food in hand in 4 min. Of 2 who could come, food and people wait least with this one.",
  );
  expect(couriers[1]?.words).toBe(
    "Could have the food in 22 min (20 min away); with the courier who was chosen food waits less, by 18 min.",
  );
});

const other: Partial<RoundCourier> = { point: at(900) };
const WHY_NOT: readonly (readonly [
  Verdict,
  Partial<RoundCourier>,
  Partial<OpenDelivery>,
  Partial<RoundSettings>,
  string,
])[] = [
  ["dearer", {}, {}, {}, "Could have the food in"],
  ["declined", {}, { excludedCourierIds: ["other"] }, {}, "Declined it before"],
  ["has-offer", { activeOfferCount: 1 }, {}, {}, "Had another offer"],
  ["busy", { freeAtMs: NOW_MS + 52 * MINUTE_MS }, {}, {}, "Busy for another 52 min"],
  ["no-room", { capacity: 0 }, {}, {}, "Has no room"],
  [
    "shift-over",
    { shiftEndsAtMs: NOW_MS + 3 * MINUTE_MS },
    {},
    {},
    "The shift ends in 3 min; the food could be in hand in 5 min",
  ],
  ["worse-than-waiting", { point: at(6_000) }, {}, { deferMs: 10 * MINUTE_MS }, "Could have the food in 22 min only"],
  [
    "too-far",
    {},
    {},
    { candidates: { ...DEFAULT_SETTINGS.candidates, enough: 1, res: 11 } },
    "Too far: 1 or more others",
  ],
];

test.for(WHY_NOT)("[DSP24] why not me: %s", ([verdict, courier, delivery, settings, words]) => {
  const record = decided(
    [aDelivery("d", delivery)],
    [aCourier("chosen", { point: at(300) }), aCourier("other", { ...other, ...courier })],
    { ...DEFAULT_SETTINGS, ...settings },
  );
  const [chosen, not] = explained(record).couriers;
  expect(chosen).toMatchObject({ courierId: "chosen", verdict: "chosen" });
  expect(not).toMatchObject({ courierId: "other", verdict });
  expect(not?.words).toContain(words);
});

test("[DSP24] a courier who is nearer but needed for another order is told so", () => {
  // One order can have only the middle courier in time; so the far one goes for the other.
  const record = decided(
    [aDelivery("d1"), aDelivery("d2", { restaurantId: "r2", pickup: at(9_000), drop: at(12_000) })],
    [aCourier("middle", { point: at(4_000) }), aCourier("west", { point: at(-6_000) })],
  );
  const { couriers } = explained(record, "d1");
  expect(couriers.map(({ courierId, verdict }) => [courierId, verdict])).toEqual([
    ["west", "chosen"],
    ["middle", "needed-elsewhere"],
  ]);
  expect(couriers[0]?.words).toContain("1 would be better for this order alone");
});

test("[DSP24] a delivery that waits says why, and on whom the plan counts", () => {
  const early = decided([aDelivery("d", { readyAtMs: NOW_MS + 30 * MINUTE_MS })], [aCourier("c")]);
  expect(explained(early)).toMatchObject({
    outcome: "held",
    courierId: "c",
    words: expect.stringContaining("There is time"),
  });
  const far = decided([aDelivery("d", { readyAtMs: NOW_MS + 90 * MINUTE_MS })], [aCourier("c")]);
  expect(explained(far).couriers).toMatchObject([{ verdict: "not-asked" }]);
  expect(explained(decided([aDelivery("d")], []))).toMatchObject({
    outcome: "held",
    words: expect.stringContaining("No courier was on duty"),
  });
  expect(explain(far, "unknown")).toBeUndefined();
});

test("[DSP45] where nobody could be asked it is counted what kept everybody away", () => {
  const wordsOf = (excludedCourierIds: string[], couriers: RoundCourier[]) =>
    explained(decided([aDelivery("d", { excludedCourierIds })], couriers)).words;
  expect(wordsOf(["a", "b"], [aCourier("a"), aCourier("b")])).toContain("Everybody on duty said no before");
  const full = aCourier("full", { capacity: 0 });
  expect(wordsOf(["a"], [aCourier("a"), full, aCourier("asked", { activeOfferCount: 1 })])).toBe(
    "Nobody could be asked. Of 3 on duty: 1 said no before or had it already, 1 with another offer to answer, 1 without room. It is looked for again in the next round.",
  );
});

test("[DSP24] of a round of another version only what it wrote down is told, and that this is so", () => {
  const record = decided(
    [aDelivery("d")],
    [aCourier("near"), aCourier("far", { point: at(6_000) }), aCourier("no", { capacity: 0 })],
  );
  const old = { ...record, plan: { ...record.plan, version: "0" } };
  const { complete, couriers } = explained(old);
  expect(complete).toBe(false);
  expect(couriers.map(({ courierId, verdict, terms }) => [courierId, verdict, terms.length > 0])).toEqual([
    ["near", "chosen", true],
    ["far", "dearer", true],
  ]);
});

/** A kept round as it was written before anything was late in it. */
function ofVersion7(record: DecisionRecord): DecisionRecord {
  const { plan } = record;
  const without = (told: TripNumbers) => {
    const { lateMs: _lateMs, ...numbers } = told;
    return numbers;
  };
  const { late: _late, ...settings } = plan.settings;
  const { late: _weight, ...weights } = settings.weights;
  const commits = plan.commits.map((each) => ({
    ...each,
    numbers: without(each.numbers),
    weighed: each.weighed.map((one) => ({ courierId: one.courierId, ...without(one) })),
  }));
  const holds = plan.holds.map((each) => (each.numbers ? { ...each, numbers: without(each.numbers) } : each));
  // Cast: what an older release wrote, as it comes from where it is kept.
  return { ...record, plan: { ...plan, version: "7", settings: { ...settings, weights }, commits, holds } } as never;
}

test("[DSP66] a round that was kept before a part of the cost was there is told all the same, the part as nothing", () => {
  const couriers = [aCourier("near"), aCourier("far", { point: at(6_000) })];
  const offered = explained(ofVersion7(decided([aDelivery("d")], couriers)));
  const waiting = explained(ofVersion7(decided([aDelivery("d", { readyAtMs: NOW_MS + 30 * MINUTE_MS })], couriers)));
  for (const told of [offered, waiting]) {
    expect(told.couriers).not.toEqual([]);
    for (const { cost, terms, numbers } of told.couriers) {
      expect(costTerm.array().parse(terms)).toEqual(terms);
      expect(tripNumbers.parse(numbers)).toEqual(numbers);
      expect(terms.reduce((sum, each) => sum + each.cost, 0)).toBe(cost);
      expect(numbers?.lateMs).toBe(0);
    }
  }
  expect(offered.couriers.map(({ courierId }) => courierId)).toEqual(["near", "far"]);
  expect(offered.couriers[1]?.words).toContain("food waits less, by 18 min");
});

test("[DSP25] a courier is told own numbers and no other courier's id", () => {
  const record = decided([aDelivery("d")], [aCourier("near"), aCourier("far", { point: at(6_000) })]);
  const told = explainOwn(record, "d", "near");
  expect(told).toMatchObject({ weighed: 2, own: { courierId: "near", verdict: "chosen" } });
  expect(JSON.stringify(told)).not.toContain("far");
  expect(explainOwn(record, "d", "nobody")).toBeUndefined();
});

test.for(WHY_NOT)("[DSP69] a courier is spoken to: %s", ([verdict, courier, delivery, settings]) => {
  const couriers = [aCourier("chosen", { point: at(300) }), aCourier("other", { ...other, ...courier })];
  const record = decided([aDelivery("d", delivery)], couriers, { ...DEFAULT_SETTINGS, ...settings });
  const own = explainOwn(record, "d", "other")?.own;
  expect(own).toMatchObject({ verdict, words: expect.stringMatching(/^Your? /u) });
  expect(explainOwn(record, "d", "chosen")?.words).toMatch(
    /^You are free now, .*(with you|Nobody else could come)\.$/u,
  );
});

test("[DSP69] on whom the plan counts is told that the offer is to come", () => {
  const early = decided([aDelivery("d", { readyAtMs: NOW_MS + 30 * MINUTE_MS })], [aCourier("c")]);
  expect(explainOwn(early, "d", "c")?.words).toContain("The plan counts on you; you need not leave yet");
});

test("[DSP25] [DSP66] an offer says in a sentence why it was made, and nothing where that was not kept", () => {
  const [commit] = decided([aDelivery("d")], [aCourier("near")]).plan.commits;
  assert(commit, "somebody is sent");
  const { kind, numbers } = commit;
  expect(offerWords({ kind, numbers }, NOW_MS)).toContain("You can have the food in hand in 4 min");
  expect(offerWords({ kind: "addition", numbers }, NOW_MS)).toContain("on your way there already");
  expect(offerWords({}, NOW_MS)).toBe("");
  const { lateMs: _, ...older } = numbers;
  expect(offerWords({ kind, numbers: older }, NOW_MS)).toContain("You can have the food in hand in 4 min");
});
