import { beforeAll, describe, expect, test } from "vitest";

import type { BlackBox, BlackBoxView } from "#shared/contracts/black-box.ts";
import { ORDER_FIELDS } from "#shared/domain/rights/projection.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import { code, scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeTraceWriter } from "../positions/trace-writer.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
let box: BlackBox;
let order: { readonly marketId: string; readonly orderId: string };
/** When the first courier lost the order, and when the second picked it up and handed it over. */
const at = { accepted: 0, pickUp: 0, handOver: 0 };

/** The first courier declines, the second takes it, loses it, and the first carries it to the door. */
beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
  order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  const decliner = await scene.onDuty(0);
  const declined = await scene.offered(decliner);
  await town.useCases["offer.decline"](as(decliner.identity), {
    marketId: MARKET,
    offerId: declined.id,
    reason: "Too far",
  });
  const carrier = await scene.onDuty(1);
  const offer = await scene.offered(carrier);
  await pass(20_000);
  await town.useCases["offer.accept"](as(carrier.identity), { marketId: MARKET, offerId: offer.id });
  at.accepted = town.clock.nowMs();
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  await carry(carrier);
  box = await read();
}, 60_000);

async function pass(ms: number): Promise<void> {
  await town.clock.advance(ms);
}

async function carry(carrier: LiveMarket["couriers"][number]): Promise<void> {
  const { work } = await town.useCases["courier.read"](as(carrier.identity), { marketId: MARKET });
  const deliveryId = work[0]?.delivery?.id;
  assert(deliveryId, "a delivery in hand");
  const step = { marketId: MARKET, deliveryId };
  await town.useCases["delivery.set-out"](as(carrier.identity), step);
  await ride(carrier.id, 3);
  await town.useCases["delivery.arrive-at-merchant"](as(carrier.identity), step);
  await town.useCases["delivery.pick-up"](as(carrier.identity), step);
  at.pickUp = town.clock.nowMs();
  await town.useCases["delivery.leave"](as(carrier.identity), step);
  await ride(carrier.id, 4);
  await town.useCases["delivery.arrive-at-customer"](as(carrier.identity), step);
  await town.useCases["delivery.hand-over"](as(carrier.identity), step);
  at.handOver = town.clock.nowMs();
  await ride(carrier.id, 2);
}

/** A fix each minute, the last of them at the end. */
async function ride(courierId: string, minutes: number): Promise<void> {
  const traces = makeTraceWriter({ db: town.db, clock: wallClock, gatherMs: 0 });
  for (let minute = 0; minute < minutes; minute++) {
    await pass(60_000);
    const fix = { lat: -34.9 + minute * 0.001, lng: -56.18, takenAtMs: town.clock.nowMs() - 1_000 };
    const courier = { marketId: MARKET, courierId, newest: undefined };
    await traces.write(courier, [{ ...fix, accuracyM: 5, speedMps: null, headingDeg: null }]);
  }
}

function read(): Promise<BlackBox> {
  return town.useCases["order.black-box"](as(town.dispatcher), order);
}

function viewOf(sight: BlackBoxView["as"], index = 0): BlackBoxView {
  const view = box.views.filter((each) => each.as === sight)[index];
  assert(view, `a view of ${sight}`);
  return view;
}

const typesOf = (view: BlackBoxView): string[] => view.events.map((event) => event.type);

describe("an order's black box", () => {
  test("[BLX3] the office opens it; customer, kitchen, courier and strangers find no order", async () => {
    const courier = town.couriers[1]?.identity;
    assert(courier, "a courier");
    for (const identity of [town.customer, town.stranger, town.kitchen, courier]) {
      expect(await code(town.useCases["order.black-box"](as(identity), order))).toBe("order.not-found");
    }
    for (const identity of [town.support, town.dispatcher]) {
      expect((await town.useCases["order.black-box"](as(identity), order)).order.id).toBe(order.orderId);
    }
  });

  test("[BLX1] each view is what was announced, with the seqs of its own stream and nothing between left out", () => {
    const told = town.announced.filter((event) => event.orderId === order.orderId);
    expect(viewOf("ops").events.map((event) => event.id)).toEqual(
      told.filter((event) => event.orderSeq !== null).map((event) => event.id),
    );
    expect(viewOf("customer").events.map((event) => event.seq)).toEqual(
      viewOf("customer").events.map((_, index) => index + 1),
    );
    expect(viewOf("kitchen").events.map((event) => event.id)).toEqual(
      told.filter((event) => event.restaurantSeq !== null).map((event) => event.id),
    );
    expect(typesOf(viewOf("kitchen"))[0]).toBe("order.created");
  });

  test("[BLX2] no view holds a field that its viewer may not see; no customer a courier's id", () => {
    for (const view of box.views) {
      for (const { payload, type } of view.events) {
        const seen = Object.keys(payload["order"] ?? {});
        expect(seen.filter((field) => !ORDER_FIELDS[view.as].some((known) => known === field), type)).toEqual([]);
      }
    }
    const [first, second] = town.couriers;
    for (const sight of ["customer", "kitchen"] as const) {
      const text = JSON.stringify(viewOf(sight).events);
      expect(text).toContain("Courier 1");
      for (const courier of [first, second]) expect(text).not.toContain(courier?.id);
      expect(text).not.toContain("decisionId");
    }
    expect(JSON.stringify(viewOf("kitchen").events)).not.toContain("dropLine");
    expect(JSON.stringify(viewOf("customer").events)).not.toContain("Too far");
  });

  test("[BLX2] the customer hears of the courier with the taking, not with the offers before it", () => {
    const events = viewOf("customer").events;
    const taken = events.findIndex((event) => event.type === "delivery.accepted");
    expect(taken).toBeGreaterThan(0);
    expect(JSON.stringify(events.slice(0, taken))).not.toContain("Courier");
    expect(JSON.stringify(events.slice(0, taken))).not.toContain("DELIVERY_ONGOING");
  });

  test("[BLX1] [BLX2] each courier's view has the offers to that courier with their ends, and the door only once it was taken", () => {
    expect(typesOf(viewOf("courier", 0))).toEqual(["offer.made", "offer.declined"]);
    const carrier = viewOf("courier", 1);
    expect(typesOf(carrier)).toEqual([
      "offer.made",
      "offer.accepted",
      "delivery.accepted",
      "order.preparing",
      "order.ready",
      ...typesOf(carrier).slice(5),
    ]);
    expect(typesOf(carrier).at(-1)).toBe("order.delivered");
    expect(JSON.stringify(carrier.events.slice(0, 2))).not.toContain("Door");
    expect(JSON.stringify(carrier.events.slice(2))).toContain("Door");
    expect(box.offers.map(({ status, declineReason }) => [status, declineReason])).toEqual([
      ["declined", "Too far"],
      ["accepted", null],
    ]);
    expect(box.offers[0]?.reason).toHaveProperty("numbers");
    expect(box.offers[0]?.decisionId).not.toBeNull();
  });

  test("[BLX4] positions are the customer's from pick-up to hand-over; the path is the whole time in hand", () => {
    const carrierId = town.couriers[1]?.id;
    expect(box.positionsShown).toEqual([{ courierId: carrierId, fromMs: at.pickUp, toMs: at.handOver }]);
    const [path, ...others] = box.paths;
    expect(others).toEqual([]);
    expect(path).toMatchObject({ courierId: carrierId, fromMs: at.accepted, toMs: at.handOver, everyNth: 1 });
    expect(path?.fixes).toHaveLength(7);
    expect(path?.fixes.every((fix) => fix.moved && fix.takenAtMs <= at.handOver)).toBe(true);
  });

  test("[BLX4] taken away before the pick-up: the path ends there, and the customer was shown no position", async () => {
    const again = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...again, prepMinutes: 10 });
    const [decliner, carrier] = town.couriers;
    assert(decliner && carrier, "two couriers");
    await town.useCases["shift.end"](as(decliner.identity), { marketId: MARKET });
    const offer = await scene.offered(carrier);
    await town.useCases["offer.accept"](as(carrier.identity), { marketId: MARKET, offerId: offer.id });
    await pass(30_000);
    await scene.emptyHands(carrier);
    const opened = await town.useCases["order.black-box"](as(town.support), again);
    expect(opened.positionsShown).toEqual([]);
    expect(opened.paths.map(({ courierId, fromMs, toMs }) => [courierId, (toMs ?? 0) - fromMs])).toEqual([
      [carrier.id, 30_000],
    ]);
    expect(typesOf(opened.views.find((view) => view.as === "courier" && view.streamId === carrier.id)!).at(-1)).toBe(
      "delivery.unassigned",
    );
  });
});
