import { beforeAll, expect, test } from "vitest";

import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { usualOf } from "#shared/domain/dispatch/usual.ts";
import { assert } from "#shared/lib/assert.ts";
import { readDecision } from "#shared/server/life/decisions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { usualClickToDoor } from "./usual.ts";

const PATIENCE_MS = 120_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const late = { ...DEFAULT_SETTINGS.late, fewestOrders: 3 };
const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
}, PATIENCE_MS);

async function ready() {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  return order;
}

/** An order that comes so long after it was placed. */
async function deliver(identity: Parameters<typeof as>[0], inMs: number): Promise<void> {
  await ready();
  await town.round();
  const [offer] = await town.db.sql<{ id: string }[]>`select id from offers where status = 'offered'`;
  assert(offer, "an offer was made");
  const { work } = await town.useCases["offer.accept"](as(identity), { marketId: MARKET, offerId: offer.id });
  const delivery = work[0]?.delivery;
  assert(delivery, "the courier has it in hand");
  const step = { marketId: MARKET, deliveryId: delivery.id };
  await town.useCases["delivery.set-out"](as(identity), step);
  await town.useCases["delivery.arrive-at-merchant"](as(identity), step);
  await town.useCases["delivery.pick-up"](as(identity), step);
  await town.useCases["delivery.leave"](as(identity), step);
  await town.clock.advance(inMs);
  await town.useCases["delivery.arrive-at-customer"](as(identity), step);
  await town.useCases["delivery.hand-over"](as(identity), step);
}

test(
  "[DSP63] a live round knows what was usual of the day's orders that have come, as the domain reckons it, and keeps it",
  async () => {
    const { identity } = await scene.onDuty(0);
    const usual = (usualPercent: number, nowMs = town.clock.nowMs()) =>
      usualClickToDoor(town.db.orm, MARKET, { ...late, usualPercent }, nowMs);
    await deliver(identity, 31 * MINUTE_MS);
    await deliver(identity, 12 * MINUTE_MS);
    expect(await usual(85), "of two").toBeUndefined();
    await deliver(identity, 20 * MINUTE_MS);

    // One that has not come yet does not count.
    await ready();
    const clicksMs = [31, 12, 20].map((minutes) => minutes * MINUTE_MS).toSorted((a, b) => a - b);
    for (const usualPercent of [1, 33, 34, 66, 67, 85, 100])
      expect(await usual(usualPercent), `${usualPercent} %`).toBe(usualOf(clicksMs, { ...late, usualPercent }));
    expect(await usual(85, town.clock.nowMs() + DAY_MS), "a day later").toBeUndefined();

    await town.round(0, { ...DEFAULT_SETTINGS, late });
    const [offer] = await town.db.sql<
      { decision_id: string }[]
    >`select decision_id from offers where status = 'offered'`;
    const decision = offer && (await readDecision(town.db.orm, MARKET, offer.decision_id));
    expect(decision?.record.input.usualMs).toBe(31 * MINUTE_MS);
    expect(decision && replay(decision.record)).toEqual({ outcome: "equal" });
  },
  PATIENCE_MS,
);
