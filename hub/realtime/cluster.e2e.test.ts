import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { migrate } from "#drizzle/migrate.ts";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position, StreamRef, ZoneFrame } from "#shared/contracts/streams.ts";
import { channelOf } from "#shared/server/realtime/wire.ts";

import { startPostgres, type RunningPostgres } from "../../deploy/local/postgres.ts";
import { joinCluster } from "../../deploy/local/redis-cluster.ts";
import { startRedis, type RunningRedis } from "../../deploy/local/redis.ts";
import { follow, range, startTestHub, startTestWriter, type TestHub, type TestWriter } from "./harness.ts";

const settled = { timeout: 30_000, interval: 25 };
const folder = mkdtempSync(join(tmpdir(), "tiffin-cluster-"));
const orderRef = (): StreamRef => ({ marketId: "test-market", kind: "order", id: randomUUID() });

let database: RunningPostgres;
let nodes: RunningRedis[];
let urls: string;
let hubs: TestHub[];
let writer: TestWriter;

beforeAll(async () => {
  database = await startPostgres({ dataDir: join(folder, "postgres") });
  await migrate(database.url);
  nodes = await Promise.all([1, 2, 3].map((n) => startRedis({ dataDir: join(folder, `redis-${n}`), cluster: true })));
  await joinCluster(nodes);
  urls = nodes.map((node) => node.url).join(",");
  // The follower is slow, so that what arrives soon came through the cluster.
  const options = { databaseUrl: database.url, redisUrls: urls, followEveryMs: 600_000 };
  hubs = await Promise.all([startTestHub(options), startTestHub(options)]);
  writer = startTestWriter(database.url, urls);
});
afterAll(async () => {
  await writer.close();
  for (const hub of hubs) await hub.close();
  for (const node of nodes) await node.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("[RTM4] streams on every shard of a three-node cluster reach watchers on both hubs, by the cluster alone", async () => {
  const refs = Array.from({ length: 30 }, orderRef);
  const watchers = refs.flatMap((ref) => hubs.map((hub) => ({ ref, ...follow(hub.url, ref) })));
  try {
    await vi.waitFor(() => expect(watchers.filter((one) => one.snapshots.length === 1).length).toBe(60), settled);
    expect(new Set(await Promise.all(refs.map(shardOf))).size).toBe(3);
    await Promise.all(refs.map((ref) => writer.write(ref, 5)));
    await vi.waitFor(() => expect(watchers.filter((one) => one.seqs.length === 5).length).toBe(60), settled);
    for (const { seqs } of watchers) expect(seqs).toEqual(range(1, 5));
    expect(writer.publisher.counts).toMatchObject({ published: 150, failed: 0 });
  } finally {
    for (const one of watchers) one.client.close();
  }
});

test("[RTM10] a courier's position reaches the operators of its zone through the cluster", async () => {
  const zone = "87c2e3a41ffffff";
  const frames: ZoneFrame[] = [];
  const { client } = follow(hubs[0]!.url, orderRef());
  try {
    client.onZone((frame) => void frames.push(frame));
    await client.watchZones("test-market", [zone]);
    const position: Position = {
      marketId: "test-market",
      courierId: randomUUID(),
      lat: -34.9,
      lng: -56.1,
      speedMps: null,
      headingDeg: null,
      takenAtMs: 1,
      zone,
      carrying: [],
    };
    // Zones are not confirmed: newest wins, and the next one comes soon.
    await vi.waitFor(async () => {
      position.takenAtMs += 1;
      await writer.publisher.publishPosition(position);
      expect(frames).toMatchObject([{ zone, couriers: [{ courierId: position.courierId }] }]);
    }, settled);
  } finally {
    client.close();
  }
});

test("[RTM9] subscribers of a shard killed in the middle of the traffic: the store brings what they missed", async () => {
  const options = { databaseUrl: database.url, redisUrls: urls };
  const hub = await startTestHub(options);
  const refs = Array.from({ length: 12 }, orderRef);
  const watchers = refs.map((ref) => follow(hub.url, ref));
  const admins = nodes.map((node) => new Redis(node.url));
  try {
    await vi.waitFor(() => expect(watchers.filter((one) => one.snapshots.length === 1).length).toBe(12), settled);
    for (const admin of admins) {
      await Promise.all([
        ...refs.map((ref) => writer.write(ref, 4)),
        admin.call("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes"),
      ]);
    }
    await vi.waitFor(() => expect(watchers.filter((one) => one.seqs.length >= 12).length).toBe(12), settled);
    for (const { seqs } of watchers) expect(seqs).toEqual(range(1, 12));
    // And live again by the cluster: subscriptions have come back on every shard.
    await vi.waitFor(async () => {
      const counts = await Promise.all(refs.map(subscribersOf));
      expect(counts.every((count) => count >= 1)).toBe(true);
    }, settled);
  } finally {
    for (const admin of admins) admin.disconnect();
    for (const one of watchers) one.client.close();
    await hub.close();
  }
});

/** Which node serves the stream's channel. */
async function shardOf(ref: StreamRef): Promise<number> {
  const counts = await Promise.all(nodes.map((node) => subscribersAt(node, ref)));
  return counts.findIndex((count) => count > 0);
}

async function subscribersOf(ref: StreamRef): Promise<number> {
  const counts = await Promise.all(nodes.map((node) => subscribersAt(node, ref)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function subscribersAt(node: RunningRedis, ref: StreamRef): Promise<number> {
  const redis = new Redis(node.url);
  try {
    const answer = await redis.call("PUBSUB", "SHARDNUMSUB", channelOf("/streams", roomOf.stream(ref)));
    return Array.isArray(answer) ? Number(answer[1]) : 0;
  } finally {
    redis.disconnect();
  }
}
