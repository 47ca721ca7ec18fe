import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import {
  DEFAULT_SETTINGS,
  type Commit,
  type OnTheWay,
  type OpenDelivery,
  type RoundCourier,
  type RoundSettings,
} from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { planeRouter, type PlanePoint } from "#shared/domain/router/plane-router.ts";

import { packProjection } from "./pack.ts";

const MINUTE_MS = 60_000;

/** What a policy is told at the start of a day. */
export interface Day {
  readonly metersPerMinute: number;
  readonly pickupServiceMin: number;
  readonly dropoffServiceMin: number;
  readonly restaurants: readonly (PlanePoint & { readonly id: string; readonly meanPrepMin?: number })[];
  readonly couriers: readonly (PlanePoint & { readonly id: string; readonly onMin: number; readonly offMin: number })[];
}

export interface PlacedOrder extends PlanePoint {
  readonly id: string;
  readonly restaurantId: string;
  readonly placedMin: number;
  /** Absent when the kitchen does not know: then the restaurant's mean serves until the food is said to be ready. */
  readonly readyMin?: number;
}

export interface MinuteNews {
  readonly tMin: number;
  readonly placed: readonly PlacedOrder[];
  readonly ready: readonly string[];
  readonly returned: readonly string[];
}

export interface Instruction {
  readonly courier: string;
  readonly orders: readonly string[];
}

interface Known {
  readonly delivery: Omit<OpenDelivery, "readyAtMs" | "excludedCourierIds">;
  readonly expectedMs: number;
  readyMs: number | undefined;
}

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
  freeAtMs: number;
  at: Point;
  job: Job | undefined;
}

export interface MinutePolicy {
  minute(news: MinuteNews): Instruction[];
}

/** The settings of the live system with an instance's handover minutes, for rounds of a minute without any lead. */
export function daySettings(day: Pick<Day, "pickupServiceMin" | "dropoffServiceMin">): RoundSettings {
  return {
    ...DEFAULT_SETTINGS,
    handover: {
      beforePickupMs: (day.pickupServiceMin * MINUTE_MS) / 2,
      afterPickupMs: (day.pickupServiceMin * MINUTE_MS) / 2,
      beforeDropMs: (day.dropoffServiceMin * MINUTE_MS) / 2,
      afterDropMs: (day.dropoffServiceMin * MINUTE_MS) / 2,
    },
  };
}

/** The live round played minute by minute: keeps the books of one day and asks `planRound` each minute. */
export function makePolicy(day: Day, settings: RoundSettings = daySettings(day)): MinutePolicy {
  const projection = packProjection();
  const toPoint = ({ xM, yM }: PlanePoint) => projection.toPoint({ xM, yM });
  const router = planeRouter({ metersPerMinute: day.metersPerMinute, projection });
  const restaurants = new Map(
    day.restaurants.map((each) => [each.id, { point: toPoint(each), meanPrepMin: each.meanPrepMin ?? 0 }]),
  );
  const people: Person[] = day.couriers.map((each) => ({
    id: each.id,
    onMs: each.onMin * MINUTE_MS,
    offMs: each.offMin * MINUTE_MS,
    freeAtMs: each.onMin * MINUTE_MS,
    at: toPoint(each),
    job: undefined,
  }));
  const byId = new Map(people.map((each) => [each.id, each]));
  const known = new Map<string, Known>();
  const open = new Set<string>();
  const get = (id: string): Known => {
    const order = known.get(id);
    if (!order) throw new Error(`unknown order ${id}`);
    return order;
  };
  const readyMs = (order: Known, nowMs: number) => order.readyMs ?? Math.max(order.expectedMs, nowMs + MINUTE_MS);
  const legMs = (from: Point, to: Point) => router.leg(from, to).durationS * 1000;

  const hear = ({ placed, ready, returned, tMin }: MinuteNews) => {
    for (const each of placed) {
      const restaurant = restaurants.get(each.restaurantId);
      if (!restaurant) throw new Error(`unknown restaurant ${each.restaurantId}`);
      const placedAtMs = each.placedMin * MINUTE_MS;
      const { id, restaurantId } = each;
      known.set(id, {
        delivery: {
          id,
          orderId: id,
          restaurantId,
          pickup: restaurant.point,
          drop: toPoint(each),
          placedAtMs,
          priority: 0,
        },
        expectedMs: placedAtMs + Math.round(restaurant.meanPrepMin) * MINUTE_MS,
        readyMs: each.readyMin === undefined ? undefined : each.readyMin * MINUTE_MS,
      });
      open.add(id);
    }
    for (const id of ready) get(id).readyMs ??= tMin * MINUTE_MS;
    for (const id of returned) {
      open.add(id);
      for (const person of people) if (person.job?.orders.includes(id)) person.job = undefined;
    }
  };
  const pickupMs = (job: Job, nowMs: number) =>
    Math.max(job.arriveAtMs, ...job.orders.map((id) => readyMs(get(id), nowMs)));
  /** Where and when the courier is free again after the job. */
  const endOf = (job: Job, nowMs: number) => {
    let clockMs = pickupMs(job, nowMs) + settings.handover.afterPickupMs;
    let at = job.pickup;
    for (const id of job.orders) {
      const { drop } = get(id).delivery;
      clockMs += legMs(at, drop) + settings.handover.beforeDropMs + settings.handover.afterDropMs;
      at = drop;
    }
    return { clockMs, at };
  };
  const settle = (nowMs: number) => {
    for (const person of people) {
      const { job } = person;
      if (!job || pickupMs(job, nowMs) > nowMs || job.orders.some((id) => get(id).readyMs === undefined)) continue;
      const { clockMs, at } = endOf(job, nowMs);
      person.freeAtMs = clockMs;
      person.at = at;
      person.job = undefined;
    }
  };
  const asDelivery = (id: string, nowMs: number): OpenDelivery => {
    const order = get(id);
    return { ...order.delivery, readyAtMs: readyMs(order, nowMs), excludedCourierIds: [] };
  };
  const asCourier = (person: Person, nowMs: number): RoundCourier => {
    const { id, job, offMs } = person;
    const fixed = { id, shiftEndsAtMs: offMs, activeOfferCount: 0, capacity: settings.maxBundle };
    if (!job) return { ...fixed, point: person.at, freeAtMs: person.freeAtMs, freePoint: person.at };
    const { clockMs, at } = endOf(job, nowMs);
    const onTheWay: OnTheWay = { ...job, deliveries: job.orders.map((order) => asDelivery(order, nowMs)) };
    return { ...fixed, point: person.at, freeAtMs: clockMs, freePoint: at, onTheWay };
  };
  const obey = (commit: Commit, nowMs: number): Instruction => {
    const person = byId.get(commit.courierId);
    const restaurant = restaurants.get(commit.restaurantId);
    if (!person || !restaurant) throw new Error("a commit names a known courier and restaurant");
    for (const id of commit.addedIds) open.delete(id);
    const arriveAtMs =
      person.job?.arriveAtMs ?? nowMs + legMs(person.at, restaurant.point) + settings.handover.beforePickupMs;
    person.job = {
      restaurantId: commit.restaurantId,
      pickup: restaurant.point,
      arriveAtMs: Math.max(arriveAtMs, nowMs),
      orders: commit.deliveryIds,
    };
    return { courier: commit.courierId, orders: commit.deliveryIds };
  };

  return {
    minute(news) {
      const nowMs = news.tMin * MINUTE_MS;
      hear(news);
      settle(nowMs);
      if (open.size === 0) return [];
      const deliveries = [...open].map((id) => asDelivery(id, nowMs));
      const couriers = people.filter((each) => each.offMs >= nowMs).map((each) => asCourier(each, nowMs));
      return planRound({ nowMs, deliveries, couriers, router }, settings).commits.map((commit) => obey(commit, nowMs));
    },
  };
}
