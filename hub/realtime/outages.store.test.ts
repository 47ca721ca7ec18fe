import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, expect, test, vi } from "vitest";

import type { StreamRef } from "#shared/contracts/streams.ts";
import { testServices } from "#shared/testing/services.ts";

import { startRedis } from "../../deploy/local/redis.ts";
import { follow, range, startTestHub, startTestWriter } from "./harness.ts";

const { databaseUrl } = await testServices();
const settled = { timeout: 15_000, interval: 20 };
const folder = mkdtempSync(join(tmpdir(), "tiffin-outages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const orderRef = (): StreamRef => ({ marketId: "test-market", kind: "order", id: randomUUID() });

test("[RTM9] Redis stopped while events commit, and started again: nothing is lost, doubled or disordered", async () => {
  const redis = await startRedis({ dataDir: folder });
  const hubs = await Promise.all([1, 2].map(() => startTestHub({ databaseUrl, redisUrls: redis.url })));
  const writer = startTestWriter(databaseUrl, redis.url);
  const ref = orderRef();
  const watchers = hubs.map((hub) => follow(hub.url, ref));
  let again: Awaited<ReturnType<typeof startRedis>> | undefined;
  try {
    await vi.waitFor(() => expect(watchers.map((one) => one.snapshots.length)).toEqual([1, 1]), settled);
    await writer.write(ref, 10);
    await redis.stop();
    await writer.write(ref, 10);
    // Without Redis the store alone brings them.
    for (const { seqs } of watchers) await vi.waitFor(() => expect(seqs).toEqual(range(1, 20)), settled);
    // A watch that begins meanwhile is answered too.
    const late = follow(hubs[0]!.url, ref);
    watchers.push(late);
    await vi.waitFor(() => expect(late.snapshots).toMatchObject([{ seq: 20 }]), settled);
    again = await startRedis({ dataDir: folder, port: redis.port });
    await writer.write(ref, 10);
    for (const { seqs } of watchers.slice(0, 2)) await vi.waitFor(() => expect(seqs).toEqual(range(1, 30)), settled);
    await vi.waitFor(() => expect(late.seqs).toEqual(range(21, 30)), settled);
  } finally {
    for (const one of watchers) one.client.close();
    await writer.close();
    for (const hub of hubs) await hub.close();
    await again?.stop();
  }
});

test("[RTM9] the store's connections ended again and again: streams catch up", async () => {
  const redis = await startRedis({ dataDir: folder });
  const hub = await startTestHub({ databaseUrl, redisUrls: redis.url });
  const writer = startTestWriter(databaseUrl, redis.url);
  const admin = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const ref = orderRef();
  const one = follow(hub.url, ref);
  try {
    await vi.waitFor(() => expect(one.snapshots.length).toBe(1), settled);
    for (let round = 0; round < 5; round += 1) {
      await writer.write(ref, 4, { silent: true });
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-hub'`;
    }
    await vi.waitFor(() => expect(one.seqs).toEqual(range(1, 20)), settled);
  } finally {
    one.client.close();
    await admin.end();
    await writer.close();
    await hub.close();
    await redis.stop();
  }
});

test("[RTM9] a hub that goes away takes nothing with it: its watchers go on at another one", async () => {
  const redis = await startRedis({ dataDir: folder });
  const options = { databaseUrl, redisUrls: redis.url };
  const hubs = await Promise.all([startTestHub(options), startTestHub(options)]);
  const writer = startTestWriter(databaseUrl, redis.url);
  const ref = orderRef();
  const one = follow(hubs[0].url, ref);
  try {
    await vi.waitFor(() => expect(one.snapshots.length).toBe(1), settled);
    await writer.write(ref, 5);
    await vi.waitFor(() => expect(one.seqs).toEqual(range(1, 5)), settled);
    const { position } = one.watch;
    await hubs[0].close();
    await writer.write(ref, 5);
    const port = Number(new URL(hubs[0].url).port);
    const successor = await startTestHub({ ...options, port });
    try {
      await vi.waitFor(() => expect(one.seqs).toEqual(range(1, 10)), settled);
      expect(one.snapshots.length).toBe(1);
      expect(one.watch.position?.epoch).toBe(position?.epoch);
    } finally {
      one.client.close();
      await successor.close();
    }
  } finally {
    one.client.close();
    await writer.close();
    await hubs[1].close();
    await redis.stop();
  }
});
