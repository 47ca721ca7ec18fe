import { randomUUID } from "node:crypto";

import { expect, test, vi } from "vitest";

import type { Position, PositionFrame, StreamRef } from "#shared/contracts/streams.ts";
import { appendEvents } from "#shared/server/db/events.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { testServices } from "#shared/testing/services.ts";

import { follow, OPEN_RIGHTS, startTestHub, startTestWriter, type TestWriter } from "./harness.ts";

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
            type: "delivery.handed-over",
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
