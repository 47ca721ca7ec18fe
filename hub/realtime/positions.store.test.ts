import { randomUUID } from "node:crypto";

import { expect, test, vi } from "vitest";

import { connectHub } from "#shared/client/hub-client.ts";
import type { Position, PositionFrame, StreamRef } from "#shared/contracts/streams.ts";
import { appendEvents } from "#shared/server/db/events.ts";
import { makeArrivals } from "#shared/server/realtime/arrivals.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { testServices } from "#shared/testing/services.ts";

import { follow, OPEN_RIGHTS, startTestHub, startTestWriter, tokenOf, type TestWriter } from "./harness.ts";

const { databaseUrl, redisLiveUrl } = await testServices();
const MARKET = "test-market";
const settled = { timeout: 10_000, interval: 50 };
const PICKED_UP_MS = 1_700_000_000_000;
const rights = {
  ...OPEN_RIGHTS,
  authorise: async (identity: { personId: string }) => ({
    viewer: { as: "customer" as const, personId: identity.personId },
  }),
};

/** A delivery in a courier's hands, as the store has it. Nothing else of the order is looked at here. */
async function insertCarried(writer: TestWriter, orderId: string, courierId: string): Promise<void> {
  await writer.db.sql.begin(async (sql) => {
    await sql`alter table deliveries disable trigger all`;
    await sql`insert into deliveries
      (market_id, id, order_id, restaurant_id, status, courier_id, slot, version, picked_up_at_ms, created_at_ms)
      values (${MARKET}, ${randomUUID()}, ${orderId}, ${randomUUID()}, 'ORDER_PICKED', ${courierId}, 1, 1, ${PICKED_UP_MS}, 0)`;
    await sql`alter table deliveries enable trigger all`;
  });
}

test("[RTM11] [RTM12] a customer sees the courier from the first look to the hand-over, and not after it", async () => {
  const [orderId, courierId] = [randomUUID(), randomUUID()];
  const ref: StreamRef = { marketId: MARKET, kind: "order", id: orderId };
  const hub = await startTestHub({ databaseUrl, redisUrls: redisLiveUrl, rights });
  const writer = startTestWriter(databaseUrl, redisLiveUrl);
  const redis = connectRedis(redisLiveUrl, "events", "test-last", () => {});
  const position: Position = {
    marketId: MARKET,
    courierId,
    lat: -34.9,
    lng: -56.1,
    speedMps: null,
    headingDeg: null,
    takenAtMs: PICKED_UP_MS + 1_000,
    zone: "87c2e3a41ffffff",
    carrying: [{ orderId, deliveryId: randomUUID(), version: 1 }],
  };
  const move = async () => {
    position.takenAtMs += 1_000;
    await writer.publisher.publishPosition(position);
  };
  await insertCarried(writer, orderId, courierId);
  await makeLastPositions(redis).keep(position);
  const one = follow(hub.url, ref);
  const frames: PositionFrame[] = [];
  one.client.onPosition((frame) => void frames.push(frame));
  try {
    await vi.waitFor(() => expect(frames).toMatchObject([{ orderId, takenAtMs: PICKED_UP_MS + 1_000 }]), settled);
    await vi.waitFor(async () => {
      await move();
      expect(frames.length).toBeGreaterThan(1);
    }, settled);
    await writer.publisher.publish(
      await writer.db.orm.transaction((tx) =>
        appendEvents(tx, [
          {
            marketId: MARKET,
            type: "order.delivered",
            payload: { order: { delivery: { status: "ORDER_DELIVERED" } } },
            actorRole: "courier",
            actorId: null,
            atMs: position.takenAtMs,
            in: { order: orderId },
          },
        ]),
      ),
    );
    await vi.waitFor(() => expect(one.seqs).toEqual([1]), settled);
    const seen = frames.length;
    const { counts } = hub.realtime.positions;
    // The courier's room is left; one more may have been under way.
    await vi.waitFor(async () => {
      const before = counts.arrived;
      for (let nth = 0; nth < 5; nth += 1) await move();
      expect(counts.arrived).toBe(before);
    }, settled);
    expect(frames.length).toBe(seen);
  } finally {
    one.client.close();
    redis.disconnect();
    await writer.close();
    await hub.close();
  }
});

test("[RTM41] of six hubs those that show a courier are given each position once, by one message in all", async () => {
  const [orderId, courierId] = [randomUUID(), randomUUID()];
  const zone = "87c2e3a43ffffff";
  const arrivals = makeArrivals(Date.now);
  const options = { databaseUrl, redisUrls: redisLiveUrl, rights };
  const hubs = await Promise.all(
    Array.from({ length: 6 }, (_, nth) => startTestHub({ ...options, ...(nth === 5 ? { arrivals } : {}) })),
  );
  const writer = startTestWriter(databaseUrl, redisLiveUrl, arrivals);
  const redis = connectRedis(redisLiveUrl, "events", "test-counts", () => {});
  const published = async () =>
    Number(/cmdstat_spublish:calls=(\d+)/u.exec(String(await redis.call("INFO", "commandstats")))?.[1] ?? 0);
  const position: Position = {
    marketId: MARKET,
    courierId,
    lat: -34.9,
    lng: -56.1,
    speedMps: null,
    headingDeg: null,
    takenAtMs: PICKED_UP_MS + 1_000,
    zone,
    carrying: [{ orderId, deliveryId: randomUUID(), version: 1 }],
  };
  const move = async (times: number) => {
    for (let nth = 0; nth < times; nth += 1) {
      position.takenAtMs += 1_000;
      await writer.publisher.publishPosition(position);
    }
  };
  await insertCarried(writer, orderId, courierId);
  const customer = follow(hubs[0]!.url, { marketId: MARKET, kind: "order", id: orderId });
  const operator = connectHub({ url: hubs[1]!.url, namespace: "ops", token: () => tokenOf() });
  const arrived = () => hubs.map((hub) => hub.realtime.positions.counts.arrived);
  try {
    await operator.watchZones(MARKET, [zone]);
    await vi.waitFor(async () => {
      await move(1);
      expect(
        arrived()
          .slice(0, 2)
          .every((count) => count > 1),
      ).toBe(true);
    }, settled);
    // What was announced twice has come, and the courier's room is joined.
    await vi.waitFor(async () => {
      const [messages, before] = [await published(), arrived()];
      await move(20);
      await vi.waitFor(() => expect(arrived()).toEqual(before.map((count, nth) => count + (nth < 2 ? 20 : 0))));
      expect((await published()) - messages).toBe(20);
    }, settled);
  } finally {
    customer.client.close();
    operator.close();
    redis.disconnect();
    await writer.close();
    for (const hub of hubs) await hub.close();
  }
});
