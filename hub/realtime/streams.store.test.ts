import { randomUUID } from "node:crypto";

import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";

import { connectHub } from "#shared/client/hub-client.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import { testServices } from "#shared/testing/services.ts";

import {
  follow,
  followWith,
  range,
  startTestHub,
  startTestWriter,
  tokenOf,
  type Follower,
  type TestHub,
  type TestWriter,
} from "./harness.ts";

const services = await testServices();
const { databaseUrl, redisLiveUrl } = services;
const orderRef = (): StreamRef => ({ marketId: "test-market", kind: "order", id: randomUUID() });
const settled = { timeout: 10_000, interval: 20 };

let hubs: TestHub[];
let writer: TestWriter;
let followers: Follower[] = [];

beforeAll(async () => {
  hubs = await Promise.all([
    startTestHub({ databaseUrl, redisUrls: redisLiveUrl }),
    startTestHub({ databaseUrl, redisUrls: redisLiveUrl }),
  ]);
  writer = startTestWriter(databaseUrl, redisLiveUrl);
});
afterAll(async () => {
  await writer.close();
  for (const hub of hubs) await hub.close();
});
afterEach(() => {
  for (const follower of followers) follower.client.close();
  followers = [];
});

async function watchersOf(ref: StreamRef): Promise<Follower[]> {
  followers = hubs.map((hub) => follow(hub.url, ref));
  await vi.waitFor(() => expect(followers.map((one) => one.snapshots.length)).toEqual([1, 1]), settled);
  return followers;
}

test("[RTM2] an event that is published after the commit reaches watchers on two hubs, each once and in order", async () => {
  const ref = orderRef();
  const watchers = await watchersOf(ref);
  await writer.write(ref, 50);
  for (const { seqs } of watchers) await vi.waitFor(() => expect(seqs).toEqual(range(1, 50)), settled);
});

test("[RTM3] what is never published comes from the store", async () => {
  const ref = orderRef();
  const watchers = await watchersOf(ref);
  await writer.write(ref, 7, { silent: true });
  for (const { seqs } of watchers) await vi.waitFor(() => expect(seqs).toEqual(range(1, 7)), settled);
});

test("[RTM3] an older transaction that stays open hides nothing that has committed", async () => {
  const ref = orderRef();
  const watchers = await watchersOf(ref);
  let release = () => {};
  const open = writer.db.sql.begin(async (sql) => {
    await sql`select pg_current_xact_id()`;
    await new Promise<void>((done) => (release = done));
  });
  await writer.write(ref, 3, { silent: true });
  for (const { seqs } of watchers) await vi.waitFor(() => expect(seqs).toEqual(range(1, 3)), settled);
  release();
  await open;
});

test("[RTM9] killed connections and FLUSHALL in the middle of the traffic lose, double and disorder nothing", async () => {
  const ref = orderRef();
  const watchers = await watchersOf(ref);
  const admin = new Redis(redisLiveUrl);
  try {
    for (let round = 0; round < 6; round += 1) {
      await Promise.all([
        writer.write(ref, 30),
        admin.call("CLIENT", "KILL", "TYPE", round % 2 === 0 ? "pubsub" : "normal", "SKIPME", "yes"),
      ]);
      if (round === 3) await admin.flushall();
    }
  } finally {
    admin.disconnect();
  }
  for (const { seqs } of watchers) await vi.waitFor(() => expect(seqs).toEqual(range(1, 180)), settled);
});

test("[RTM4] 200 streams that are watched and at once written to lose nothing, without the follower's help", async () => {
  const alone = await Promise.all(
    [1, 2].map(() => startTestHub({ databaseUrl, redisUrls: redisLiveUrl, followEveryMs: 600_000 })),
  );
  try {
    const refs = Array.from({ length: 200 }, orderRef);
    const clients = alone.map((hub) => connectHub({ url: hub.url, namespace: "ops", token: () => tokenOf() }));
    followers = refs.map((ref, index) => followWith(clients[index % 2]!, ref));
    await Promise.all(
      followers.map(async (one, index) => {
        await vi.waitFor(() => expect(one.snapshots.length).toBe(1), { timeout: 20_000, interval: 2 });
        await writer.write(refs[index]!, 2);
      }),
    );
    await vi.waitFor(() => {
      expect(followers.filter((one) => one.seqs.length === 2).length).toBe(200);
    }, settled);
    expect(followers.every((one) => one.seqs.join() === "1,2")).toBe(true);
  } finally {
    for (const hub of alone) await hub.close();
  }
});

test("[RTM8] a watcher who comes back gets what it missed, not a new snapshot", async () => {
  const ref = orderRef();
  const [one] = await watchersOf(ref);
  await writer.write(ref, 5);
  await vi.waitFor(() => expect(one!.seqs).toEqual(range(1, 5)), settled);
  const hub = hubs[0]!;
  const lost = new Promise<void>((done) => one!.client.onStatus((status) => status !== "live" && done()));
  for (const socket of await socketsOf(hub)) socket.disconnect(true);
  await lost;
  await writer.write(ref, 5);
  await vi.waitFor(() => expect(one!.seqs).toEqual(range(1, 10)), settled);
  expect(one!.snapshots.length).toBe(1);
});

test("[RTM7] restaurant and courier streams have seqs of their own, whatever stands between", async () => {
  const order = orderRef();
  const restaurant: StreamRef = { marketId: "test-market", kind: "restaurant", id: randomUUID() };
  const [one] = await watchersOf(order);
  const two = followWith(one!.client, restaurant);
  await vi.waitFor(() => expect(two.snapshots.length).toBe(1), settled);
  await Promise.all([writer.write(order, 10), writer.write(restaurant, 15)]);
  await vi.waitFor(() => expect([one!.seqs, two.seqs]).toEqual([range(1, 10), range(1, 15)]), settled);
});

async function socketsOf(hub: TestHub) {
  return [...hub.io.of("/ops").sockets.values()];
}

test("[RTM42] what a hub has committed its own watchers have at once, and once, though Redis and the store's follower tell them too", async () => {
  const ref = orderRef();
  const [here, there] = await watchersOf(ref);
  const [one] = hubs;
  const events = await writer.write(ref, 3, { silent: true });
  one?.realtime.committed(events);
  await vi.waitFor(() => expect(here?.seqs).toEqual(range(1, 3)), settled);
  await writer.publisher.publish(events);
  await vi.waitFor(() => expect(there?.seqs).toEqual(range(1, 3)), settled);
  await writer.write(ref, 1);
  for (const each of [here, there]) await vi.waitFor(() => expect(each?.seqs).toEqual(range(1, 4)), settled);
});
