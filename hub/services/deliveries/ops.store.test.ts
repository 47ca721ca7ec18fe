import { beforeAll, describe, expect, test } from "vitest";

import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

const board = (since?: string) => town.useCases["ops.board"](as(town.dispatcher), { marketId: MARKET, since });

describe("the operator's board", () => {
  test("[OPM1] whole at first, then what has changed: orders, couriers, and who is gone", async () => {
    const kept = await scene.created();
    const first = await board();
    expect(first).toMatchObject({ whole: true, counts: { CREATED: 1 }, couriers: [], goneOrderIds: [] });
    expect(first.restaurants).toMatchObject([{ id: town.restaurantId, name: "Test kitchen" }]);
    expect(first.orders).toMatchObject([
      { id: kept.orderId, status: "CREATED", courierId: null, deliveryStatus: null },
    ]);

    const quiet = await board(first.version);
    expect(quiet).toMatchObject({ whole: false, orders: [], couriers: [], counts: { CREATED: 1 } });

    const other = await scene.created();
    const courier = await scene.onDuty(0);
    const told = await board(quiet.version);
    expect(told.orders.map((order) => order.id)).toEqual([other.orderId]);
    expect(told.couriers).toMatchObject([{ courierId: courier.id, holding: 0, hasOffer: false }]);

    await town.useCases["order.confirm"](as(town.kitchen), { ...kept, prepMinutes: 10 });
    await town.useCases["order.reject"](as(town.kitchen), { ...other, reason: "Out of gas" });
    const offer = await scene.offered(courier);
    const offered = await board(told.version);
    expect(offered.goneOrderIds).toEqual([other.orderId]);
    expect(offered.couriers).toMatchObject([{ courierId: courier.id, hasOffer: true }]);

    await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
    const taken = await board(offered.version);
    expect(taken.orders).toMatchObject([{ id: kept.orderId, deliveryStatus: "ACCEPTED", courierId: courier.id }]);
    expect(taken.couriers).toMatchObject([{ courierId: courier.id, holding: 1, hasOffer: false }]);

    await scene.emptyHands(courier);
    await town.useCases["shift.end"](as(courier.identity), { marketId: MARKET });
    const ended = await board(taken.version);
    expect(ended.goneCourierIds).toEqual([courier.id]);
    expect(ended.orders).toMatchObject([{ id: kept.orderId, deliveryStatus: "PENDING", courierId: null }]);
  });

  test("[OPM2] a version of the future, as after a restore of the store, is answered with everything", async () => {
    const answer = await board("18446744073709551614");
    expect(answer.whole).toBe(true);
    expect(answer.orders.length).toBeGreaterThan(0);
  });
});
