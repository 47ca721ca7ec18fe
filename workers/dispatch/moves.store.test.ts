import { beforeAll, beforeEach, expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { assert } from "#shared/lib/assert.ts";
import { unpackDecision } from "#shared/server/life/decisions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { makeSuggestion } from "./make-suggestion.ts";

const services = await testServices();
const MINUTE_MS = 60_000;
const LOOK_MS = DEFAULT_SETTINGS.moves.everyMs;
/** Some 3.5 km from the only kitchen, and beside it. */
const [FAR, NEAR] = [
  { lat: -34.93, lng: -56.19 },
  { lat: -34.9005, lng: -56.18 },
];
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
});

/** Nobody is on duty and nothing is open, but the kitchen has just had orders. */
beforeEach(async () => {
  for (const { identity } of town.couriers) {
    await town.useCases["shift.end"](as(identity), { marketId: MARKET }).catch(() => {});
  }
  await town.db.sql`delete from move_suggestions`;
  await town.clock.advance(LOOK_MS);
  for (let count = 0; count < 3; count++) {
    await town.useCases["order.cancel"](as(town.support), { ...(await scene.created()), reason: "over" });
  }
  town.announced.length = 0;
});

async function onDuty(index: number, point = FAR) {
  const courier = town.couriers[index];
  assert(courier, "a courier");
  const endsAtMs = town.clock.nowMs() + 600 * MINUTE_MS;
  await town.useCases["shift.start"](as(courier.identity), { marketId: MARKET, endsAtMs, point });
  return courier;
}
const stateOf = (courier: LiveMarket["couriers"][number]) =>
  town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
/** What couriers were told, in order. */
const told = () => town.announced.map(({ type }) => type).filter((type) => /^(?:suggestion|offer)\./u.test(type));

async function advised(courier: LiveMarket["couriers"][number]) {
  await town.round();
  const { suggestion } = await stateOf(courier);
  assert(suggestion, "a suggestion");
  return suggestion;
}

async function decisions() {
  return town.db.sql<{ record: Buffer }[]>`select record from dispatch_decisions order by round`;
}

test("[DSP28] with nothing open, of many rounds one tells who stands badly where orders come from, and its record replays", async () => {
  const courier = await onDuty(0);
  const before = (await decisions()).length;
  // Several workers at once, of whom one has the round; then one round after the other within the same moment.
  await Promise.all(Array.from({ length: 6 }, () => town.round(1)));
  for (let count = 0; count < 3; count++) await town.round();
  const { suggestion } = await stateOf(courier);
  expect(suggestion).toMatchObject({ restaurantName: "Test kitchen", madeAtMs: town.clock.nowMs() });
  expect(suggestion?.wayMs).toBeGreaterThan(10 * MINUTE_MS);
  expect(told()).toEqual(["suggestion.made"]);
  const kept = (await decisions()).slice(before);
  expect(kept).toHaveLength(1);
  assert(kept[0], "a kept round");
  const record = await unpackDecision(kept[0].record);
  assert(record, "of this release");
  expect(record.plan.moves.map(({ courierId }) => courierId)).toEqual([courier.id]);
  expect(record.input.demand).toMatchObject([{ restaurantId: town.restaurantId, ordersPerHour: 6 }]);
  expect(replay(record)).toEqual({ outcome: "equal" });
});

test("[DSP28] moves are looked for once in their time, kept only when there are any, and not at all when they are switched off", async () => {
  const before = (await decisions()).length;
  const off = { ...DEFAULT_SETTINGS, moves: { ...DEFAULT_SETTINGS.moves, perRound: 0 } };
  const courier = await onDuty(0);
  await town.round(0, off);
  expect((await stateOf(courier)).suggestion).toBeNull();
  await town.useCases["shift.end"](as(courier.identity), { marketId: MARKET });
  // Nobody is there: looked, and nothing to say.
  await town.round();
  await onDuty(0);
  await town.clock.advance(LOOK_MS - 1);
  await town.round();
  expect((await stateOf(courier)).suggestion).toBeNull();
  expect(await decisions()).toHaveLength(before);
  await town.clock.advance(1);
  await advised(courier);
  expect(await decisions()).toHaveLength(before + 1);
});

test("[DSP28] a kitchen that takes no orders now, and one that has had none lately, move nobody", async () => {
  const courier = await onDuty(0);
  const pause = (paused: boolean) => town.db.sql`update restaurants set paused = ${paused}`;
  await pause(true);
  await town.round();
  await pause(false);
  expect((await stateOf(courier)).suggestion).toBeNull();
  await town.clock.advance(31 * MINUTE_MS);
  await town.round();
  expect((await stateOf(courier)).suggestion).toBeNull();
});

test("[DSP29] a no ends it once, however often it is said, and the courier is left in peace", async () => {
  const courier = await onDuty(0);
  const suggestion = await advised(courier);
  const no = { marketId: MARKET, suggestionId: suggestion.id };
  const stale = { ...no, suggestionId: town.itemId };
  expect(await town.useCases["suggestion.dismiss"](as(courier.identity), stale)).toEqual({ suggestion });
  for (let again = 0; again < 3; again++) {
    expect(await town.useCases["suggestion.dismiss"](as(courier.identity), no)).toEqual({ suggestion: null });
  }
  await town.clock.advance(LOOK_MS);
  await town.round();
  expect((await stateOf(courier)).suggestion).toBeNull();
  expect(told()).toEqual(["suggestion.made", "suggestion.dismissed"]);
});

test("[DSP29] an offer takes its place, and no suggestion comes to whoever has an offer or work", async () => {
  const courier = await onDuty(0);
  await advised(courier);
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  const offer = await scene.offered(courier);
  expect((await stateOf(courier)).suggestion).toBeNull();
  expect(told()).toEqual(["suggestion.made", "suggestion.overtaken", "offer.made"]);

  const [market] = await town.db.sql`select dispatch_round from markets`;
  const round = Number(market?.["dispatch_round"]);
  const of = { marketId: MARKET, round, decisionId: null, plan: { version: "1" } };
  const move = { courierId: courier.id, restaurantId: town.restaurantId, point: NEAR, wayMs: MINUTE_MS };
  expect(await makeSuggestion(town.uow, of, move)).toBe(false);
  await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  expect(await makeSuggestion(town.uow, of, move)).toBe(false);
  await scene.emptyHands(courier);
  expect(await makeSuggestion(town.uow, { ...of, round: round - 1 }, move), "of an older round").toBe(false);
  expect(await makeSuggestion(town.uow, of, move)).toBe(true);
  // What a dispatcher gives without asking ends it as well.
  const { delivery } = await town.useCases["order.read"](as(town.support), order);
  const given = { marketId: MARKET, deliveryId: delivery?.id ?? "", courierId: courier.id, reason: "Near" };
  await town.useCases["delivery.assign"](as(town.dispatcher), given);
  expect((await stateOf(courier)).suggestion).toBeNull();
  await scene.emptyHands(courier);
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
});

test("[DSP48] an order's black box tells what its courier had been advised before, and how that ended", async () => {
  const courier = await onDuty(0);
  const { id: suggestionId, madeAtMs } = await advised(courier);
  await town.clock.advance(MINUTE_MS);
  await town.useCases["suggestion.dismiss"](as(courier.identity), { marketId: MARKET, suggestionId });
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  const offer = await scene.offered(courier);
  const open = () => town.useCases["order.black-box"](as(town.support), order);
  expect((await open()).suggestions).toEqual([]);
  await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  const box = await open();
  expect(CATALOGUE["order.black-box"].output.parse(box).suggestions).toEqual(box.suggestions);
  expect(box.suggestions.at(-1)).toMatchObject({
    id: suggestionId,
    courierId: courier.id,
    courierName: "Courier 0",
    restaurantName: "Test kitchen",
    madeAtMs,
    ended: "dismissed",
    endedAtMs: madeAtMs + MINUTE_MS,
  });
  await scene.emptyHands(courier);
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
});

test("[DSP29] a newer one takes the place of an older, and the end of the shift or the arrival ends it", async () => {
  const courier = await onDuty(0);
  const first = await advised(courier);
  const [market] = await town.db.sql`select dispatch_round from markets`;
  const of = { marketId: MARKET, round: Number(market?.["dispatch_round"]), decisionId: null, plan: { version: "1" } };
  const move = { courierId: courier.id, restaurantId: town.restaurantId, point: NEAR, wayMs: MINUTE_MS };
  expect(await makeSuggestion(town.uow, of, move)).toBe(true);
  expect((await stateOf(courier)).suggestion).toMatchObject({ wayMs: MINUTE_MS });
  expect((await stateOf(courier)).suggestion?.id).not.toBe(first.id);

  await town.db.sql`update couriers set last_lat = ${NEAR.lat}, last_lng = ${NEAR.lng} where id = ${courier.id}`;
  await town.clock.advance(LOOK_MS);
  await Promise.all([town.round(), town.round()]);
  expect(told()).toEqual(["suggestion.made", "suggestion.made", "suggestion.arrived"]);

  await town.db.sql`update couriers set last_lat = ${FAR.lat}, last_lng = ${FAR.lng} where id = ${courier.id}`;
  await town.clock.advance(LOOK_MS);
  await advised(courier);
  await town.useCases["shift.end"](as(courier.identity), { marketId: MARKET });
  expect((await stateOf(courier)).suggestion).toBeNull();
  expect(told().slice(3)).toEqual(["suggestion.made", "suggestion.off-duty"]);
});

test("[DSP29] whoever comes first, of an offer, a no, a shift's end and a suggestion at once the courier keeps a gapless stream", async () => {
  const courier = await onDuty(0);
  const of = { marketId: MARKET, decisionId: null, plan: { version: "1" } };
  const move = { courierId: courier.id, restaurantId: town.restaurantId, point: NEAR, wayMs: MINUTE_MS };
  await town.db.sql`update markets set dispatch_round = 1000000`;
  for (let run = 0; run < 10; run++) {
    const suggestion = (await stateOf(courier)).suggestion;
    const id = suggestion?.id ?? town.itemId;
    await Promise.all([
      makeSuggestion(town.uow, { ...of, round: 1_000_000 }, move),
      town.useCases["suggestion.dismiss"](as(courier.identity), { marketId: MARKET, suggestionId: id }),
      town.useCases["shift.end"](as(courier.identity), { marketId: MARKET }),
    ]);
    expect((await stateOf(courier)).suggestion, "off duty nothing is advised").toBeNull();
    await onDuty(0);
    if (run % 2 === 0) await makeSuggestion(town.uow, { ...of, round: 1_000_000 }, move);
  }
  const seqs = await town.db.sql<{ seq: string }[]>`
    select courier_seq as seq from order_events where courier_id = ${courier.id} order by courier_seq`;
  expect(seqs.map(({ seq }) => Number(seq))).toEqual(seqs.map((_, index) => index + 1));
});
