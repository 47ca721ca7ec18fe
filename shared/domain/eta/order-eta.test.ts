import { expect, test } from "vitest";

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
