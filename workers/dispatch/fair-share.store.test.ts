import { beforeAll, expect, test } from "vitest";

import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { assert } from "#shared/lib/assert.ts";
import { readDecision } from "#shared/server/life/decisions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const PATIENCE_MS = 120_000;
const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
}, PATIENCE_MS);

/** Whom a round asks for an order that is ready, and what was known of them. */
async function asked() {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  await town.round();
  const [offer] = await town.db.sql<{ id: string; courier_id: string; decision_id: string }[]>`
    select id, courier_id, decision_id from offers where status = 'offered'`;
  assert(offer, "an offer was made");
  const decision = await readDecision(town.db.orm, MARKET, offer.decision_id);
  assert(decision, "and its decision kept");
  const { record } = decision;
  const ahead = (id: string) => record.input.couriers.find((each) => each.id === id)?.aheadPermille;
  return { order, offerId: offer.id, courierId: offer.courier_id, record, ahead };
}

async function deliver(identity: Parameters<typeof as>[0], offerId: string): Promise<void> {
  const { work } = await town.useCases["offer.accept"](as(identity), { marketId: MARKET, offerId });
  const delivery = work[0]?.delivery;
  assert(delivery, "the courier has it in hand");
  const step = { marketId: MARKET, deliveryId: delivery.id };
  await town.useCases["delivery.set-out"](as(identity), step);
  await town.useCases["delivery.arrive-at-merchant"](as(identity), step);
  await town.useCases["delivery.pick-up"](as(identity), step);
  await town.useCases["delivery.leave"](as(identity), step);
  await town.useCases["delivery.arrive-at-customer"](as(identity), step);
  await town.useCases["delivery.hand-over"](as(identity), step);
}

test(
  "[DSP60] of two at the same place the one is asked who has had less this shift, and the round keeps what it knew",
  async () => {
    const on = [await scene.onDuty(0), await scene.onDuty(1)];
    const [first, second] = on.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    assert(first && second, "two couriers");
    await town.clock.advance(60_000);

    // Of equals the first by id.
    const before = await asked();
    expect(before.courierId).toBe(first.id);
    expect([before.ahead(first.id), before.ahead(second.id)]).toEqual([0, 0]);
    await deliver(first.identity, before.offerId);
    await town.clock.advance(30 * 60_000);

    const after = await asked();
    expect(after.courierId).toBe(second.id);
    expect([after.ahead(first.id), after.ahead(second.id)]).toEqual([500, -500]);
    expect(replay(after.record)).toEqual({ outcome: "equal" });
  },
  PATIENCE_MS,
);
