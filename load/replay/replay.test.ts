import { expect, test } from "vitest";

import { makeRecorder, type LoggedWatch } from "../actors/recorder.ts";
import { check, type Verdict } from "../check/checker.ts";
import { commitToClientMs, evidenceOf } from "./day-evidence.ts";
import { figuresOf, isClean, placedLateMin } from "./figures.ts";
import { inTurns } from "#shared/lib/in-turns.ts";
import { moneyMismatches, type HeldIntent, type MoneyOrder } from "./money-mismatches.ts";
import { packProjection, PLANE_ORIGIN, planeTravel, type ReplayInstance } from "./instance.ts";
import { kitchenPlan, ridingOf } from "./play-day.ts";
import type { CommittedEvent, DayOrder } from "./read-day.ts";
import { replayTime } from "./replay-time.ts";
import { lookedUntilWhole } from "./trial.ts";

const MINUTE_MS = 60_000;
const DAY: ReplayInstance = {
  name: "one order",
  travel: planeTravel(320),
  pickupServiceMin: 4,
  dropoffServiceMin: 4,
  targetMin: 40,
  maxMin: 90,
  restaurants: [{ id: "r", ...PLANE_ORIGIN }],
  couriers: [{ id: "c", ...PLANE_ORIGIN, onMin: 30, offMin: 100 }],
  orders: [
    { id: "o", restaurantId: "r", ...packProjection().toPoint({ xM: 0, yM: 320 }), placedMin: 40, readyMin: 55 },
  ],
};

test("[RPL1] every minute of the instance has its deployment time and its wall time, after all that was set up", () => {
  const startWallMs = Date.UTC(2031, 4, 6, 11, 30);
  const time = replayTime(DAY, 60, startWallMs);
  expect(time.firstMin).toBe(28);
  expect(time.lastMin).toBe(190);
  expect(new Date(time.atMinute(0)).toISOString()).toBe("2031-05-08T00:00:00.000Z");
  expect(time.clock.CLOCK_ORIGIN_MS).toBe(time.atMinute(28));
  expect(time.wallOf(time.atMinute(28))).toBe(startWallMs);
  expect(time.wallOf(time.atMinute(40))).toBe(startWallMs + 12_000);
  expect(time.minuteOf(time.atMinute(40) + 30_000)).toBe(40.5);
});

test("[RPL2] work in turns keeps its order, never exceeds its hands, and ends with the first failure", async () => {
  let under = 0;
  let most = 0;
  const squares = await inTurns([3, 1, 2], 2, async (value) => {
    most = Math.max(most, ++under);
    await Promise.resolve();
    under -= 1;
    return value * value;
  });
  expect(squares).toEqual([9, 1, 4]);
  expect(most).toBe(2);
  const begun: number[] = [];
  const failing = inTurns([0, 1, 2, 3], 1, async (value) => {
    begun.push(value);
    if (value === 1) throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(begun).toEqual([0, 1]);
});

test("[RPL4] a kitchen says the whole minutes that are left, and is ready at its minute", () => {
  expect(kitchenPlan(20 * MINUTE_MS, 5 * MINUTE_MS + 9_000)).toMatchObject({
    prepMinutes: 15,
    readyAtMs: 20 * MINUTE_MS,
  });
  expect(kitchenPlan(5 * MINUTE_MS, 9 * MINUTE_MS).prepMinutes).toBe(0);
});

test("[RPL5] a courier rides straight lines in whole minutes and halves each service", () => {
  const { travelMs, handover } = ridingOf({ ...DAY, dropoffServiceMin: 6 });
  const at = (xM: number, yM: number) => packProjection().toPoint({ xM, yM });
  expect(travelMs(at(0, 0), at(0, 320))).toBe(MINUTE_MS);
  expect(travelMs(at(0, 0), at(300, 400))).toBe(2 * MINUTE_MS);
  expect(handover).toEqual({
    beforePickupMs: 2 * MINUTE_MS,
    afterPickupMs: 2 * MINUTE_MS,
    beforeDropMs: 3 * MINUTE_MS,
    afterDropMs: 3 * MINUTE_MS,
  });
});

const order = (change: Partial<MoneyOrder> = {}): MoneyOrder => ({
  id: "o1",
  status: "CONCLUDED",
  totalMinor: 900,
  payment: { intentId: "pi_1", capturedMinor: 900, refundedMinor: 0, refundTargetMinor: 0 },
  ledger: { providerMinor: 900, sumMinor: 0, conclusions: 1 },
  ...change,
});
const intent = (change: Partial<HeldIntent> = {}): HeldIntent => ({
  id: "pi_1",
  status: "succeeded",
  orderId: "o1",
  receivedMinor: 900,
  refundedMinor: 0,
  ...change,
});
const RELEASED = order({
  status: "REJECTED",
  payment: { intentId: "pi_1", capturedMinor: 0, refundedMinor: 0, refundTargetMinor: 900 },
  ledger: { providerMinor: 0, sumMinor: 0, conclusions: 0 },
});

test("[RPL7] money that agrees everywhere is no mismatch, whatever became of the order", () => {
  expect(moneyMismatches([order()], [intent()])).toEqual([]);
  expect(moneyMismatches([RELEASED], [intent({ status: "canceled", receivedMinor: 0 })])).toEqual([]);
  const refunded = order({
    status: "CANCELLED",
    payment: { intentId: "pi_1", capturedMinor: 900, refundedMinor: 400, refundTargetMinor: 400 },
    ledger: { providerMinor: 500, sumMinor: 0, conclusions: 0 },
  });
  expect(moneyMismatches([refunded], [intent({ refundedMinor: 400 })])).toEqual([]);
});

test.each<[string, MoneyOrder[], HeldIntent[]]>([
  ["earned and not captured", [order()], [intent({ status: "requires_capture", receivedMinor: 0 })]],
  ["kept without an order", [RELEASED], [intent()]],
  ["captured twice", [order()], [intent({ receivedMinor: 1_800 })]],
  ["still reserved", [RELEASED], [intent({ status: "requires_capture", receivedMinor: 0 })]],
  ["of no order at all", [order()], [intent(), intent({ id: "pi_2" })]],
  ["for another order", [order()], [intent({ orderId: "o2" })]],
  ["not known to the provider", [order()], []],
  ["not in the books", [order({ ledger: { providerMinor: 0, sumMinor: 0, conclusions: 1 } })], [intent()]],
  ["out of balance", [order({ ledger: { providerMinor: 900, sumMinor: 1, conclusions: 1 } })], [intent()]],
  ["concluded twice", [order({ ledger: { providerMinor: 900, sumMinor: 0, conclusions: 2 } })], [intent()]],
])("[RPL7] money that is %s is told", (_, orders, intents) => {
  expect(moneyMismatches(orders, intents)).not.toEqual([]);
});

const event = (seq: number, status: string, change: Partial<CommittedEvent> = {}): CommittedEvent => ({
  marketId: "replay",
  id: `e${seq}`,
  type: "delivery",
  actorRole: "courier",
  actorId: null,
  payload: { order: { delivery: { status } } },
  atMs: seq * 1_000,
  orderId: "o1",
  orderSeq: seq,
  restaurantId: null,
  restaurantSeq: null,
  courierId: null,
  courierSeq: null,
  committedWallMs: seq * 1_000 + 40,
  ...change,
});
const dayOrder: DayOrder = {
  ...order(),
  kind: "delivery",
  customerId: "p1",
  endReason: null,
  placedAtMs: 40.5 * MINUTE_MS,
  pickedUpAtMs: 57 * MINUTE_MS,
  deliveredAtMs: 62 * MINUTE_MS,
};

function watched(personId: string, ids: readonly string[]): LoggedWatch {
  return {
    viewer: { as: "customer", personId },
    stream: { marketId: "replay", kind: "order", id: "o1" },
    epoch: "e",
    snapshotSeq: 0,
    events: ids.map((id, index) => ({
      id,
      seq: index + 1,
      type: "delivery",
      atMs: 0,
      orderId: "o1",
      payload: {},
      heardAtMs: (index + 1) * 1_000 + 50,
    })),
  };
}

test("[RPL6] what a stranger is given is leaked, and a position counts from the pick-up to the commit of the end", () => {
  const events = [event(1, "ACCEPTED"), event(2, "ORDER_PICKED"), event(3, "DELIVERY_FINISHED")];
  const verdictOf = (log: readonly LoggedWatch[], takenAtMs: readonly number[]): Verdict => {
    const recorder = makeRecorder();
    for (const watch of log) recorder.watched(watch);
    const viewer = { as: "customer", personId: "p1" } as const;
    for (const atMs of takenAtMs) {
      const place = { lat: 0, lng: 0, speedMps: null, headingDeg: null };
      recorder.positioned({ ...place, viewer, orderId: "o1", takenAtMs: atMs, heardAtMs: atMs });
    }
    const orders = [dayOrder];
    return check(evidenceOf({ events, orders, recorder, strangers: ["p9"], rawGaps: 0, atOf: (wallMs) => wallMs }));
  };
  const own = watched("p1", ["e1", "e2", "e3"]);
  expect(verdictOf([own], [2_000, 3_040])).toMatchObject({ lost: 0, leaked: 0, owed: 3 });
  expect(verdictOf([own], [1_999, 3_041])).toMatchObject({ leaked: 2 });
  expect(verdictOf([own, watched("p9", ["e1"])], [])).toMatchObject({ leaked: 1, lost: 0 });
});

test("[RPL9] from the commit to the client is a difference of wall times; what was never stamped is left out", () => {
  const events = [event(1, "ACCEPTED"), event(2, "ORDER_PICKED", { committedWallMs: 0 })];
  expect(commitToClientMs(events, [watched("p1", ["e1", "e2"])], (atMs) => atMs)).toEqual([10]);
});

test("[RPL8] an order that was not handed over is undelivered, and one fault of any kind is not clean", () => {
  const verdict = { lost: 0, doubled: 0, disordered: 0, leaked: 0, invented: 0, rawGaps: 2, owed: 9, faults: [] };
  const input = {
    instanceOrders: 2,
    offers: 3,
    events: 20,
    verdict,
    strangersAnswered: 0,
    moneyMismatches: 0,
    packOrders: new Map([["o1", { id: "o", restaurantId: "r", ...PLANE_ORIGIN, placedMin: 40, readyMin: 55 }]]),
    orders: [dayOrder, { ...dayOrder, id: "o2", deliveredAtMs: null }],
    minuteOf: (atMs: number) => atMs / MINUTE_MS,
    policyOnly: { placed: 2, delivered: 2, undeliveredPct: 0, ctdMeanMin: 20, ctdP90Min: 20, rtpMeanMin: 0, offers: 2 },
    restMs: [3, 5],
    commitToClientMs: [2],
  };
  const figures = figuresOf(input);
  expect(figures).toMatchObject({
    placed: 2,
    delivered: 1,
    undeliveredPct: 50,
    ctdMeanMin: 22,
    rtpMeanMin: 2,
    ctdRatio: 1.1,
    rawGaps: 2,
    offersPerOrder: 1.5,
    restP50Ms: 4,
  });
  expect(isClean(figures)).toBe(true);
  expect(placedLateMin(input.orders, input.packOrders, input.minuteOf)).toBe(0.5);
  for (const fault of ["lost", "doubled", "disordered", "leaked", "moneyMismatches"] as const) {
    expect(isClean({ ...figures, [fault]: 1 })).toBe(false);
  }
  expect(figuresOf({ ...input, strangersAnswered: 1 }).leaked).toBe(1);
});

test.each([
  [
    "committed after the store was read",
    [
      { lost: 0, invented: 1 },
      { lost: 0, invented: 0 },
    ],
    2,
  ],
  [
    "still on its way",
    [
      { lost: 2, invented: 0 },
      { lost: 1, invented: 0 },
      { lost: 0, invented: 0 },
    ],
    3,
  ],
  ["lost for good", Array.from({ length: 9 }, () => ({ lost: 1, invented: 0 })), 4],
  ["invented indeed", Array.from({ length: 9 }, () => ({ lost: 0, invented: 1 })), 4],
])("[CHK12] what is %s is looked at until that is clear", async (_, verdicts, looks) => {
  let looked = 0;
  const found = await lookedUntilWhole(
    async () => ({ verdict: verdicts[looked++] ?? { lost: 0, invented: 0 } }),
    async () => looked < 4,
  );
  expect(looked).toBe(looks);
  expect(found.verdict).toEqual(verdicts[looks - 1]);
});
