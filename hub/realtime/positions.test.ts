import { expect, test } from "vitest";

import { roomOf } from "#shared/contracts/rooms.ts";
import {
  ZONE_GATHER_MS as TICK_MS,
  type PackedZoneFrame,
  type Position,
  type PositionFrame,
  type StoredEvent,
  type ZoneFrame,
} from "#shared/contracts/streams.ts";
import { LAST_POSITION_TTL_MS } from "#shared/server/realtime/last-positions.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";

import { carriageAfter, carriageOfRow, type Carriage } from "#shared/domain/tracking/carriage.ts";
import { unpackZoneFrame } from "#shared/domain/tracking/zone-frame.ts";
import { cellsWithin } from "#shared/domain/geo/cells.ts";
import type { Listener } from "./ports.ts";
import { makePositionHub } from "./positions.ts";

const MARKET = "test-market";
const ORDER = "0190a000-0000-7000-8000-00000000000a";
const COURIER = "0190a000-0000-7000-8000-00000000000c";
const DELIVERY = "0190a000-0000-7000-8000-00000000000d";
const ZONE = "87c2e3a41ffffff";
const ROOM = roomOf.courierPosition(MARKET, COURIER);

function positionOf(takenAtMs: number, over: Partial<Position> = {}): Position {
  return {
    marketId: MARKET,
    courierId: COURIER,
    lat: -34.9,
    lng: -56.1,
    speedMps: null,
    headingDeg: null,
    takenAtMs,
    zone: ZONE,
    carrying: [{ orderId: ORDER, deliveryId: DELIVERY, version: 1 }],
    ...over,
  };
}

function delivery(atMs: number, patch: object): StoredEvent {
  return {
    marketId: MARKET,
    id: ORDER,
    type: "delivery.moved",
    payload: { order: { delivery: patch } },
    actorRole: "courier",
    actorId: null,
    atMs,
    orderId: ORDER,
    orderSeq: 1,
    restaurantId: null,
    restaurantSeq: null,
    courierId: null,
    courierSeq: null,
  };
}

const NOBODY: Carriage = { courierId: null, version: 0, status: null, sinceMs: null };
const assigned = carriageAfter(
  NOBODY,
  delivery(10, { id: DELIVERY, courierId: COURIER, version: 1, status: "ACCEPTED" }),
);
const picked = carriageAfter(assigned, delivery(100, { status: "ORDER_PICKED" }));

function makeHub(carriage: Carriage, last?: Position) {
  const clock = new FakeClock(0);
  const state = { carriage, idle: true };
  const frames: PositionFrame[] = [];
  const zones: ZoneFrame[] = [];
  const joined = new Set<string>();
  const asked: string[][] = [];
  const listener: Listener = {
    identity: { personId: "p", sessionId: "s", roles: [], expiresAtMs: 1 },
    event: () => {},
    heads: () => {},
    closed: () => {},
    position: (frame) => state.idle && frames.push(frame) > 0,
    zones: (told) => state.idle && zones.push(...told.map(unpackZoneFrame)) > 0,
  };
  const hub = makePositionHub({
    bus: { join: async (room) => void joined.add(room), leave: (room) => void joined.delete(room) },
    last: { keep: async () => {}, read: async () => [last] },
    askZones: (rooms) => void asked.push([...rooms]),
    rooms: { carriageOf: () => state.carriage, positionListeners: () => [listener] },
    clock,
  });
  hub.orderWatched(MARKET, ORDER, true);
  return { hub, clock, state, frames, zones, joined, asked, listener };
}

test("[RTM10] a position is shown as it comes, unless a newer one has been", async () => {
  const { hub, clock, frames } = makeHub(picked);
  for (const takenAtMs of [200, 300, 500, 400, 500, 600]) hub.arrived(positionOf(takenAtMs));
  await clock.advance(TICK_MS);
  expect(frames.map((frame) => frame.takenAtMs)).toEqual([200, 300, 500, 600]);
});

test("[RTM10] a busy socket is shown the newest when it is busy no more, once", async () => {
  const { hub, clock, frames, state } = makeHub(picked);
  state.idle = false;
  hub.arrived(positionOf(200));
  hub.arrived(positionOf(300));
  await clock.advance(TICK_MS * 2);
  expect(frames).toEqual([]);
  state.idle = true;
  await clock.advance(TICK_MS * 3);
  expect(frames.map((frame) => frame.takenAtMs)).toEqual([300]);
});

test("[RTM10] an operator gets one frame a zone and tick, with each courier once; who was busy gets the newest of what they missed", async () => {
  const { hub, clock, zones, state, listener, joined } = makeHub(NOBODY);
  hub.watchZones(listener, MARKET, [ZONE]);
  const room = roomOf.zone(MARKET, ZONE);
  const other = "0190a000-0000-7000-8000-0000000000cc";
  for (const one of [positionOf(1), positionOf(3), positionOf(2), positionOf(5, { courierId: other })])
    hub.arrived(one);
  await clock.advance(TICK_MS);
  expect(zones).toMatchObject([{ zone: ZONE, couriers: [{ takenAtMs: 3 }, { courierId: other, takenAtMs: 5 }] }]);
  state.idle = false;
  hub.arrived(positionOf(6));
  await clock.advance(TICK_MS);
  hub.arrived(positionOf(7));
  hub.arrived(positionOf(8, { courierId: other }));
  await clock.advance(TICK_MS);
  expect(zones.length).toBe(1);
  state.idle = true;
  // Nobody moves any more, and yet it is not left at that.
  await clock.advance(TICK_MS);
  expect(zones.slice(1)).toMatchObject([
    {
      zone: ZONE,
      couriers: [
        { courierId: COURIER, takenAtMs: 7 },
        { courierId: other, takenAtMs: 8 },
      ],
    },
  ]);
  await clock.advance(TICK_MS * 3);
  expect(zones.length).toBe(2);
  hub.watchZones(listener, MARKET, []);
  expect(joined.has(room)).toBe(false);
});

test("[RTM10] an operator who looks elsewhere meanwhile is still owed what was missed of zones that stay in view, and of no others", async () => {
  const { hub, clock, zones, state, listener } = makeHub(NOBODY);
  const stays = ZONE;
  const left = cellsWithin(ZONE, 1).find((zone) => zone !== ZONE)!;
  const entered = cellsWithin(ZONE, 2).at(-1)!;
  hub.watchZones(listener, MARKET, [left, stays]);
  state.idle = false;
  hub.arrived(positionOf(6));
  hub.arrived(positionOf(7, { zone: left, courierId: "0190a000-0000-7000-8000-0000000000cc" }));
  await clock.advance(TICK_MS);
  hub.watchZones(listener, MARKET, [stays, entered]);
  state.idle = true;
  await clock.advance(TICK_MS);
  expect(zones).toMatchObject([{ zone: stays, couriers: [{ courierId: COURIER, takenAtMs: 6 }] }]);
  await clock.advance(TICK_MS * 3);
  expect(zones.length).toBe(1);
});

test("[RTM10] all zones of a tick are handed to an operator together", async () => {
  const { hub, clock, listener } = makeHub(NOBODY);
  const others = cellsWithin(ZONE, 1).filter((zone) => zone !== ZONE);
  const trains: string[][] = [];
  const operator = {
    ...listener,
    zones: (told: readonly PackedZoneFrame[]) => trains.push(told.map(({ zone }) => zone)) > 0,
  };
  hub.watchZones(operator, MARKET, [ZONE, ...others]);
  for (const zone of [ZONE, others[0]!, others[3]!]) hub.arrived(positionOf(1, { zone }));
  await clock.advance(TICK_MS * 3);
  expect(trains).toEqual([[ZONE, others[0], others[3]].toSorted((a, b) => (a! < b! ? -1 : 1))]);
});

test.each([
  ["before anybody has it", NOBODY, positionOf(500)],
  ["on the way to the restaurant", assigned, positionOf(500)],
  ["from before the pick-up", picked, positionOf(99)],
  ["of another courier", picked, positionOf(500, { courierId: "0190a000-0000-7000-8000-0000000000cc" })],
  [
    "for an earlier assignment",
    carriageAfter(picked, delivery(200, { version: 2, status: "ORDER_PICKED" })),
    positionOf(500),
  ],
  ["after the hand-over", carriageAfter(picked, delivery(300, { status: "ORDER_DELIVERED" })), positionOf(500)],
  [
    "when the food goes back",
    carriageAfter(picked, delivery(300, { status: "RETURNING_TO_MERCHANT" })),
    positionOf(500),
  ],
  [
    "when the delivery is gone",
    carriageAfter(picked, { ...delivery(300, {}), payload: { order: { delivery: null } } }),
    positionOf(500),
  ],
  ["that carries another order", picked, positionOf(500, { carrying: [] })],
])("[RTM11] nobody sees a position %s", async (_, carriage, position) => {
  const { hub, clock, state, frames, listener } = makeHub(picked, position);
  // The room is still joined: what was under way is not shown either.
  state.carriage = carriage;
  hub.arrived(position);
  await clock.advance(TICK_MS);
  hub.orderWatched(MARKET, ORDER, true);
  hub.arrived(position);
  await clock.advance(TICK_MS);
  await hub.showLast(MARKET, ORDER, listener);
  expect(frames).toEqual([]);
});

test("[RTM11] the right is asked for when the position is shown, not when it arrived", async () => {
  const { hub, clock, frames, state } = makeHub(picked);
  state.idle = false;
  hub.arrived(positionOf(500));
  state.idle = true;
  state.carriage = carriageAfter(picked, delivery(501, { status: "ORDER_DELIVERED" }));
  await clock.advance(TICK_MS);
  expect(frames).toEqual([]);
  expect(hub.counts.hidden).toBe(1);
});

test("[RTM11] a position that overtook the event of its assignment is shown when that has come, unless it is long in coming", async () => {
  const { hub, clock, frames, state } = makeHub(picked);
  const again = carriageAfter(picked, delivery(200, { version: 2, status: "ORDER_PICKED" }));
  const under = (takenAtMs: number) =>
    positionOf(takenAtMs, { carrying: [{ orderId: ORDER, deliveryId: DELIVERY, version: 2 }] });
  hub.arrived(under(500));
  await clock.advance(TICK_MS * 3);
  expect(frames).toEqual([]);
  state.carriage = again;
  await clock.advance(TICK_MS);
  expect(frames.map((frame) => frame.takenAtMs)).toEqual([500]);
  state.carriage = picked;
  hub.arrived(under(600));
  await clock.advance(TICK_MS * 12);
  state.carriage = again;
  await clock.advance(TICK_MS * 3);
  expect(frames.length).toBe(1);
  expect(hub.counts.hidden).toBe(2);
});

test("[RTM41] a courier's room is joined while the food is in their hands, and what was told before that is shown", async () => {
  const { hub, clock, frames, state, joined } = makeHub(assigned, positionOf(500));
  expect([...joined]).toEqual([]);
  state.carriage = picked;
  hub.orderWatched(MARKET, ORDER, true);
  await clock.advance(0);
  expect([...joined]).toEqual([ROOM]);
  expect(frames.map((frame) => frame.takenAtMs)).toEqual([500]);
  hub.arrived(positionOf(500));
  await clock.advance(TICK_MS);
  expect(frames.length).toBe(1);
  state.carriage = carriageAfter(picked, delivery(600, { status: "ORDER_DELIVERED" }));
  hub.orderWatched(MARKET, ORDER, true);
  expect([...joined]).toEqual([]);
});

test("[RTM41] who watches a zone hears of its couriers in their own rooms, until they leave it or fall silent", async () => {
  const { hub, clock, zones, joined, asked, listener } = makeHub(NOBODY);
  const room = roomOf.zone(MARKET, ZONE);
  hub.watchZones(listener, MARKET, [ZONE]);
  await clock.advance(0);
  expect([[...joined], asked]).toEqual([[room], [[room]]]);
  hub.arrived(positionOf(1));
  expect([...joined]).toEqual([room, ROOM]);
  const elsewhere = cellsWithin(ZONE, 1).find((zone) => zone !== ZONE) ?? "";
  hub.arrived(positionOf(2, { zone: elsewhere }));
  expect([...joined]).toEqual([room]);
  hub.arrived(positionOf(3));
  await clock.advance(LAST_POSITION_TTL_MS + 2 * 60_000);
  expect([...joined]).toEqual([room]);
  expect(zones.flatMap(({ couriers }) => couriers.map(({ takenAtMs }) => takenAtMs))).toEqual([3]);
  hub.arrived(positionOf(4));
  hub.reconnected();
  expect(asked).toEqual([[room], [room]]);
  hub.watchZones(listener, MARKET, []);
  expect([...joined]).toEqual([]);
});

test("[RTM11] every state with the food in hand shows it, from the store as from the events", () => {
  for (const status of ["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"] as const) {
    expect(carriageAfter(assigned, delivery(7, { status })).sinceMs).toBe(7);
    expect(carriageOfRow({ courierId: COURIER, version: 1, status, pickedUpAtMs: 7 }).sinceMs).toBe(7);
  }
  expect(carriageAfter(picked, delivery(200, { status: "DELIVERY_ONGOING" })).sinceMs).toBe(100);
  expect(carriageOfRow({ courierId: COURIER, version: 1, status: "ORDER_DELIVERED", pickedUpAtMs: 7 }).sinceMs).toBe(
    null,
  );
});

test("[RTM12] who begins to watch sees the last known position at once", async () => {
  const { hub, frames, listener } = makeHub(picked, positionOf(500));
  await hub.showLast(MARKET, ORDER, listener);
  expect(frames.map((frame) => frame.takenAtMs)).toEqual([500]);
});
