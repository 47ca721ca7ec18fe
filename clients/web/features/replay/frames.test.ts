import { describe, expect, test } from "vitest";

import type { BlackBox, BlackBoxFix, BlackBoxView } from "#shared/contracts/black-box.ts";

import { etasOf, frameAt, isLive, jump, spanOf, ticksOf } from "./frames.ts";
import { scaleOf, stepsOf } from "./plot.ts";
import { riddenUntil } from "./ridden.ts";

const [ORDER, KITCHEN, COURIER] = ["o", "r", "c"];
const delivery = (status: string, courierName: string | null) => ({
  id: "d",
  status,
  version: 1,
  courierId: null,
  courierName,
  stopOrder: 1,
});

type Row = readonly [atMs: number, type: string, order: object | undefined, more?: object];
function view(as: BlackBoxView["as"], streamId: string, rows: readonly Row[]): BlackBoxView {
  const events = rows.map(([atMs, type, order, more], index) => {
    const payload = { ...(order ? { order: { id: ORDER, ...order } } : {}), ...more };
    return { id: `${as}${index}`, seq: index + 1, type, atMs, orderId: order ? ORDER : null, payload };
  });
  return { as, streamId, name: `the ${as}`, events };
}
const eta = (p50AtMs: number) => ({ p50AtMs, p90AtMs: p50AtMs + 100 });
const offer = { id: "f", restaurantName: "Dosa House", drops: [] };
const fix = (takenAtMs: number, moved = true): BlackBoxFix => ({
  takenAtMs,
  lat: takenAtMs,
  lng: 0,
  accuracyM: 5,
  moved,
});

/** Placed at 10, paid at 20, offered at 30, taken at 40, picked up at 50, delivered at 70. */
const box: BlackBox = {
  atMs: 100,
  order: { id: ORDER, status: "DELIVERED", endedAtMs: null },
  views: [
    view("customer", ORDER, [
      [10, "order.placed", { status: "PENDING_PAYMENT", code: "A7", eta: eta(1000) }],
      [20, "order.created", { status: "CREATED", eta: eta(1000) }],
      [40, "delivery.accepted", { status: "READY", delivery: delivery("ACCEPTED", "Cleo"), eta: eta(1200) }],
      [50, "delivery.order_picked", { status: "IN_DELIVERY", delivery: delivery("ORDER_PICKED", "Cleo") }],
      [70, "order.delivered", { status: "DELIVERED", delivery: delivery("DELIVERY_FINISHED", "Cleo") }],
    ]),
    view("kitchen", KITCHEN, [
      [20, "order.created", { status: "CREATED", code: "A7" }],
      [50, "delivery.order_picked", { status: "IN_DELIVERY" }],
      [70, "order.delivered", { status: "DELIVERED" }],
    ]),
    view("courier", COURIER, [
      [30, "offer.made", undefined, { offer }],
      [40, "offer.accepted", undefined, { offer: null }],
      [40, "delivery.accepted", { status: "READY", delivery: delivery("ACCEPTED", "Cleo") }, { work: "added" }],
      [70, "order.delivered", { status: "DELIVERED" }, { work: "removed" }],
    ]),
    view("ops", ORDER, [
      [10, "order.placed", { status: "PENDING_PAYMENT" }],
      [70, "order.delivered", { status: "DELIVERED" }],
    ]),
  ],
  story: [10, 20, 30, 40, 50, 70].map((atMs, index) => ({
    id: `s${atMs}`,
    seq: index + 1,
    type: "x",
    atMs,
    actorRole: "platform",
    payload: {},
  })),
  suggestions: [],
  offers: [
    {
      id: "f",
      courierId: COURIER,
      courierName: "Cleo",
      status: "accepted",
      offeredAtMs: 30,
      expiresAtMs: 60,
      answeredAtMs: 40,
      declineReason: null,
      payMinor: 1,
      decisionId: null,
      reason: {},
    },
  ],
  paths: [
    {
      courierId: COURIER,
      name: "Cleo",
      fromMs: 40,
      toMs: 70,
      everyNth: 1,
      fixes: [fix(44), fix(46), fix(55), fix(57, false), fix(60)],
    },
  ],
  positionsShown: [{ courierId: COURIER, fromMs: 50, toMs: 70 }],
  ledger: [],
};

describe("a black box at a moment", () => {
  test("[BLX5] nobody has seen what had not been told by then", () => {
    expect(frameAt(box, 9)).toMatchObject({ customer: undefined, ticket: undefined, couriers: [], truth: undefined });
    const paid = frameAt(box, 29);
    expect([paid.customer?.status, paid.customer?.code, paid.customer?.delivery]).toEqual(["CREATED", "A7", undefined]);
    expect([paid.ticket?.status, paid.couriers]).toEqual(["CREATED", []]);
  });

  test("[BLX5] an offer is on its courier's screen until it is answered, then the work, until that is over", () => {
    const screen = (atMs: number) => frameAt(box, atMs).couriers[0];
    expect([screen(30)?.state.offer, screen(30)?.work]).toEqual([offer, undefined]);
    expect([screen(40)?.state.offer, screen(40)?.work?.status]).toEqual([null, "READY"]);
    expect(screen(70)?.work).toBeUndefined();
    expect([frameAt(box, 35).openOffer?.id, frameAt(box, 40).openOffer]).toEqual(["f", undefined]);
  });

  test("[BLX5] the customer's map has the courier after the pick-up, with a fix from after it, until the hand-over", () => {
    expect([frameAt(box, 49).place?.fix.takenAtMs, frameAt(box, 49).shown]).toEqual([46, undefined]);
    // Picked up, but the newest fix is from before: nothing is shown yet.
    expect([frameAt(box, 52).place?.fix.takenAtMs, frameAt(box, 52).shown]).toEqual([46, undefined]);
    expect(frameAt(box, 56).shown?.fix.takenAtMs).toBe(55);
    expect(frameAt(box, 58).shown?.fix.takenAtMs).toBe(55);
    expect(frameAt(box, 70).shown).toBeUndefined();
  });

  test("[BLX5] a ticket leaves the kitchen's board when the food is at the door", () => {
    expect(frameAt(box, 69).ticket?.status).toBe("IN_DELIVERY");
    expect(frameAt(box, 70).ticket).toBeUndefined();
  });

  test("the way up to a moment is parted at what the customer could see, and the parts meet", () => {
    const times = (lines: readonly (readonly BlackBoxFix[])[]) =>
      lines.map((line) => line.map((each) => each.takenAtMs));
    expect(times(riddenUntil(box, 46).hidden)).toEqual([[44, 46]]);
    const all = riddenUntil(box, 100);
    expect([times(all.hidden), times(all.shown)]).toEqual([[[44, 46]], [[46, 55, 60]]]);
  });

  test("ticks are the events and the offers' ends; jumps go from one to the next and stop at the ends", () => {
    const ticks = ticksOf(box);
    expect(ticks.map((tick) => tick.atMs)).toEqual([10, 20, 30, 40, 40, 50, 70]);
    expect([jump(ticks, 9, "next"), jump(ticks, 40, "next"), jump(ticks, 40, "before")]).toEqual([10, 50, 30]);
    expect([jump(ticks, 70, "next"), jump(ticks, 10, "before")]).toEqual([undefined, undefined]);
  });

  test("a live order's line goes with the clock, an ended one's to its last event", () => {
    expect(isLive(box)).toBe(true);
    expect(spanOf(box, 5_000)).toEqual({ fromMs: 10, toMs: 5_000 });
    const ended = {
      ...box,
      order: { ...box.order, endedAtMs: 70 },
      story: [...box.story, { ...box.story[0]!, atMs: 9_000 }],
    };
    expect(spanOf(ended, 50_000)).toEqual({ fromMs: 10, toMs: 9_000 });
  });

  test("arrivals are told once each, and drawn as steps that hold until the next", () => {
    const told = etasOf(box);
    expect(told.map(({ atMs, p50AtMs }) => [atMs, p50AtMs])).toEqual([
      [10, 1000],
      [40, 1200],
    ]);
    const scale = { x: (atMs: number) => atMs, y: (value: number) => value };
    expect(stepsOf(told, 70, scale)).toBe(
      "M10.0 1100.0L40.0 1100.0L40.0 1300.0L70.0 1300.0L70.0 1200.0L40.0 1200.0L40.0 1000.0L10.0 1000.0Z",
    );
    expect(stepsOf([], 70, scale)).toBe("");
  });

  test("a scale puts time to the right and later upwards, with a few full minutes", () => {
    const size = { width: 110, height: 120, left: 10, right: 0, top: 0, bottom: 20 };
    const scale = scaleOf(size, { fromMs: 0, toMs: 600_000 }, [1_200_000, 1_800_000]);
    expect([scale.x(0), scale.x(600_000)]).toEqual([10, 110]);
    expect(scale.y(1_800_000)).toBeLessThan(scale.y(1_200_000));
    for (const ticks of [scale.ticksX, scale.ticksY]) {
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.every((tick) => tick % 60_000 === 0)).toBe(true);
    }
  });
});
