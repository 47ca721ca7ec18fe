import { randomUUID } from "node:crypto";

import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";

import { orders } from "#drizzle/schema/orders.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeOrderCommands, type Decide, type OrderCommands } from "./order-commands.ts";

const services = await testServices();
let town: LiveMarket;
let orderIds: string[] = [];
let orderCommands: OrderCommands;
/** Commands in each transaction, and those that went alone. */
const groups: number[] = [];
let alone = 0;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 0 });
  const scene = scenesOf(town);
  for (let nth = 0; nth < 5; nth += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a kitchen's orders, one after the other
    const { orderId } = await scene.created();
    // oxlint-disable-next-line no-await-in-loop -- the same
    await town.useCases["order.confirm"](as(town.kitchen), { marketId: MARKET, orderId, prepMinutes: 10 });
    orderIds.push(orderId);
  }
  orderCommands = makeOrderCommands({
    commands: (asked, work) => (groups.push(asked.length), town.uow.commands(asked, work)),
    command: (asked, work) => ((alone += 1), town.uow.command(asked, work)),
  });
});

/** Writes a note on the order and tells of it. */
const note =
  (text: string): Decide<string> =>
  (w, loaded) => {
    if (!loaded) throw new Refusal("order.not-found", "no such order");
    const { marketId, id, restaurantId } = loaded.order;
    w.update(orders, { marketId, id }, { note: text });
    w.append({
      marketId,
      type: "order.delayed",
      payload: { order: { id } },
      actorRole: "kitchen",
      actorId: null,
      in: { order: id, restaurant: restaurantId },
    });
    return `${text} after "${loaded.order.note}"`;
  };
const says = (orderId: string, text: string, key: string = randomUUID(), decide: Decide<string> = note(text)) =>
  orderCommands.run(
    { personId: town.kitchen.personId, key, name: "order.delay", input: { orderId, text } },
    { marketId: MARKET, orderId },
    decide,
  );
const refuse: Decide<string> = (w, loaded) => {
  note("refused")(w, loaded);
  throw new Refusal("order.illegal-action", "not now");
};
function counted<T>(asked: () => Promise<T>): Promise<{ answer: T; groups: number[]; alone: number }> {
  groups.length = 0;
  alone = 0;
  return asked().then((answer) => ({ answer, groups: [...groups], alone }));
}
async function notes(): Promise<string[]> {
  const rows = await town.db.sql<{ id: string; note: string }[]>`select id, note from orders`;
  return orderIds.map((id) => rows.find((row) => row.id === id)?.note ?? "");
}
async function eventsOf(orderId: string): Promise<number> {
  const [row] = await town.db.sql<{ count: number }[]>`
    select count(*)::int as count from order_events where order_id = ${orderId} and type = 'order.delayed'`;
  return row?.count ?? -1;
}
/** Holds what `lock` locks until it is let go. */
async function holding(lock: string, values: string[], meanwhile: () => Promise<void>): Promise<void> {
  await town.db.sql.begin(async (tx) => {
    await tx.unsafe(lock, values);
    await meanwhile();
  });
}

test("[RTM69] commands that come together are one transaction, each with its own answer, event and key", async () => {
  const keys = orderIds.map(() => randomUUID());
  const all = () => Promise.all(orderIds.map((id, nth) => says(id, `first ${nth}`, keys[nth])));
  const before = town.announced.length;
  const done = await counted(all);
  expect(done).toMatchObject({ groups: [5], alone: 0 });
  expect(done.answer).toEqual(orderIds.map((_, nth) => `first ${nth} after ""`));
  expect(await notes()).toEqual(orderIds.map((_, nth) => `first ${nth}`));
  const announced = town.announced.slice(before);
  expect(announced.map(({ orderId }) => orderId)).toEqual(orderIds);
  const seqs = announced.map(({ restaurantSeq }) => restaurantSeq ?? 0);
  expect(seqs).toEqual(seqs.map((_, nth) => (seqs[0] ?? 0) + nth));
  // Said again, each has its answer and does nothing.
  expect(await all()).toEqual(done.answer);
  expect(town.announced.length).toBe(before + 5);
});

test("[RTM69] what comes while a transaction is under way goes with the next", async () => {
  const [first = "", ...others] = orderIds;
  const { groups: went } = await counted(async () => {
    const begun = says(first, "second");
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([begun, ...others.map((id) => says(id, "second"))]);
  });
  expect(went).toEqual([1, 4]);
});

test("[RTM70] of two commands of one order the second sees what the first has done", async () => {
  const [id = ""] = orderIds;
  const { answer } = await counted(() => Promise.all([says(id, "one"), says(id, "two")]));
  expect(answer).toEqual(['one after "second"', 'two after "one"']);
});

test("[RTM70] who is refused has written nothing, and the others are carried out", async () => {
  const [a = "", b = "", c = ""] = orderIds;
  const events = await eventsOf(b);
  const done = await counted(() =>
    Promise.all([says(a, "kept"), code(says(b, "refused", randomUUID(), refuse)), says(c, "kept")]),
  );
  expect(done).toMatchObject({ groups: [3], alone: 1 });
  expect(done.answer[1]).toBe("order.illegal-action");
  expect(await notes()).toEqual(["kept", "second", "kept", "second", "second"]);
  expect(await eventsOf(b)).toBe(events);
  expect(await code(says(randomUUID(), "nowhere"))).toBe("order.not-found");
});

test("[RTM70] a repetition among others gets its answer, and they are carried out once", async () => {
  const [a = "", b = "", c = ""] = orderIds;
  const key = randomUUID();
  const first = await says(a, "once", key);
  const events = await Promise.all([a, b, c].map(eventsOf));
  const done = await counted(() => Promise.all([says(a, "once", key), says(b, "beside"), says(c, "beside")]));
  expect(done.answer).toEqual([first, 'beside after "second"', 'beside after "kept"']);
  expect(done).toMatchObject({ groups: [3], alone: 1 });
  const [ofA = 0, ofB = 0, ofC = 0] = events;
  expect(await Promise.all([a, b, c].map(eventsOf))).toEqual([ofA, ofB + 1, ofC + 1]);
});

test("[RTM71] an order that somebody holds keeps nobody else waiting", async () => {
  const [held = "", free = ""] = orderIds;
  let waiting: Promise<string> | undefined;
  await holding("select from orders where id = $1 for update", [held], async () => {
    const done = await counted(async () => {
      waiting = says(held, "late");
      return await says(free, "at once");
    });
    expect(done.answer).toContain("at once");
    // Only the one that is held.
    expect(done).toMatchObject({ groups: [2], alone: 1 });
    expect((await notes())[0]).not.toBe("late");
  });
  expect(await waiting).toContain("late");
});

test("[RTM71] a stream's head that somebody holds lets go of all but its own in a moment", async () => {
  const [held = "", free = ""] = orderIds;
  let waiting: Promise<string> | undefined;
  await holding("select from stream_heads where owner_id = $1 for update", [held], async () => {
    const both = [says(held, "head held"), says(free, "head free")] as const;
    [waiting] = both;
    expect(await both[1]).toContain("head free");
    expect((await notes())[0]).not.toBe("head held");
  });
  expect(await waiting).toContain("head held");
});

test("[RTM72] what goes together is said by plans that are kept, one order or many", async () => {
  const plans: { custom: number; generic: number }[] = [];
  const watched = makeOrderCommands({
    ...town.uow,
    commands: (asked, work) =>
      town.uow.commands(asked, async (w) => {
        const answers = await work(w);
        plans.push(
          ...(await w.tx.execute<{ custom: number; generic: number }>(sql`
            select custom_plans::int as custom, generic_plans::int as generic from pg_prepared_statements
            where not from_sql and statement ~ 'unnest|skip locked'`)),
        );
        return answers;
      }),
  });
  const ask = (orderId: string) =>
    watched.run(
      { personId: town.kitchen.personId, key: randomUUID(), name: "order.delay", input: { orderId } },
      { marketId: MARKET, orderId },
      note("planned"),
    );
  await ask(orderIds[0] ?? "");
  await Promise.all(orderIds.map(ask));
  expect(plans.length).toBeGreaterThan(3);
  expect(plans.filter(({ custom }) => custom > 0)).toEqual([]);
  expect(plans.some(({ generic }) => generic > 0)).toBe(true);
});
