import { beforeAll, expect, test } from "vitest";

import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { NoisyFix, Router } from "#shared/domain/router/router.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { readFinishedOrders } from "./finished-orders.ts";

const services = await testServices();
const KITCHEN = { lat: -34.9, lng: -56.18 };
const circles = haversineRouter({ speedMps: 5, detour: 1.3 });
let town: LiveMarket;
let orderId: string;
let acceptedAtMs: number;

/** Accepted at a moment around which the courier said a fix each 10 s, 1 m further north each, then handed over. */
beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  const scene = scenesOf(town);
  const order = await scene.created();
  ({ orderId } = order);
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 1 });
  const courier = await scene.onDuty(0);
  const offer = await scene.offered(courier);
  acceptedAtMs = town.clock.nowMs();
  const { work } = await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  const step = { marketId: MARKET, deliveryId: work[0]?.delivery?.id ?? "" };
  for (let second = -300; second <= 60; second += 10) {
    const atMs = acceptedAtMs + second * 1000;
    const fix = [atMs, -34.91 + second / 1_000_000, -56.19, 9, null, null];
    const minuteAtMs = atMs - (atMs % 60_000);
    await town.db.sql`
      insert into traces (market_id, courier_id, minute_at_ms, fixes)
      values (${MARKET}, ${courier.id}, ${minuteAtMs}, ${JSON.stringify([fix])}::jsonb)
      on conflict (market_id, courier_id, minute_at_ms) do update set fixes = traces.fixes || excluded.fixes`;
  }
  await town.useCases["delivery.set-out"](as(courier.identity), step);
  await town.clock.advance(300_000);
  await town.useCases["delivery.arrive-at-merchant"](as(courier.identity), step);
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  for (const name of ["pick-up", "leave", "arrive-at-customer", "hand-over"] as const)
    await town.useCases[`delivery.${name}`](as(courier.identity), step);
});

async function approachWayS(router: Router): Promise<number | null | undefined> {
  const [finished] = await readFinishedOrders(town.db, MARKET, [orderId], router);
  assert(finished?.carried, "it was carried");
  return finished.carried.approachWayS;
}

test("[ETA44] the last dozen fixes before the accept tell together where it was, oldest first, and none of later", async () => {
  const heard: (readonly NoisyFix[])[] = [];
  const matched = { lat: -34.92, lng: -56.2 };
  const placeAfter = (trace: readonly NoisyFix[]) => {
    heard.push(trace);
    return matched;
  };
  const streets: Router = { ...circles, placeAfter };
  expect(await approachWayS(streets)).toBe(circles.leg(matched, KITCHEN).durationS);
  const [trace] = heard;
  expect(trace?.map(({ atS = 0 }) => Math.round(atS - acceptedAtMs / 1000))).toEqual(
    Array.from({ length: 12 }, (_, index) => (index - 11) * 10),
  );
  expect(trace?.at(-1)).toMatchObject({ point: { lat: -34.91, lng: -56.19 }, accuracyM: 9 });
});

test("[ETA44] without streets, and where none leads there, the last fix stands", async () => {
  const last = circles.leg({ lat: -34.91, lng: -56.19 }, KITCHEN).durationS;
  expect(await approachWayS(circles)).toBe(last);
  expect(await approachWayS({ ...circles, placeAfter: () => undefined })).toBe(last);
});
