import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf, TOTAL, type Scenes } from "#shared/testing/order-scenes.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

const HOUR_MS = 3_600_000;
describe("an order's life on a real store", () => {
  test("[ORD6] [DLV4] [LED1] [LED3] placed, paid, cooked, carried, handed over, concluded; every cent in its place", async () => {
    const courier = await scene.onDuty(0);
    const order = await scene.created();
    const kitchen = as(town.kitchen);
    await town.useCases["order.confirm"](kitchen, { ...order, prepMinutes: 10 });
    await town.runJobs();
    expect(await scene.money(order.orderId)).toEqual({
      status: "captured",
      captured: TOTAL,
      refunded: 0,
      held: TOTAL,
      sum: 0,
    });

    const offer = await scene.offered(courier);
    const state = await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
    const deliveryId = state.work[0]?.delivery?.id;
    assert(deliveryId, "a delivery in hand");
    const step = { marketId: MARKET, deliveryId };
    await town.useCases["delivery.set-out"](as(courier.identity), step);
    await town.useCases["delivery.arrive-at-merchant"](as(courier.identity), step);
    expect(await code(town.useCases["delivery.pick-up"](as(courier.identity), step))).toBe("order.illegal-action");
    await town.useCases["order.start"](as(town.kitchen), order);
    await town.useCases["order.ready"](as(town.kitchen), order);
    expect((await town.useCases["delivery.pick-up"](as(courier.identity), step)).status).toBe("IN_DELIVERY");
    await town.useCases["delivery.leave"](as(courier.identity), step);
    await town.useCases["delivery.arrive-at-customer"](as(courier.identity), step);
    const handed = await town.useCases["delivery.hand-over"](as(courier.identity), step);
    expect([handed.status, handed.delivery?.status]).toEqual(["DELIVERED", "DELIVERY_FINISHED"]);
    expect((await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET })).work).toEqual([]);

    await town.clock.advance(2 * HOUR_MS);
    await town.sweeps.unconcluded(town.clock.nowMs());
    const seen = await town.useCases["order.read"](as(town.customer), order);
    expect(seen.status).toBe("CONCLUDED");
    expect(await scene.money(order.orderId)).toMatchObject({ held: TOTAL, sum: 0 });
    const story = await town.useCases["order.story"](as(town.support), order);
    expect(story.events.map((event) => event.seq)).toEqual(story.events.map((_, index) => index + 1));
    await town.useCases["shift.end"](as(courier.identity), { marketId: MARKET });
  });

  test("[ORD8] [MNY2] [JOB1] the kitchen rejects: the money is released", async () => {
    const order = await scene.created();
    await town.useCases["order.reject"](as(town.kitchen), { ...order, reason: "Out of gas" });
    await town.runJobs();
    expect(await scene.money(order.orderId)).toMatchObject({ status: "released", captured: 0, held: 0 });
    expect(await town.useCases["order.read"](as(town.customer), order)).toMatchObject({
      status: "REJECTED",
      endReason: "Out of gas",
    });
  });

  test("[DLN2] the kitchen does not answer in its time: REJECTED and released", async () => {
    const order = await scene.created();
    await town.clock.advance(5 * 60_000 - 1);
    await town.sweeps.unconfirmed(town.clock.nowMs());
    expect((await town.useCases["order.read"](as(town.customer), order)).status).toBe("CREATED");
    await town.clock.advance(1);
    await town.sweeps.unconfirmed(town.clock.nowMs());
    await town.runJobs();
    expect((await town.useCases["order.read"](as(town.customer), order)).status).toBe("REJECTED");
    expect(await scene.money(order.orderId)).toMatchObject({ status: "released", held: 0 });
  });

  test("[DLN1] [MNY3] paid after it was cancelled for lateness: released, never kept", async () => {
    const { id: orderId } = await scene.place();
    const order = { marketId: MARKET, orderId };
    const begun = await town.useCases["order.settle"](as(town.customer), order);
    await town.clock.advance(15 * 60_000);
    await town.sweeps.unpaid(town.clock.nowMs());
    await town.pay(begun.payment?.clientSecret ?? "");
    await town.runJobs();
    expect(await scene.money(orderId)).toMatchObject({ status: "released", captured: 0, held: 0 });
    expect((await town.useCases["order.read"](as(town.customer), order)).status).toBe("CANCELLED");
  });

  test("[MNY4] [LED2] cancelled after capture: refunded in whole; support may give back a part", async () => {
    const whole = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...whole, prepMinutes: 10 });
    await town.runJobs();
    await town.useCases["order.cancel"](as(town.customer), { ...whole, reason: "Changed my mind" });
    await town.runJobs();
    expect(await scene.money(whole.orderId)).toEqual({
      status: "refunded",
      captured: TOTAL,
      refunded: TOTAL,
      held: 0,
      sum: 0,
    });

    const part = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...part, prepMinutes: 10 });
    await town.useCases["order.start"](as(town.kitchen), part);
    expect(await code(town.useCases["order.cancel"](as(town.customer), { ...part, reason: "Too late" }))).toBe(
      "order.illegal-action",
    );
    await town.useCases["order.cancel"](as(town.support), { ...part, reason: "Spilled", refundMinor: 2_000 });
    await town.runJobs();
    expect(await scene.money(part.orderId)).toMatchObject({ held: TOTAL - 2_000, sum: 0 });
  });

  test("[ORD9] refunds never exceed what was paid", async () => {
    const order = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
    await town.runJobs();
    await town.useCases["order.refund"](as(town.support), { ...order, amountMinor: 5_000, reason: "Cold" });
    expect(
      await code(town.useCases["order.refund"](as(town.support), { ...order, amountMinor: 200, reason: "Cold" })),
    ).toBe("payment.amount");
    await town.runJobs();
    expect(await scene.money(order.orderId)).toMatchObject({ refunded: 5_000, held: TOTAL - 5_000, sum: 0 });
  });

  test("[IDM1] [IDM2] [ORD7] the same key is the same order; another body under it is refused; another total is never charged", async () => {
    const key = randomUUID();
    const [first, second] = await Promise.all([scene.place({}, key), scene.place({}, key)]);
    expect(second.id).toBe(first.id);
    expect(await code(scene.place({ note: "Other" }, key))).toBe("idempotency.mismatch");
    expect(await code(scene.place({ expectedTotalMinor: TOTAL - 1 }))).toBe("quote.changed");
  });

  test("[ORD2] an applied action is answered again and tells nothing new", async () => {
    const order = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
    const told = town.announced.length;
    expect((await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 25 })).status).toBe(
      "CONFIRMED",
    );
    expect(town.announced.length).toBe(told);
  });

  test("[ORD5] of a cancel and a confirm at once exactly one wins", async () => {
    for (let run = 0; run < 10; run++) {
      const order = await scene.created();
      const outcomes = await Promise.allSettled([
        town.useCases["order.reject"](as(town.kitchen), { ...order, reason: "Busy" }),
        town.useCases["order.cancel"](as(town.customer), { ...order, reason: "Busy" }),
      ]);
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    }
  });

  test("[RIG2] a stranger does not learn that an order is there", async () => {
    const order = await scene.created();
    expect(await code(town.useCases["order.read"](as(town.stranger), order))).toBe("order.not-found");
    expect(await code(town.useCases["order.cancel"](as(town.stranger), { ...order, reason: "Mine?" }))).toBe(
      "order.not-found",
    );
    expect(await code(town.useCases["order.read"](as(town.stranger), { ...order, orderId: randomUUID() }))).toBe(
      "order.not-found",
    );
  });
});

describe("offers", () => {
  test("[OFR1] [OFR2] of many accepts of one offer one wins; the deadline closes it for good", async () => {
    const courier = await scene.onDuty(1);
    const order = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
    const offer = await scene.offered(courier);
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id }),
      ),
    );
    // One courier's repeats are the same answer; what must not be is a second acceptance.
    expect(answers.every((answer) => answer.status === "fulfilled")).toBe(true);
    const story = await town.useCases["order.story"](as(town.dispatcher), order);
    expect(story.events.filter((event) => event.type === "delivery.accepted")).toHaveLength(1);
    await scene.emptyHands(courier);
    const other = await scene.onDuty(0);
    const again = await scene.offered(other);
    await town.clock.advance(30_000);
    expect(await code(town.useCases["offer.accept"](as(other.identity), { marketId: MARKET, offerId: again.id }))).toBe(
      "offer.closed",
    );
    await town.sweeps.unanswered(town.clock.nowMs());
    expect((await town.useCases["courier.read"](as(other.identity), { marketId: MARKET })).offer).toBeNull();
  });
});

test("[OFR3] a courier who declined is not asked again while another can be", async () => {
  const [first, second] = [await scene.onDuty(0), await scene.onDuty(1)];
  for (const each of [first, second]) await scene.emptyHands(each);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  let asked: { readonly id: string } | null = null;
  let [decliner, other] = [first, second];
  for (let minute = 0; minute < 60 && !asked; minute++) {
    await town.round();
    const offers = await Promise.all(
      [first, second].map(
        async (each) => (await town.useCases["courier.read"](as(each.identity), { marketId: MARKET })).offer,
      ),
    );
    asked = offers[0] ?? offers[1] ?? null;
    if (!offers[0]) [decliner, other] = [second, first];
    if (!asked) await town.clock.advance(60_000);
  }
  assert(asked, "an offer");
  await town.useCases["offer.decline"](as(decliner.identity), {
    marketId: MARKET,
    offerId: asked.id,
    reason: "Too far",
  });
  expect((await scene.offered(other)).status).toBe("offered");
  expect((await town.useCases["courier.read"](as(decliner.identity), { marketId: MARKET })).offer).toBeNull();
});

test("[OFR4] who goes off duty leaves no offer open", async () => {
  const [first, second] = [await scene.onDuty(0), await scene.onDuty(1)];
  for (const each of [first, second]) await scene.emptyHands(each);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.useCases["shift.end"](as(second.identity), { marketId: MARKET });
  const offer = await scene.offered(first);
  await town.useCases["shift.end"](as(first.identity), { marketId: MARKET });
  const [row] = await town.db.sql`select status from offers where id = ${offer.id}`;
  expect(row?.["status"]).toBe("withdrawn");
});

test("[LOD2] a command that is sent again while it is under way runs once", async () => {
  const command = {
    personId: town.customer.personId,
    key: randomUUID(),
    name: "order.place",
    input: { one: 1 },
  } as const;
  let runs = 0;
  const work = async () => ({ run: (runs += 1) });
  const again = () => town.uow.command(command, work);
  expect(await Promise.all([again(), again(), again()])).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
  const other = { ...command, key: randomUUID() };
  const [one, two] = await Promise.allSettled([
    town.uow.command(other, work),
    town.uow.command({ ...other, input: {} }, work),
  ]);
  expect([one.status, two.status]).toEqual(["fulfilled", "rejected"]);
  expect(runs).toBe(2);
});

test("[IDM3] [STR3] a refused command leaves nothing behind: no key, no event", async () => {
  const key = randomUUID();
  const order = await scene.created();
  const told = town.announced.length;
  expect(await code(town.useCases["order.ready"](as(town.kitchen, key), order))).toBe("order.illegal-action");
  expect(town.announced.length).toBe(told);
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 5 });
  await town.useCases["order.start"](as(town.kitchen), order);
  expect((await town.useCases["order.ready"](as(town.kitchen, key), order)).status).toBe("READY");
});

test("[JOB2] [JOB3] a job is owed once for its key; one that cannot be read is given up with the reason", async () => {
  const owed = {
    marketId: MARKET,
    name: "payment.settle" as const,
    dedupeKey: "test/once",
    payload: { marketId: MARKET, orderId: "not an id" },
  };
  await town.uow.run(async (w) => {
    w.owe(owed);
    w.owe(owed);
  });
  await town.runJobs();
  const rows = await town.db.sql`select done_at_ms, failed_reason from jobs where dedupe_key = 'test/once'`;
  expect(rows).toHaveLength(1);
  expect(rows[0]?.["done_at_ms"]).not.toBeNull();
  expect(String(rows[0]?.["failed_reason"])).toContain("orderId");
});

test("every statement of an order's life finds its rows by an index", async () => {
  await expectIndexed(town.db, town.statements);
});

test("[STR1] [STR2] every stream is gapless, and no seq stands in it twice", async () => {
  const rows = await town.db.sql<{ gaps: string }[]>`
    select count(*) as gaps from (
      select order_seq as seq, row_number() over (partition by order_id order by order_seq) as want from order_events where order_seq is not null
      union all
      select restaurant_seq, row_number() over (partition by restaurant_id order by restaurant_seq) from order_events where restaurant_seq is not null
      union all
      select courier_seq, row_number() over (partition by courier_id order by courier_seq) from order_events where courier_seq is not null
    ) s where seq <> want`;
  expect(Number(rows[0]?.gaps)).toBe(0);
  expect(town.announced.length).toBeGreaterThan(50);
});
