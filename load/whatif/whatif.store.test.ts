import { beforeAll, expect, test } from "vitest";

import type { SeenOrder } from "#shared/contracts/views.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { WrongInput, type Args } from "./args.ts";
import { METRICS } from "./compare.ts";
import { tableOf } from "./report.ts";
import { whatIf } from "./whatif.ts";

const MINUTE_MS = 60_000;
const DAY = "2023-11-15";
/** Ten in the morning of that day. */
const BEGIN_MS = Date.UTC(2023, 10, 15, 10);
const ORDERS = 7;
const COOKED_MINUTES = 12;

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
  await town.clock.advance(BEGIN_MS - town.clock.nowMs());
  await liveDay();
}, 300_000);

const NEXT = {
  ACCEPTED: "delivery.set-out",
  PICKUP_ONGOING: "delivery.arrive-at-merchant",
  ARRIVED_AT_MERCHANT: "delivery.pick-up",
  ORDER_PICKED: "delivery.leave",
  DELIVERY_ONGOING: "delivery.arrive-at-customer",
  ARRIVED_AT_CUSTOMER: "delivery.hand-over",
} as const;
type Courier = LiveMarket["couriers"][number];

/** The courier's next step with an order: one a minute. */
async function step(courier: Courier, { status, delivery }: SeenOrder): Promise<void> {
  const name = delivery && NEXT[delivery.status as keyof typeof NEXT];
  if (!name || (name === "delivery.pick-up" && status !== "READY")) return;
  await town.useCases[name](as(courier.identity), { marketId: MARKET, deliveryId: delivery.id });
}

/** Orders that two couriers carry, the first of which says no once; one that nobody confirms and one that is never ready. */
async function liveDay(): Promise<void> {
  const couriers = [await scene.onDuty(0), await scene.onDuty(1)];
  const cooking = new Map<number, { marketId: string; orderId: string }>();
  let declined = false;
  for (let minute = 0; minute < 75; minute++) {
    if (minute % 4 === 0 && minute / 4 < ORDERS) {
      const order = await scene.created();
      await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
      cooking.set(minute + COOKED_MINUTES, order);
    }
    const cooked = cooking.get(minute);
    if (cooked) {
      await town.useCases["order.start"](as(town.kitchen), cooked);
      await town.useCases["order.ready"](as(town.kitchen), cooked);
    }
    await town.round();
    for (const courier of couriers) {
      const { offer, work } = await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
      for (const each of work) await step(courier, each);
      if (!offer) continue;
      const answer = { marketId: MARKET, offerId: offer.id };
      if (declined) await town.useCases["offer.accept"](as(courier.identity), answer);
      else await town.useCases["offer.decline"](as(courier.identity), { ...answer, reason: "Too far" });
      declined = true;
    }
    await town.clock.advance(MINUTE_MS);
  }
  await scene.created();
  const unready = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...unready, prepMinutes: 10 });
}

const ARGS: Args = {
  day: DAY,
  market: MARKET,
  policy: "live",
  weights: {},
  by: undefined,
  seed: 1,
  draws: 200,
  json: undefined,
  data: undefined,
};
const told: string[] = [];
const ask = (over: Partial<Args>) =>
  whatIf(
    { ...ARGS, ...over },
    { DATABASE_URL: services.databaseUrl, ROUTER: "haversine" },
    (sentence) => void told.push(sentence),
  );

test("[WIF8] a stored day is played as it was stored, beside what really happened", async () => {
  const report = await ask({ policy: "nearest", market: undefined });
  const rows = await town.db.sql<{ ctd: number; rtp: number; offers: number }[]>`
    select avg(delivered_at_ms - placed_at_ms)::float8 / 60000 as ctd, avg(picked_up_at_ms - ready_at_ms)::float8 / 60000 as rtp,
      (select count(*) from offers)::float8 / count(*) as offers
    from orders where delivered_at_ms is not null`;
  const [really] = rows;
  assert(really, "there are orders");
  expect(report).toMatchObject({
    market: MARKET,
    day: DAY,
    orders: ORDERS,
    couriers: 2,
    unit: "order",
    blocks: ORDERS,
  });
  expect(report.calibration.was.ctdMeanMin).toBeCloseTo(really.ctd, 9);
  expect(report.calibration.was.rtpMeanMin).toBeCloseTo(really.rtp, 9);
  expect(report.calibration.was.undeliveredPct).toBe(0);
  expect(report.calibration.was.offersPerOrder).toBeGreaterThan(1 / 4);
  expect(report.calibration.was.offersPerOrder).toBeLessThanOrEqual(really.offers);
  expect(report.base.undeliveredPct).toBe(0);
  // No earlier than the food: cooked, and never sooner than a minute's steps afterwards.
  expect(report.base.ctdMeanMin).toBeGreaterThan(COOKED_MINUTES);
  expect(report.base.kmPerOrder).toBeGreaterThan(0.5);
  expect(report.other.offersPerOrder).toBeGreaterThanOrEqual(1);
  expect(report.notes).toContain("left out: 1 orders never confirmed, 0 never ready, 1 still under way");
  expect(report.notes[0]).toMatch(/^settings: those of the day's \d+ kept rounds$/u);
  expect(told).toContain("comparing, 200 draws");
  expect(tableOf(report)).toContain("seed 1");
});

test("[WIF8] without kept rounds the settings are today's, and it is said", async () => {
  await town.db.sql`create table kept_aside as select * from dispatch_decisions`;
  await town.db.sql`delete from dispatch_decisions`;
  const { notes } = await ask({});
  expect(notes[0]).toBe("settings: today's, because no round of that day is kept any more");
  await town.db.sql`insert into dispatch_decisions select * from kept_aside`;
});

test("[WIF4] the live policy against itself differs by nothing, and as it is asked again", async () => {
  const [once, again] = [await ask({}), await ask({})];
  expect(again).toEqual(once);
  for (const metric of METRICS) expect(once.difference[metric]).toBe(0);
  const single = await ask({ weights: { maxBundle: 1 } });
  expect(single.base).toEqual(once.base);
  // Every offer is of one order, and every order was offered.
  expect(single.other.offersPerOrder).toBeGreaterThanOrEqual(1);
});

test("[WIF6] no such market, nobody ordered, no database: said in a sentence", async () => {
  await expect(ask({ market: "atlantis" })).rejects.toThrow(new WrongInput(`no market atlantis; there are ${MARKET}`));
  await expect(ask({ day: "2023-11-20" })).rejects.toThrow(
    new WrongInput(`nobody in ${MARKET} ordered a delivery on 2023-11-20 (UTC)`),
  );
  await expect(whatIf(ARGS, {}, () => {})).rejects.toThrow("DATABASE_URL");
});
