import { randomUUID } from "node:crypto";

import { expect, test } from "vitest";

import { connectDb } from "#shared/server/db/connect.ts";
import { appendEvents } from "#shared/server/db/events.ts";
import { testServices } from "#shared/testing/services.ts";

import { readStoredEvents, storedEvent } from "./stored-events.ts";

const { databaseUrl } = await testServices();

test("[CHK11] the event table is read as it was written, and as an export says it", async () => {
  const db = connectDb(databaseUrl, { max: 2, name: "test-verdict" });
  try {
    const owners = { order: randomUUID(), restaurant: randomUUID() };
    const draft = {
      marketId: "test-market",
      type: "order.preparing" as const,
      payload: { n: 1 },
      actorId: null,
      atMs: 1.7e12,
    };
    const written = await db.orm.transaction((tx) =>
      appendEvents(tx, [
        { ...draft, actorRole: "support", in: owners },
        { ...draft, actorRole: "support", in: { order: owners.order } },
      ]),
    );
    const mine = (await readStoredEvents(db)).filter(({ orderId }) => orderId === owners.order);
    expect(mine.toSorted((a, b) => (a.orderSeq ?? 0) - (b.orderSeq ?? 0))).toEqual(written);
    expect(mine.map((row) => storedEvent.parse(JSON.parse(JSON.stringify(row))))).toEqual(mine);
  } finally {
    await db.close();
  }
});
