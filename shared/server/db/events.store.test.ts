import { afterAll, expect, test } from "vitest";

import type { EventDraft } from "#shared/domain/order/change.ts";
import { newId } from "#shared/server/new-id.ts";
import { testServices } from "#shared/testing/services.ts";

import { connectDb } from "./connect.ts";
import { appendEvents } from "./events.ts";

const { databaseUrl } = await testServices();
const db = connectDb(databaseUrl, { max: 4, name: "test-events" });
afterAll(() => db.close());

const OWNERS = { courier: newId(), order: newId(), restaurant: newId() };
const KINDS = ["courier", "order", "restaurant"] as const;
/** Every set of streams that an event can stand in. */
const SETS = Array.from({ length: 7 }, (_, bits) => KINDS.filter((_kind, at) => ((bits + 1) >> at) % 2 === 1));

function draft(kinds: readonly (typeof KINDS)[number][], nth: number): EventDraft {
  return {
    marketId: "alone",
    type: "eta.updated",
    payload: { nth, words: 'a "quoted" word' },
    actorRole: "system",
    actorId: null,
    atMs: 1_800_000_000_000 + nth,
    in: Object.fromEntries(kinds.map((kind) => [kind, OWNERS[kind]])),
  };
}

const append = (drafts: readonly EventDraft[]) => db.orm.transaction((tx) => appendEvents(tx, drafts));

test("[STR1] [STR2] an event alone and several together are counted alike in each of their streams", async () => {
  const drafts = SETS.map(draft);
  const told = await append(drafts);
  for (const one of drafts) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    told.push(...(await append([one])));
  }
  for (const kind of KINDS) {
    const seqs = told.map((event) => event[`${kind}Seq`]).filter((seq) => seq !== null);
    expect(seqs).toEqual(Array.from({ length: 8 }, (_, at) => at + 1));
  }
  const shown = ({ id: _id, orderSeq: _o, restaurantSeq: _r, courierSeq: _c, ...event }: (typeof told)[number]) =>
    event;
  expect(told.slice(7).map(shown)).toEqual(told.slice(0, 7).map(shown));
  const stored =
    await db.sql`select id, payload, at_ms::float8, order_id, order_seq, restaurant_seq, courier_seq from order_events
    where market_id = 'alone'`;
  expect(new Map(stored.map((row) => [row["id"], { ...row }]))).toEqual(
    new Map(
      told.map(({ id, payload, atMs, orderId, orderSeq, restaurantSeq, courierSeq }) => [
        id,
        {
          id,
          payload,
          at_ms: atMs,
          order_id: orderId,
          order_seq: orderSeq,
          restaurant_seq: restaurantSeq,
          courier_seq: courierSeq,
        },
      ]),
    ),
  );
});

test("[STR1] many who write one event at a time to the same streams count without a gap", async () => {
  const owners = { courier: newId(), order: newId(), restaurant: newId() };
  const told = await Promise.all(
    Array.from({ length: 40 }, (_, nth) => append([{ ...draft(SETS[nth % 7] ?? [], nth), in: owners }])),
  );
  const seqs = told.flat().map(({ restaurantSeq }) => Number(restaurantSeq));
  expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
});
