import { expect, test } from "vitest";

import type { EarlierWork, LoadedOrder } from "../order/records.ts";
import { haversineRouter } from "../router/haversine-router.ts";
import { learnedBeliefs } from "./learned/learned-beliefs.ts";
import { makeOrderEta, type KitchenOrder, type QuoteQuestion } from "./order-eta.ts";
import { ETA_PRIORS, priorBeliefs, type EtaBeliefs } from "./parts.ts";

const NOW_MS = 1_700_000_000_000;
const center = { lat: 50, lng: 8 };
const router = haversineRouter({ speedMps: 5, detour: 1.3 });
const basket: QuoteQuestion = {
  nowMs: NOW_MS,
  kind: "delivery",
  restaurantId: "kitchen",
  prepMinutes: 10,
  items: 2,
  load: 0,
  from: center,
  to: { lat: 50.01, lng: 8.01 },
};

test("[ETA22] a quote is kept while nothing has changed that it depends on, and no longer", () => {
  let asked = 0;
  let version = 1;
  const counted = (): EtaBeliefs => ({
    ...priorBeliefs(),
    version,
    keyOf: ({ restaurantId, load }) => `${restaurantId}/${load}`,
    partsOf: (question) => {
      asked += 1;
      return priorBeliefs().partsOf({ ...question, prepMinutes: 10 * version + (question.load ?? 0) });
    },
  });
  const eta = makeOrderEta(() => router, center, counted);
  const quoted = eta.quote(basket);
  expect(eta.quote({ ...basket, nowMs: NOW_MS + 1 })).toEqual({
    p50AtMs: quoted.p50AtMs + 1,
    p90AtMs: quoted.p90AtMs + 1,
  });
  expect(asked).toBe(1);
  expect(eta.quote({ ...basket, load: 9 }).p50AtMs).toBeGreaterThan(quoted.p50AtMs);
  expect(eta.quote({ ...basket, restaurantId: "other" })).toEqual(quoted);
  expect(asked).toBe(3);
  version = 2;
  expect(eta.quote(basket).p50AtMs).toBeGreaterThan(quoted.p50AtMs);
  expect(asked).toBe(4);
});

test("[ETA16] what is fetched is there when the kitchen is believed to be done", () => {
  const eta = makeOrderEta(() => router, center);
  expect(eta.quote({ ...basket, kind: "takeaway", to: null })).toEqual({
    p50AtMs: NOW_MS + 600_000,
    p90AtMs: NOW_MS + 960_000,
  });
});

const MINUTE_MS = 60_000;
const cooking = (over: Partial<KitchenOrder["order"]>): KitchenOrder => ({
  order: {
    restaurantId: "kitchen",
    items: 2,
    kitchenLoad: 0,
    dropLat: 50.01,
    dropLng: 8.01,
    createdAtMs: NOW_MS - 5 * MINUTE_MS,
    confirmedAtMs: NOW_MS - 4 * MINUTE_MS,
    delayedAtMs: null,
    readyAtMs: null,
    readyEstimateAtMs: null,
    ...over,
  },
  restaurant: center,
  prepMinutes: 10,
});

test("[DSP61] what is ready, and what a kitchen says before anything was learned of its words, is taken as it is", () => {
  const eta = makeOrderEta(() => router, center);
  expect(eta.ready(cooking({ readyAtMs: NOW_MS - 1 }), NOW_MS)).toEqual({ readyAtMs: NOW_MS - 1 });
  const saidAtMs = NOW_MS + 7 * MINUTE_MS;
  expect(eta.ready(cooking({ readyEstimateAtMs: saidAtMs }), NOW_MS)).toEqual({ readyAtMs: saidAtMs });
});

test("[DSP61] a version that has learned of other parts only takes a kitchen's word as it is", () => {
  const eta = makeOrderEta(
    () => router,
    center,
    () => learnedBeliefs(1, {}, ETA_PRIORS, () => ({ weekday: 1, minute: 0 })),
  );
  const saidAtMs = NOW_MS + 7 * MINUTE_MS;
  expect(eta.ready(cooking({ readyEstimateAtMs: saidAtMs }), NOW_MS)).toEqual({ readyAtMs: saidAtMs });
});

test("[DSP61] without a word it is a distribution of what is left after so long, and never before now", () => {
  const eta = makeOrderEta(() => router, center);
  const at = (minutes: number) => {
    const { readyAtMs, readyLateAtMs = Number.NaN } = eta.ready(
      cooking({ confirmedAtMs: NOW_MS - minutes * MINUTE_MS }),
      NOW_MS,
    );
    return { left: readyAtMs - NOW_MS, late: readyLateAtMs - NOW_MS };
  };
  expect(at(0).left / MINUTE_MS).toBeCloseTo(10, 0);
  expect(at(0).late / MINUTE_MS).toBeCloseTo(16, 0);
  // Who is not ready after long is expected soon, but later than who had just begun would have been by then.
  for (const minutes of [0, 4, 8, 12, 20, 90]) {
    expect(at(minutes).left).toBeGreaterThan(0);
    expect(at(minutes).late).toBeGreaterThan(at(minutes).left);
    expect(at(minutes + 1).left).toBeLessThanOrEqual(at(minutes).left);
    expect(at(minutes + 1).left).toBeGreaterThanOrEqual(at(minutes).left - MINUTE_MS);
  }
});

test("[DSP61] a word that has passed is due any moment, and may be long", () => {
  const { readyAtMs, readyLateAtMs, isUnsaid } = makeOrderEta(() => router, center).ready(
    cooking({ confirmedAtMs: NOW_MS - 12 * MINUTE_MS, readyEstimateAtMs: NOW_MS - 2 * MINUTE_MS }),
    NOW_MS,
  );
  expect(readyAtMs).toBe(NOW_MS);
  expect(readyLateAtMs).toBeGreaterThan(NOW_MS + MINUTE_MS);
  expect(isUnsaid).toBe(true);
});

test("[DSP61] once it was learned what a kitchen's word is worth, that is believed", () => {
  const late = {
    ...priorBeliefs(),
    version: 3,
    partsOf: () => ({
      ...priorBeliefs().partsOf({ ...basket, restaurant: center, door: null }),
      givenWord: (saidMs: number) => ({ p50Ms: 1.2 * saidMs, p90Ms: 1.5 * saidMs }),
    }),
  };
  const said = cooking({ confirmedAtMs: NOW_MS, readyEstimateAtMs: NOW_MS + 10 * MINUTE_MS });
  const {
    readyAtMs,
    readyLateAtMs = 0,
    isUnsaid,
  } = makeOrderEta(
    () => router,
    center,
    () => late,
  ).ready(said, NOW_MS);
  expect(isUnsaid).toBeUndefined();
  expect((readyAtMs - NOW_MS) / MINUTE_MS).toBeCloseTo(12, 0);
  expect((readyLateAtMs - NOW_MS) / MINUTE_MS).toBeCloseTo(15, 0);
});

const restaurant = { lat: 50, lng: 8 };
const north = (km: number) => ({ lat: 50 + km / 111.2, lng: 8 });
const door = north(3);

/** An order in a courier's hands, 1 km south of its restaurant, for the door 3 km north of it. */
function held(status: string, earlier: readonly EarlierWork[] = []): LoadedOrder {
  const { order } = cooking({ readyAtMs: NOW_MS, dropLat: door.lat, dropLng: door.lng });
  const courier = { vehicle: "bicycle", lastLat: north(-1).lat, lastLng: 8 };
  const whole = { ...order, status: "READY", endedAtMs: null };
  // Cast: an estimate looks at nothing else.
  return {
    order: whole,
    restaurant: { ...restaurant, prepMinutes: 10 },
    courier,
    delivery: { status },
    earlier,
  } as unknown as LoadedOrder;
}
const work = (over: Partial<EarlierWork>): EarlierWork => ({
  restaurantId: "kitchen",
  restaurant,
  door: north(-2),
  inHand: false,
  ...over,
});
const minutesOf = (loaded: LoadedOrder) => {
  const told = makeOrderEta(() => router, center).of(loaded, NOW_MS);
  return ((told?.p50AtMs ?? Number.NaN) - NOW_MS) / MINUTE_MS;
};
/** 5 m/s, and ways 1.3 times the straight line. */
const rideMin = (km: number) => (km * 1000 * 1.3) / 5 / 60;

test("[ETA41] with other food of the same trip to be handed over first, its way and door come first", () => {
  const alone = minutesOf(held("PICKUP_ONGOING"));
  // From the restaurant 2 km south and back past it, 5 km north, instead of 3 km north.
  const second = minutesOf(held("PICKUP_ONGOING", [work({})]));
  const detour = rideMin(2 + 5 - 3) + 2;
  expect(second - alone).toBeGreaterThan(detour - 1);
  expect(second - alone).toBeLessThan(detour + 2);
  expect(minutesOf(held("ARRIVED_AT_MERCHANT", [work({})])) - minutesOf(held("ARRIVED_AT_MERCHANT"))).toBeCloseTo(
    second - alone,
    0,
  );
});

test("[ETA41] food in hand for somebody else, and food to be fetched elsewhere, come before the own restaurant", () => {
  const alone = minutesOf(held("ACCEPTED"));
  const after = minutesOf(held("ACCEPTED", [work({ inHand: true, restaurantId: "other" })]));
  // 1 km further south, its door, and 2 km back north, instead of 1 km north.
  expect(after - alone).toBeGreaterThan(rideMin(2) + 1);
  expect(after - alone).toBeLessThan(rideMin(2) + 4);
  const elsewhere = work({ restaurantId: "other", restaurant: north(-4), door: north(-2) });
  const longer = minutesOf(held("ACCEPTED", [elsewhere]));
  expect(longer).toBeGreaterThan(after + rideMin(3));
});

test("[ETA41] under way stops in between count, and at the own door nothing does", () => {
  const other = work({ inHand: true });
  const [alone, second] = [minutesOf(held("DELIVERY_ONGOING")), minutesOf(held("DELIVERY_ONGOING", [other]))];
  expect(second - alone).toBeGreaterThan(rideMin(2) + 1);
  expect(minutesOf(held("ARRIVED_AT_CUSTOMER", [other]))).toBe(minutesOf(held("ARRIVED_AT_CUSTOMER")));
});

test("[ETA6] [ETA42] what is fetched and overdue is expected later than now", () => {
  const takeaway = {
    ...held("PENDING"),
    order: {
      ...cooking({ dropLat: null, dropLng: null }).order,
      confirmedAtMs: NOW_MS - 40 * MINUTE_MS,
      endedAtMs: null,
    },
    delivery: null,
    courier: null,
  } as unknown as LoadedOrder;
  expect(minutesOf(takeaway)).toBeGreaterThan(0.5);
});
