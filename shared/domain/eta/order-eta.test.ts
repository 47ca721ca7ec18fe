import { expect, test } from "vitest";

import { haversineRouter } from "../router/haversine-router.ts";
import { makeOrderEta, type QuoteQuestion } from "./order-eta.ts";
import { priorBeliefs, type EtaBeliefs } from "./parts.ts";

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
