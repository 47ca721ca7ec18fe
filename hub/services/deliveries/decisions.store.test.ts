import { randomUUID } from "node:crypto";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

import { beforeAll, expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";
import { assert } from "#shared/lib/assert.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { code, scenesOf } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
let town: LiveMarket;
let offered: Awaited<ReturnType<typeof anOffer>>;

/** Two on duty, and one of them has an offer. */
async function anOffer() {
  const scene = scenesOf(town);
  const duty = [await scene.onDuty(0), await scene.onDuty(1)];
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.round();
  const [row] = await town.db.sql<{ id: string; courier_id: string; decision_id: string; delivery_id: string }[]>`
    select o.id, o.courier_id, o.decision_id, d.delivery_id
    from offers o join offer_deliveries d on d.market_id = o.market_id and d.offer_id = o.id where o.status = 'offered'`;
  const chosen = duty.find(({ id }) => id === row?.courier_id);
  const other = duty.find(({ id }) => id !== row?.courier_id);
  assert(row && chosen && other, "one was asked and one was not");
  const ref = { marketId: MARKET, decisionId: row.decision_id, deliveryId: row.delivery_id };
  return { order, ref, offer: { marketId: MARKET, offerId: row.id }, chosen, other };
}

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 3 });
  offered = await anOffer();
});

test("[DSP24] the office reads the decision behind an offer: every courier by name, with numbers and words", async () => {
  const { ref, chosen, other } = offered;
  const decision = await town.useCases["dispatch.decision"](as(town.dispatcher), ref);
  expect(CATALOGUE["dispatch.decision"].output.parse(decision)).toEqual(decision);
  expect(decision).toMatchObject({
    id: ref.decisionId,
    openDeliveries: 1,
    couriers: 2,
    commits: [{ courierId: chosen.id, kind: "trip", deliveryIds: [ref.deliveryId] }],
    holds: [],
    explained: { outcome: "offered", courierId: chosen.id, weighed: 2, complete: true },
  });
  expect(decision.settings).toHaveProperty("weights");
  const [first, second, ...others] = decision.explained?.couriers ?? [];
  expect(others).toEqual([]);
  expect(first).toMatchObject({ courierId: chosen.id, verdict: "chosen" });
  expect(second).toMatchObject({ courierId: other.id, verdict: "dearer" });
  expect(new Set([first?.name, second?.name])).toEqual(new Set(["Courier 0", "Courier 1"]));
  expect(first?.words).toContain("Of 2 who could come");

  const one = await town.useCases["dispatch.decision"](as(town.dispatcher), { ...ref, courierId: other.id });
  expect(one.explained?.couriers).toEqual([second]);
  const { deliveryId: _, ...round } = ref;
  expect((await town.useCases["dispatch.decision"](as(town.support), round)).explained).toBeNull();
});

test("[DSP25] a courier asks about the own offer alone, and is told nothing of another courier", async () => {
  const { offer, chosen, other } = offered;
  const why = await town.useCases["offer.why"](as(chosen.identity), offer);
  expect(CATALOGUE["offer.why"].output.parse(why)).toEqual(why);
  expect(why).toMatchObject({ offerId: offer.offerId, weighed: 2, own: { courierId: chosen.id, verdict: "chosen" } });
  for (const hidden of [other.id, "Courier 0", "Courier 1"]) expect(JSON.stringify(why)).not.toContain(hidden);
  expect(await code(town.useCases["offer.why"](as(other.identity), offer))).toBe("offer.not-found");
  expect(await code(town.useCases["offer.why"](as(town.customer), offer))).toBe("courier.not-found");
});

test("[DSP25] nobody but the market's office reads decisions", () => {
  for (const who of [town.customer, town.kitchen, offered.chosen.identity]) {
    expect(() => mayCall(who, "dispatch.decision", { marketId: MARKET })).toThrow("none of your roles");
  }
  expect(() => mayCall(town.dispatcher, "dispatch.decision", { marketId: "elsewhere" })).toThrow("none of your roles");
});

test("[API19] a decision is found by its id alone in the markets of who asks; not there and not theirs answer alike", async () => {
  const { ref } = offered;
  const { marketId: _, ...byId } = ref;
  const ask = (who: typeof town.dispatcher, over: object = {}) =>
    town.useCases["dispatch.decision-by-id"](as(who), { ...byId, ...over });
  const within = await town.useCases["dispatch.decision"](as(town.dispatcher), ref);
  expect(within.marketId).toBe(MARKET);
  expect(await ask(town.dispatcher)).toEqual(within);
  expect(CATALOGUE["dispatch.decision-by-id"].output).toBe(CATALOGUE["dispatch.decision"].output);
  const everywhere = { ...town.dispatcher, roles: [{ role: "admin" as const, marketId: null, restaurantId: null }] };
  expect(await ask(everywhere)).toEqual(within);
  const elsewhere = {
    ...town.dispatcher,
    roles: [{ role: "dispatcher" as const, marketId: "elsewhere", restaurantId: null }],
  };
  const refusals = [ask(elsewhere), ask(town.customer), ask(town.dispatcher, { decisionId: randomUUID() })];
  const told = await Promise.all(refusals.map((each) => each.catch((error: unknown) => error)));
  expect(told).toEqual(told.map(() => expect.objectContaining({ code: "decision.not-found" })));
  expect(new Set(told.map(String)).size).toBe(1);
});

test("[DSP66] a decision that a newer release has written in another form is not kept here, and stops nobody who asks", async () => {
  const { ref, offer, chosen, other } = offered;
  const [row] = await town.db.sql<
    { record: Buffer }[]
  >`select record from dispatch_decisions where id = ${ref.decisionId}`;
  assert(row, "it is kept");
  const newer = brotliCompressSync(
    JSON.stringify({ ...JSON.parse(brotliDecompressSync(row.record).toString()), format: 2 }),
  );
  await town.db.sql`update dispatch_decisions set record = ${newer}`;
  expect(await code(town.useCases["dispatch.decision"](as(town.dispatcher), ref))).toBe("decision.not-found");
  expect(await code(town.useCases["offer.why"](as(chosen.identity), offer))).toBe("decision.not-found");
  expect((await town.useCases["courier.why-not"](as(other.identity), { marketId: MARKET })).orders).toEqual([]);
  const { decisionId: _, ...delivery } = ref;
  expect((await town.useCases["delivery.why"](as(town.dispatcher), delivery)).words).toContain("is being asked");
  await town.db.sql`update dispatch_decisions set record = ${row.record} where id = ${ref.decisionId}`;
});

test("[DSP24] what is not there, or is kept no longer, is said to be so", async () => {
  const { ref, offer, chosen } = offered;
  const ask = (over: object) => code(town.useCases["dispatch.decision"](as(town.dispatcher), { ...ref, ...over }));
  expect(await ask({ decisionId: randomUUID() })).toBe("decision.not-found");
  expect(await ask({ deliveryId: randomUUID() })).toBe("delivery.not-found");
  await town.db.sql`delete from dispatch_decisions`;
  expect(await ask({})).toBe("decision.not-found");
  expect(await code(town.useCases["offer.why"](as(chosen.identity), offer))).toBe("decision.not-found");
});
