import { beforeAll, expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeAuthoriseWatch, snapshotOf } from "./watching.ts";

const services = await testServices();
let town: LiveMarket;
let orderId: string;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  ({ orderId } = await scenesOf(town).created());
});

async function sight(identity: Identity, ref: Omit<StreamRef, "marketId">, marketId = MARKET): Promise<string> {
  try {
    return (await makeAuthoriseWatch(town.db)(identity, { ...ref, marketId })).as;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

test("[RIG3] a stream is watched by whom it concerns and by the office, and by nobody else", async () => {
  const [own, other] = town.couriers;
  const order = { kind: "order", id: orderId } as const;
  const restaurant = { kind: "restaurant", id: town.restaurantId } as const;
  const courier = { kind: "courier", id: own?.id ?? "" } as const;
  const none = "stream.not-found";
  const people: [string, Identity | undefined, string[]][] = [
    ["customer", town.customer, ["customer", none, none]],
    ["another customer", town.stranger, [none, none, none]],
    ["kitchen", town.kitchen, [none, "kitchen", none]],
    ["courier", own?.identity, [none, none, "courier"]],
    ["another courier", other?.identity, [none, none, none]],
    ["support", town.support, ["ops", "ops", "ops"]],
  ];
  for (const [who, identity, expected] of people) {
    if (!identity) throw new Error(`no ${who}`);
    const seen = [await sight(identity, order), await sight(identity, restaurant), await sight(identity, courier)];
    expect(seen, who).toEqual(expected);
    expect(await sight(identity, order, "elsewhere"), `${who} in another market`).toBe(none);
  }
});

test("[RIG3] [RTM48] the store is asked, not the token: a role that was taken away opens nothing, nor gives a snapshot", async () => {
  const restaurant = { marketId: MARKET, kind: "restaurant", id: town.restaurantId } as const;
  const mayWatch = async (as: "kitchen" | "ops", { personId }: Identity) =>
    (await snapshotOf(town.db, restaurant, { as, personId })).mayWatch;
  const both = async () => [await mayWatch("kitchen", town.kitchen), await mayWatch("ops", town.support)];
  expect(await both()).toEqual([true, true]);
  await town.db.sql`delete from person_roles where person_id in (${town.support.personId}, ${town.kitchen.personId})`;
  expect(await sight(town.support, { kind: "order", id: orderId })).toBe("stream.not-found");
  expect(await sight(town.kitchen, { kind: "restaurant", id: town.restaurantId })).toBe("stream.not-found");
  expect(await both()).toEqual([false, false]);
});

test("[RTM53] whose orders they are is looked up for those who ask, however many orders there are", async () => {
  class Undone extends Error {}
  const trying = town.db.sql.begin(async (tx) => {
    const ids = (
      await tx<{ id: string }[]>`
        insert into orders select copy.* from orders o, generate_series(1, 6000) as n,
          jsonb_populate_record(null::orders, to_jsonb(o) || jsonb_build_object('id', gen_random_uuid(), 'code', 'R' || n)) as copy
        where o.id = ${orderId} returning id`
    ).map(({ id }) => id);
    await tx`analyze orders`;
    // Cast: a transaction asks as the pool does.
    const authorise = makeAuthoriseWatch({ ...town.db, sql: tx as unknown as LiveMarket["db"]["sql"] });
    const rowsRead = async () =>
      // Of this transaction alone.
      (
        await tx<{ rows: number }[]>`select (seq_tup_read + idx_tup_fetch)::int as rows
          from pg_stat_xact_user_tables where relname = 'orders'`
      )[0]?.rows ?? Number.NaN;
    const before = await rowsRead();
    const asked = ids.slice(0, 400);
    const found = await Promise.all(
      asked.map((id) => authorise(town.customer, { marketId: MARKET, kind: "order", id })),
    );
    expect(found.map(({ as }) => as)).toEqual(asked.map(() => "customer"));
    expect((await rowsRead()) - before).toBeLessThanOrEqual(asked.length);
    throw new Undone();
  });
  await expect(trying).rejects.toThrow(Undone);
});
