import { beforeAll, expect, test } from "vitest";

import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";
import { assert } from "#shared/lib/assert.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { refreshEtas } from "../jobs/refresh-etas.ts";
import { gatherRound } from "./gather.ts";
import { makeOffer } from "./make-offer.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

const nowhere = { keep: async () => {}, read: async (_: string, ids: readonly string[]) => ids.map(() => undefined) };

/** What a round at this moment wants to offer. */
async function wanted() {
  const market = await town.market(town.db.orm, MARKET);
  const asked = { market, nowMs: town.clock.nowMs(), settings: DEFAULT_SETTINGS, looksForMoves: false };
  const { known } = await gatherRound(town.db.orm, nowhere, asked);
  return planRound({ nowMs: asked.nowMs, ...known, router: market.router }, DEFAULT_SETTINGS);
}

async function roundNumber(): Promise<number> {
  const [row] = await town.db.sql`select dispatch_round from markets where id = ${MARKET}`;
  return Number(row?.["dispatch_round"]);
}

test("[DSP15] of many that take a round at once one gets it", async () => {
  await town.clock.advance(60_000);
  const before = await roundNumber();
  const taken = await Promise.all(Array.from({ length: 8 }, () => town.round(10_000)));
  expect(taken.filter((made) => made !== undefined)).toHaveLength(1);
  expect(await roundNumber()).toBe(before + 1);
  await town.clock.advance(9_999);
  expect(await town.round(10_000)).toBeUndefined();
  await town.clock.advance(1);
  expect(await town.round(10_000)).toBe(0);
});

test("[DSP61] a round plans by the kitchen's word, and when that has passed by what may still be left", async () => {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  const saidAtMs = town.clock.nowMs() + 10 * 60_000;
  const seen = async () => {
    const market = await town.market(town.db.orm, MARKET);
    const asked = { market, nowMs: town.clock.nowMs(), settings: DEFAULT_SETTINGS, looksForMoves: false };
    const { known } = await gatherRound(town.db.orm, nowhere, asked);
    const { readyAtMs, readyLateAtMs } = known.deliveries.find(({ orderId }) => orderId === order.orderId) ?? {};
    return { readyAtMs, readyLateAtMs };
  };
  expect(await seen()).toEqual({ readyAtMs: saidAtMs });
  await town.clock.advance(12 * 60_000);
  const late = await seen();
  expect(late.readyAtMs).toBe(town.clock.nowMs());
  expect(late.readyLateAtMs).toBeGreaterThan(town.clock.nowMs() + 60_000);
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
});

test("[MOT13] a round takes a courier to be where the motion has led by now", async () => {
  await scene.onDuty(0);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 30 });
  const nowMs = town.clock.nowMs();
  const told = { lat: -34.9, lng: -56.16, speedMps: 8, headingDeg: 90, takenAtMs: nowMs - 20_000 };
  const moving: LastPositions = {
    keep: async () => {},
    read: async (marketId, ids) => ids.map((courierId) => ({ ...told, marketId, courierId, zone: "", carrying: [] })),
  };
  const market = await town.market(town.db.orm, MARKET);
  const asked = { market, nowMs, settings: DEFAULT_SETTINGS, looksForMoves: false };
  const { known } = await gatherRound(town.db.orm, moving, asked);
  expect(known.couriers.map(({ freePoint }) => freePoint)).toEqual([motionPlace(told, nowMs)]);
  expect(distanceM(told, motionPlace(told, nowMs))).toBeGreaterThan(50);
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
});

test("[DSP16] [DSP17] an older round's offer is refused; of the newest round's many copies one is made", async () => {
  await scene.onDuty(0);
  await scene.onDuty(1);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  const plan = await wanted();
  const [commit] = plan.commits;
  assert(commit, "food that is ready is offered at once");
  const round = await roundNumber();
  expect(
    await makeOffer(town.uow, { marketId: MARKET, round: round - 1, decisionId: null, plan }, commit, 30_000),
  ).toBeUndefined();

  const other = town.couriers.find(({ id }) => id !== commit.courierId);
  assert(other, "a second courier");
  const copies = Array.from({ length: 6 }, (_, index) =>
    index % 2 === 0 ? commit : { ...commit, courierId: other.id },
  );
  const made = await Promise.all(
    copies.map((copy) => makeOffer(town.uow, { marketId: MARKET, round, decisionId: null, plan }, copy, 30_000)),
  );
  expect(made.filter((id) => id !== undefined)).toHaveLength(1);
  const open = await town.db.sql`select id from offers where status = 'offered'`;
  expect(open).toHaveLength(1);
});

test("[ETA8] a courier under way moves the shown time once", async () => {
  const [offer] = await town.db.sql`select id, courier_id from offers where status = 'offered'`;
  const courier = town.couriers.find(({ id }) => id === offer?.["courier_id"]);
  assert(courier, "the offered courier");
  await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: String(offer?.["id"]) });
  const far = { lat: -34.96, lng: -56.3 };
  const at = {
    keep: async () => {},
    read: async (marketId: string, ids: readonly string[]) =>
      ids.map((courierId) => ({
        ...far,
        marketId,
        courierId,
        speedMps: null,
        headingDeg: null,
        takenAtMs: 0,
        zone: "",
        carrying: [],
      })),
  };
  const told = () => town.announced.filter((event) => event.type === "eta.updated").length;
  const deps = { db: town.db, uow: town.uow, market: town.market, positions: at };
  await refreshEtas(deps, MARKET, town.clock.nowMs());
  expect(told()).toBe(1);
  await Promise.all([refreshEtas(deps, MARKET, town.clock.nowMs()), refreshEtas(deps, MARKET, town.clock.nowMs())]);
  expect(told()).toBe(1);
});
