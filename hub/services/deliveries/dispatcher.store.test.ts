import { randomUUID } from "node:crypto";

import { afterEach, beforeAll, expect, test } from "vitest";

import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { gatherRound } from "../../../workers/dispatch/gather.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
let duty: Awaited<ReturnType<Scenes["onDuty"]>>[];

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 3 });
  scene = scenesOf(town);
  duty = [await scene.onDuty(0), await scene.onDuty(1)];
});

/** Each test leaves the town with nothing open. */
let order: Awaited<ReturnType<Scenes["created"]>>;
afterEach(async () => {
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
});

/** Confirmed food that is ready, offered to somebody. */
async function anOffer() {
  order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  expect(await town.round()).toBe(1);
  const [row] = await town.db.sql<{ offer_id: string; delivery_id: string; courier_id: string }[]>`
    select d.offer_id, d.delivery_id, o.courier_id from offer_deliveries d
    join offers o on o.market_id = d.market_id and o.id = d.offer_id where d.open`;
  const asked = duty.find(({ id }) => id === row?.courier_id);
  const other = duty.find(({ id }) => id !== row?.courier_id);
  assert(row && asked && other, "one of two was asked");
  return {
    offerId: row.offer_id,
    ref: { marketId: MARKET, deliveryId: row.delivery_id, reason: "Knows the way" },
    asked,
    other,
  };
}

async function offerStatus(offerId: string) {
  const [row] = await town.db.sql<{ status: string }[]>`select status from offers where id = ${offerId}`;
  return row?.status;
}

const told = (type: string) => town.announced.filter((event) => event.type === type && event.orderId === order.orderId);
const read = (who: Parameters<typeof as>[0]) => town.useCases["order.read"](as(who), order);
const workOf = async (courier: { readonly identity: Parameters<typeof as>[0] }) =>
  (await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET })).work.map(({ id }) => id);

test("[DSP26] a dispatcher gives an offered delivery to another courier; the offer is withdrawn, the next round leaves it there", async () => {
  const { offerId, ref, asked, other } = await anOffer();
  const assign = (courierId: string) => town.useCases["delivery.assign"](as(town.dispatcher), { ...ref, courierId });
  const seen = await assign(other.id);
  expect(seen.delivery).toMatchObject({ status: "ACCEPTED", courierId: other.id, version: 1 });
  expect(await offerStatus(offerId)).toBe("withdrawn");
  expect(await workOf(other)).toEqual([order.orderId]);
  expect(await workOf(asked)).toEqual([]);
  const [event] = told("delivery.assigned");
  expect(event).toMatchObject({
    actorRole: "dispatcher",
    courierId: other.id,
    payload: { work: "added", reason: { reason: "Knows the way", courierId: other.id } },
  });
  expect(await town.round()).toBe(0);
  expect(await code(town.useCases["offer.accept"](as(asked.identity), { marketId: MARKET, offerId }))).toBe(
    "offer.closed",
  );

  // Said again it is so already; for somebody else it has to be taken away first.
  await assign(other.id);
  expect(told("delivery.assigned")).toHaveLength(1);
  expect(await code(assign(asked.id))).toBe("delivery.illegal-action");
  await town.useCases["delivery.unassign"](as(town.dispatcher), ref);
  expect(await workOf(other)).toEqual([]);
  // Who had it taken away is not asked again, but may be given it by hand.
  await expect(assign(other.id)).resolves.toMatchObject({ delivery: { courierId: other.id, version: 2 } });
});

test("[DSP26] of an accept and an assignment at once one wins", async () => {
  const { offerId, ref, asked, other } = await anOffer();
  const outcomes = await Promise.allSettled([
    town.useCases["offer.accept"](as(asked.identity), { marketId: MARKET, offerId }),
    town.useCases["delivery.assign"](as(town.dispatcher), { ...ref, courierId: other.id }),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect([...(await workOf(asked)), ...(await workOf(other))]).toEqual([order.orderId]);
});

test("[DSP26] who is off duty, unknown, or has no right to it is refused, and nothing is changed", async () => {
  const { offerId, ref } = await anOffer();
  const [, , off] = town.couriers;
  const assign = (courierId: string) => town.useCases["delivery.assign"](as(town.dispatcher), { ...ref, courierId });
  expect(await code(assign(off?.id ?? ""))).toBe("shift.illegal-action");
  expect(await code(assign(randomUUID()))).toBe("courier.not-found");
  const missing = { ...ref, deliveryId: randomUUID(), courierId: duty[0]?.id ?? "" };
  expect(await code(town.useCases["delivery.assign"](as(town.dispatcher), missing))).toBe("delivery.not-found");
  for (const who of [town.customer, town.kitchen, town.support, ...duty.map(({ identity }) => identity)]) {
    for (const name of ["delivery.assign", "delivery.pin"] as const) {
      expect(() => mayCall(who, name, { marketId: MARKET })).toThrow("none of your roles");
    }
  }
  expect(await offerStatus(offerId)).toBe("offered");
});

test("[DSP26] asked again when the courier is on the way already it is so already, and somebody else's is told as that", async () => {
  const { ref, asked, other } = await anOffer();
  const assign = (courierId: string) => town.useCases["delivery.assign"](as(town.dispatcher), { ...ref, courierId });
  await assign(other.id);
  await town.useCases["delivery.set-out"](as(other.identity), ref);
  expect((await assign(other.id)).delivery).toMatchObject({ status: "PICKUP_ONGOING", courierId: other.id });
  await expect(assign(asked.id)).rejects.toThrow("another courier has it");
  expect(told("delivery.assigned")).toHaveLength(1);
});

test("[DSP27] a pinned delivery is not offered until it is unpinned; only the office sees the pin", async () => {
  const { offerId, ref, asked, other } = await anOffer();
  const pin = (pinned: boolean) => town.useCases["delivery.pin"](as(town.dispatcher), { ...ref, pinned });
  expect((await pin(true)).delivery?.pinned).toBe(true);
  await pin(true);
  expect(told("delivery.pinned")).toHaveLength(1);
  expect(told("delivery.pinned")[0]?.payload).toMatchObject({ reason: { reason: "Knows the way" } });
  expect(await offerStatus(offerId)).toBe("withdrawn");
  for (let minute = 0; minute < 4; minute++) {
    await town.clock.advance(60_000);
    expect(await town.round()).toBe(0);
  }
  expect((await read(town.support)).delivery?.pinned).toBe(true);
  expect((await read(town.customer)).delivery).not.toHaveProperty("pinned");

  expect((await pin(false)).delivery).not.toHaveProperty("pinned");
  expect(await town.round()).toBe(1);
  const again = await Promise.all(
    [asked, other].map(({ identity }) => town.useCases["courier.read"](as(identity), { marketId: MARKET })),
  );
  expect(again.flatMap(({ offer }) => offer?.drops.map(({ deliveryId }) => deliveryId) ?? [])).toEqual([
    ref.deliveryId,
  ]);
});

test("[DSP27] nothing is added to a trip that is pinned", async () => {
  const { ref, other } = await anOffer();
  await town.useCases["delivery.assign"](as(town.dispatcher), { ...ref, courierId: other.id });
  const growing = async () => {
    const market = await town.market(town.db.orm, MARKET);
    const nowhere = {
      keep: async () => {},
      read: async (_: string, ids: readonly string[]) => ids.map(() => undefined),
    };
    const next = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...next, prepMinutes: 0 });
    const asked = { market, nowMs: town.clock.nowMs(), settings: DEFAULT_SETTINGS, looksForMoves: false };
    const { known } = await gatherRound(town.db.orm, nowhere, asked);
    await town.useCases["order.cancel"](as(town.support), { ...next, reason: "over" });
    return known.couriers.find(({ id }) => id === other.id)?.onTheWay?.deliveries.map(({ id }) => id);
  };
  expect(await growing()).toEqual([ref.deliveryId]);
  await town.useCases["delivery.pin"](as(town.dispatcher), { ...ref, pinned: true });
  expect(await growing()).toBeUndefined();
});
