import { type ShiftWork, withShares } from "#shared/domain/dispatch/fair-share.ts";
import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import {
  DEFAULT_SETTINGS,
  type Commit,
  type Move,
  type RoundCourier,
  type RoundSettings,
} from "#shared/domain/dispatch/round.ts";
import { handOversOf } from "#shared/domain/dispatch/trip.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { Router } from "#shared/domain/router/router.ts";

import { clicksSoFar } from "./clicks-so-far.ts";
import type { Day, Instruction, MinuteNews } from "./day.ts";
import { makeOrderBook, type OrderBook } from "./order-book.ts";

const MINUTE_MS = 60_000;

interface Job {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly arriveAtMs: number;
  readonly orders: readonly string[];
}

interface Person {
  readonly id: string;
  readonly onMs: number;
  readonly offMs: number;
  /** Orders that this courier was given so far. */
  given: number;
  freeAtMs: number;
  at: Point;
  /** Set from the instruction until the food is in hand. */
  job: Job | undefined;
}

export interface MinutePolicy {
  minute(news: MinuteNews): Instruction[];
}

/** The settings of the live system with an instance's handover minutes, for rounds of a minute without any lead. */
export function daySettings(day: Pick<Day, "pickupServiceMin" | "dropoffServiceMin">): RoundSettings {
  return {
    ...DEFAULT_SETTINGS,
    roundMs: MINUTE_MS,
    leadMs: 0,
    handover: {
      beforePickupMs: (day.pickupServiceMin * MINUTE_MS) / 2,
      afterPickupMs: (day.pickupServiceMin * MINUTE_MS) / 2,
      beforeDropMs: (day.dropoffServiceMin * MINUTE_MS) / 2,
      afterDropMs: (day.dropoffServiceMin * MINUTE_MS) / 2,
    },
  };
}

/** What everybody on duty was given so far. */
function workAt(people: Iterable<Person>, nowMs: number): ReadonlyMap<string, ShiftWork> {
  const work = new Map<string, ShiftWork>();
  for (const { id, onMs, offMs, given } of people)
    if (onMs <= nowMs && nowMs <= offMs) work.set(id, { onDutyMs: nowMs - onMs, deliveries: given });
  return work;
}

/** Reckons where a courier's job leads, from what is known now. */
function jobReckoner(book: OrderBook, router: Router, { handover }: RoundSettings) {
  const pickupMs = (job: Job, nowMs: number) =>
    Math.max(job.arriveAtMs, ...job.orders.map((id) => book.delivery(id, nowMs).readyAtMs));
  const travel = (from: Point, to: Point) => router.leg(from, to).durationS * 1000;
  return {
    inHand: (job: Job, nowMs: number) => pickupMs(job, nowMs) <= nowMs && job.orders.every(book.knowsReady),
    /** Each of the job's orders with when it is handed over. */
    dropsOf(job: Job, nowMs: number) {
      const drops = job.orders.map((id) => book.delivery(id, nowMs));
      const atMs = handOversOf(job.pickup, pickupMs(job, nowMs), drops, travel, handover);
      return drops.map(({ drop, placedAtMs }, index) => ({ drop, placedAtMs, atMs: atMs[index] ?? 0 }));
    },
    endOf(job: Job, nowMs: number): { clockMs: number; at: Point } {
      const last = this.dropsOf(job, nowMs).at(-1);
      return last
        ? { clockMs: last.atMs + handover.afterDropMs, at: last.drop }
        : { clockMs: pickupMs(job, nowMs) + handover.afterPickupMs, at: job.pickup };
    },
  };
}

/** The live round played minute by minute: keeps the books of one day and asks `planRound` each minute. */
export function makePolicy(day: Day, settings: RoundSettings = daySettings(day)): MinutePolicy {
  const { router } = day;
  const book = makeOrderBook(day, settings);
  const clicks = clicksSoFar(settings.late);
  const reckoner = jobReckoner(book, router, settings);
  const pickups = new Map(day.restaurants.map(({ id, lat, lng }) => [id, { lat, lng }]));
  const people = new Map<string, Person>(
    day.couriers.map((each) => [
      each.id,
      {
        id: each.id,
        onMs: each.onMin * MINUTE_MS,
        offMs: each.offMin * MINUTE_MS,
        given: 0,
        freeAtMs: each.onMin * MINUTE_MS,
        at: { lat: each.lat, lng: each.lng },
        job: undefined,
      },
    ]),
  );
  const settle = (person: Person, { returned }: MinuteNews, nowMs: number) => {
    const { job } = person;
    if (!job) return;
    if (returned.some((id) => job.orders.includes(id))) person.job = undefined;
    else if (reckoner.inHand(job, nowMs)) {
      const { clockMs, at } = reckoner.endOf(job, nowMs);
      for (const { placedAtMs, atMs } of reckoner.dropsOf(job, nowMs)) clicks.hear(placedAtMs, atMs);
      Object.assign(person, { freeAtMs: clockMs, at, job: undefined });
    }
  };
  const asCourier = ({ id, job, offMs, at, freeAtMs }: Person, nowMs: number): RoundCourier => {
    const fixed = { id, point: at, shiftEndsAtMs: offMs, activeOfferCount: 0, capacity: settings.maxBundle };
    if (!job) return { ...fixed, freeAtMs, freePoint: at };
    const end = reckoner.endOf(job, nowMs);
    const onTheWay = { ...job, deliveries: job.orders.map((order) => book.delivery(order, nowMs)) };
    return { ...fixed, freeAtMs: end.clockMs, freePoint: end.at, onTheWay };
  };
  const obey = ({ courierId, restaurantId, deliveryIds, addedIds }: Commit, nowMs: number): Instruction => {
    const person = people.get(courierId);
    const pickup = pickups.get(restaurantId);
    if (!person || !pickup) throw new Error("a commit names a known courier and restaurant");
    book.take(addedIds);
    person.given += addedIds.length;
    const arriveAtMs =
      person.job?.arriveAtMs ??
      nowMs + router.leg(person.at, pickup).durationS * 1000 + settings.handover.beforePickupMs;
    person.job = { restaurantId, pickup, arriveAtMs: Math.max(arriveAtMs, nowMs), orders: deliveryIds };
    return { courier: courierId, orders: deliveryIds };
  };
  const go = ({ courierId, restaurantId, point, wayMs }: Move, nowMs: number): Instruction => {
    const person = people.get(courierId);
    if (!person) throw new Error("a move names a known courier");
    Object.assign(person, { at: point, freeAtMs: nowMs + wayMs });
    return { courier: courierId, moveTo: restaurantId };
  };

  return {
    minute(news) {
      const nowMs = news.tMin * MINUTE_MS;
      book.hear(news);
      for (const person of people.values()) settle(person, news, nowMs);
      const deliveries = book.openDeliveries(nowMs);
      const couriers = withShares(
        [...people.values()].filter(({ offMs }) => offMs >= nowMs).map((each) => asCourier(each, nowMs)),
        workAt(people.values(), nowMs),
      );
      const usualMs = clicks.usualAt(nowMs);
      const usual = usualMs === undefined ? {} : { usualMs };
      const moves = nowMs % settings.moves.everyMs < settings.roundMs ? { demand: book.demand(nowMs) } : {};
      const plan = planRound({ nowMs, deliveries, couriers, router, ...usual, ...moves }, settings);
      return [...plan.commits.map((commit) => obey(commit, nowMs)), ...plan.moves.map((move) => go(move, nowMs))];
    },
  };
}
