import { expect, test, vi } from "vitest";

import { broadcastOf, channelOf } from "#shared/server/realtime/wire.ts";
import { connectRedis, type RedisClient } from "#shared/server/redis/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeRoomBus } from "./room-bus.ts";

const { redisLiveUrl } = await testServices();
const settled = { timeout: 10_000, interval: 10 };

async function withBus(
  work: (bus: ReturnType<typeof makeRoomBus>, heard: string[], other: RedisClient) => Promise<void>,
) {
  const client = (use: "events" | "subscriber") => connectRedis(redisLiveUrl, use, "test-bus", () => {});
  const [publisher, subscriber, other] = [client("events"), client("subscriber"), client("events")];
  const heard: string[] = [];
  // On one machine a subscription overtakes a publish that is sent after it; between machines it does not.
  const subscribe = subscriber.ssubscribe.bind(subscriber);
  Object.assign(subscriber, { ssubscribe: (channel: string) => other.ping().then(() => subscribe(channel)) });
  const bus = makeRoomBus("/streams", {
    publisher,
    subscriber,
    clock: makeSystemClock({ CLOCK_RATE: 1 }),
    onEvent: (room, payload) => void heard.push(`${room}: ${String(payload)}`),
  });
  try {
    await other.ping();
    await work(bus, heard, other);
  } finally {
    await bus.close();
    for (const one of [publisher, subscriber, other]) one.disconnect();
  }
}

const publish = (other: RedisClient, room: string, payload: string) =>
  other.spublish(channelOf("/streams", room), broadcastOf("/streams", room, "event", payload));

test("[RTM4] who has joined 200 rooms hears what is published at once, in every one", async () => {
  await withBus(async (bus, heard, other) => {
    const rooms = Array.from({ length: 200 }, (_, index) => `a-room-of-this-test/${index}`);
    await Promise.all(rooms.map(async (room) => bus.join(room).then(() => publish(other, room, "hello"))));
    await vi.waitFor(() => expect(heard.length).toBe(200), settled);
    expect(new Set(heard)).toEqual(new Set(rooms.map((room) => `${room}: hello`)));
  });
});

test("[RTM4] a room that was left, another room and a message in another form are not heard", async () => {
  await withBus(async (bus, heard, other) => {
    await bus.join("a-room-that-is-left");
    bus.leave("a-room-that-is-left");
    await bus.join("a-room-that-is-joined");
    await publish(other, "a-room-that-is-left", "1");
    await publish(other, "a-room-nobody-joined", "2");
    const channel = channelOf("/streams", "a-room-that-is-joined");
    for (const message of ["{}", "no JSON", JSON.stringify({ uid: "x", nsp: "/streams", type: 4, data: {} })]) {
      await other.spublish(channel, message);
    }
    await publish(other, "a-room-that-is-joined", "3");
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), settled);
    expect(heard).toEqual(["a-room-that-is-joined: 3"]);
  });
});
