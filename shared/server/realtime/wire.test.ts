import { createShardedAdapter } from "@socket.io/redis-adapter";
import { expect, test } from "vitest";

import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position, StoredEvent } from "#shared/contracts/streams.ts";

import { makeArrivals } from "./arrivals.ts";
import { makePublisher, streamsOf } from "./publish.ts";
import { broadcastOf, channelOf } from "./wire.ts";

type Handler = (channel: Buffer, message: Buffer) => void;

/** The adapter as it is installed, over Redis clients that only remember. */
function installedAdapter(namespace: string, delivered: unknown[]) {
  const published: { channel: string; message: string }[] = [];
  const subscribed: string[] = [];
  let handler: Handler = () => {};
  const publisher = {
    spublish: async (channel: string, message: string) => void published.push({ channel, message }),
  };
  const subscriber = {
    on: (_: string, listener: Handler) => (handler = listener),
    ssubscribe: (channel: string) => void subscribed.push(channel),
    sunsubscribe: () => {},
  };
  const socket = { client: { writeToEngine: (packets: unknown) => void delivered.push(packets) } };
  const nsp = {
    name: namespace,
    sockets: new Map([["a-socket", socket]]),
    server: { encoder: { encode: (packet: unknown) => [packet] }, opts: {} },
  };
  const adapter = createShardedAdapter(publisher, subscriber)(nsp);
  return {
    adapter,
    published,
    subscribed,
    receive: (channel: string, message: string) => handler(Buffer.from(channel), Buffer.from(message)),
  };
}

const room = roomOf.zone("test-market", "87c2e3a41ffffff");

test("[RTM1] the installed adapter decodes what we publish and delivers it to a socket in the room", () => {
  const delivered: unknown[] = [];
  const { adapter, subscribed, receive } = installedAdapter("/streams", delivered);
  void adapter.addAll("a-socket", new Set([room]));
  expect(subscribed).toContain(channelOf("/streams", room));
  receive(channelOf("/streams", room), broadcastOf("/streams", room, "event", { seq: 1 }));
  expect(delivered).toEqual([[{ type: 2, data: ["event", { seq: 1 }], nsp: "/streams" }]]);
});

test("[RTM1] it publishes the same, to the letter, to the same channel", async () => {
  const { adapter, published } = installedAdapter("/positions", []);
  const packet = { type: 2, data: ["position", { lat: 1.5 }] };
  await adapter.broadcast({ ...packet, nsp: "/positions" }, { rooms: new Set([room]), except: new Set(), flags: {} });
  const [theirs] = published;
  const ours: unknown = JSON.parse(broadcastOf("/positions", room, "position", { lat: 1.5 }));
  expect(theirs?.channel).toBe(channelOf("/positions", room));
  expect({ ...JSON.parse(theirs?.message ?? "{}"), uid: "writer" }).toEqual(ours);
});

const event: StoredEvent = {
  marketId: "test-market",
  id: "0190a000-0000-7000-8000-00000000000e",
  type: "order.confirmed",
  payload: {},
  actorRole: "kitchen",
  actorId: null,
  atMs: 1,
  orderId: "0190a000-0000-7000-8000-00000000000a",
  orderSeq: 3,
  restaurantId: "0190a000-0000-7000-8000-00000000000b",
  restaurantSeq: 9,
  courierId: "0190a000-0000-7000-8000-00000000000c",
  courierSeq: null,
};

test("[RTM2] an event goes once to each stream that it stands in, and to no other", () => {
  expect(streamsOf(event).map((ref) => ref.kind)).toEqual(["order", "restaurant"]);
});

test("[RTM2] a publish that fails is counted and told, and does not fail the writer", async () => {
  const told: unknown[] = [];
  const sent: string[] = [];
  const events = {
    spublish: async (channel: string) => {
      if (channel.includes("/restaurant/")) throw new Error("no Redis");
      sent.push(channel);
      return 1;
    },
  };
  // Cast: of a client only this is used.
  const client = events as unknown as Parameters<typeof makePublisher>[0]["events"];
  const publisher = makePublisher({ events: client, positions: client, onLost: (error) => void told.push(error) });
  await publisher.publish([event]);
  expect(sent).toEqual([
    channelOf("/streams", roomOf.stream({ marketId: "test-market", kind: "order", id: event.orderId ?? "" })),
  ]);
  expect(publisher.counts).toMatchObject({ published: 1, failed: 1 });
  expect(told.length).toBe(1);
});

test("[RTM41] a position goes once to its courier's room, and to the zone's while the zone does not know the courier", async () => {
  const rooms: string[] = [];
  // Cast: of a client only this is used.
  const client = { spublish: async (channel: string) => rooms.push(channel) } as unknown as Parameters<
    typeof makePublisher
  >[0]["events"];
  const position: Position = {
    marketId: "test-market",
    courierId: "0190a000-0000-7000-8000-00000000000c",
    lat: 1,
    lng: 2,
    speedMps: null,
    headingDeg: null,
    takenAtMs: 5,
    zone: "87c2e3a41ffffff",
    carrying: [{ orderId: event.orderId ?? "", deliveryId: event.id, version: 1 }],
  };
  const arrivals = makeArrivals(() => 0);
  arrivals.hears();
  const publisher = makePublisher({ arrivals, events: client, positions: client, onLost: () => {} });
  const own = channelOf("/positions", roomOf.courierPosition("test-market", position.courierId));
  await publisher.publishPosition(position);
  expect(rooms.splice(0)).toEqual([own, channelOf("/positions", room)]);
  await publisher.publishPosition(position);
  expect(rooms.splice(0)).toEqual([own]);
});

test("[RTM22] no room has 20 characters, whatever the market's name", () => {
  const uuid = "0190a000-0000-7000-8000-00000000000a";
  for (let length = 2; length <= 24; length += 1) {
    const market = "m".repeat(length);
    const names = [
      ...(["courier", "order", "restaurant"] as const).map((kind) =>
        roomOf.stream({ marketId: market, kind, id: uuid }),
      ),
      roomOf.courierPosition(market, uuid),
      roomOf.zonesAsked,
      roomOf.zone(market, "87c2e3a41ffffff"),
    ];
    for (const name of names) expect(name.length, name).toBeGreaterThan(20);
  }
});
