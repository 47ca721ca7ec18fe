import type { RoundSettings } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/contracts/geo.ts";

import type { Instruction } from "./day.ts";
import type { InstanceCourier, InstanceOrder, ReplayInstance } from "./instance.ts";
import { daySettings, makePolicy } from "./policy.ts";

/** What a day came to. Means and the percentile are over delivered orders, in minutes. */
export interface OfflineResult {
  readonly placed: number;
  readonly delivered: number;
  readonly undeliveredPct: number;
  /** Click-to-door. */
  readonly ctdMeanMin: number;
  readonly ctdP90Min: number;
  /** Ready-to-pickup. */
  readonly rtpMeanMin: number;
  /** Times that a courier was asked: trips and additions. */
  readonly offers: number;
}

export interface PlayedMinute {
  readonly tMin: number;
  readonly decidedMs: number;
  /** Orders without a courier before it. */
  readonly open: number;
}

interface Job {
  readonly place: Point;
  readonly arrivalMin: number;
  readonly orders: readonly InstanceOrder[];
}

interface Person {
  readonly courier: InstanceCourier;
  freeMin: number;
  at: Point;
  job: Job | undefined;
}

interface Dropped {
  readonly ctdMin: number;
  readonly rtpMin: number;
}

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`against the rules: ${what}`);
  return value;
}

function rule(holds: boolean, what: string): void {
  if (!holds) throw new Error(`against the rules: ${what}`);
}

/** The `q` quantile with linear interpolation between neighbours (type 7); 0 of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Minutes of a leg; whole ones in the plane. */
function legMin(a: Point, b: Point, { travel }: ReplayInstance): number {
  return travel.router.leg(a, b).durationS / 60;
}

function pickupMin({ arrivalMin, orders }: Job): number {
  return Math.max(arrivalMin, ...orders.map(({ readyMin }) => readyMin));
}

/** The day's truth: it owns the couriers, obeys instructions and derives every time itself, as the problem's rules say. */
function makeDay(instance: ReplayInstance) {
  const orders = new Map(instance.orders.map((each) => [each.id, each]));
  const restaurants = new Map(instance.restaurants.map((each) => [each.id, each]));
  const people = new Map<string, Person>(
    instance.couriers.map((courier) => [courier.id, { courier, freeMin: courier.onMin, at: courier, job: undefined }]),
  );
  const open = new Set<string>();
  const dropped: Dropped[] = [];
  const pickupHalf = instance.pickupServiceMin / 2;
  const dropHalf = instance.dropoffServiceMin / 2;

  const finish = (person: Person, job: Job) => {
    let clockMin = pickupMin(job) + pickupHalf;
    let at = job.place;
    for (const order of job.orders) {
      clockMin += legMin(at, order, instance) + dropHalf;
      dropped.push({ ctdMin: clockMin - order.placedMin, rtpMin: pickupMin(job) - order.readyMin });
      clockMin += dropHalf;
      at = order;
    }
    person.freeMin = clockMin;
    person.at = at;
    person.job = undefined;
  };

  const move = (person: Person, restaurantId: string, tMin: number) => {
    const there = must(restaurants.get(restaurantId), "a restaurant that exists");
    rule(!person.job && person.freeMin <= tMin && tMin <= person.courier.offMin, "a move of a free courier");
    person.freeMin = tMin + legMin(person.at, there, instance);
    person.at = there;
  };

  return {
    open,
    dropped,
    /** Hands over the food of whoever has it by now. */
    settle(tMin: number) {
      for (const person of people.values()) {
        if (person.job && pickupMin(person.job) <= tMin) finish(person, person.job);
      }
    },
    obey(instruction: Instruction, tMin: number) {
      const person = must(people.get(instruction.courier), "a courier that exists");
      rule(tMin >= person.courier.onMin, "a courier on duty");
      if ("moveTo" in instruction) return move(person, instruction.moveTo, tMin);
      const list = instruction.orders.map((id) => must(orders.get(id), "an order that exists"));
      const kept = person.job?.orders ?? [];
      const place = must(restaurants.get(list[0]?.restaurantId ?? ""), "at least one order");
      rule(new Set(list).size === list.length, "no order twice");
      rule(
        list.every((each) => each.restaurantId === place.id),
        "one restaurant a trip",
      );
      rule(
        list.every((each) => kept.includes(each) || open.has(each.id)),
        "open orders",
      );
      rule(
        kept.every((each) => list.includes(each)),
        "no order dropped under way",
      );
      rule(
        person.job ? person.job.place === place : person.freeMin <= tMin,
        "a courier that is free or on the way there",
      );
      const arrivalMin = person.job?.arrivalMin ?? tMin + legMin(person.at, place, instance) + pickupHalf;
      person.job = { place, arrivalMin: Math.max(arrivalMin, tMin), orders: list };
      rule(pickupMin(person.job) <= person.courier.offMin, "a pick-up within the shift");
      for (const { id } of list) open.delete(id);
    },
  };
}

/**
 * Plays one day with the live round alone, minute by minute, as the judge of the Meal Delivery Routing Problem does:
 * pick-up = max(arrival + half the service, ready), each drop half its service after arriving. [DSP10]
 *
 * @param onMinute is told each minute, with the wall time that deciding it took
 * @throws {Error} `against the rules: …` when the policy breaks one
 */
export function playOffline(
  instance: ReplayInstance,
  settings: RoundSettings = daySettings(instance),
  onMinute: (minute: PlayedMinute) => void = () => {},
): OfflineResult {
  const day = makeDay(instance);
  const policy = makePolicy({ ...instance, router: instance.travel.router }, settings);
  const orders = instance.orders.toSorted((a, b) => a.placedMin - b.placedMin);
  const lastMin = Math.max(...orders.map(({ readyMin }) => readyMin), ...instance.couriers.map(({ offMin }) => offMin));
  const hear = hearer(orders);
  let offers = 0;
  for (let tMin = Math.min(0, orders[0]?.placedMin ?? 0); tMin <= lastMin + instance.maxMin; tMin++) {
    const placed = hear(tMin);
    for (const { id } of placed) day.open.add(id);
    day.settle(tMin);
    const beganMs = performance.now();
    const instructions = policy.minute({ tMin, placed, ready: [], returned: [] });
    onMinute({ tMin, decidedMs: performance.now() - beganMs, open: day.open.size });
    for (const instruction of instructions) {
      day.obey(instruction, tMin);
      if ("orders" in instruction) offers += 1;
    }
  }
  return { ...resultOf(orders.length, day.dropped), offers };
}

/** Gives the orders placed by each minute, once. Sorted by placing. */
function hearer(orders: readonly InstanceOrder[]): (tMin: number) => InstanceOrder[] {
  let next = 0;
  return (tMin) => {
    const first = next;
    while ((orders[next]?.placedMin ?? Infinity) <= tMin) next += 1;
    return orders.slice(first, next);
  };
}

function resultOf(placed: number, dropped: readonly Dropped[]): Omit<OfflineResult, "offers"> {
  const ctd = dropped.map(({ ctdMin }) => ctdMin);
  return {
    placed,
    delivered: ctd.length,
    undeliveredPct: placed === 0 ? 0 : (100 * (placed - ctd.length)) / placed,
    ctdMeanMin: mean(ctd),
    ctdP90Min: quantile(ctd, 0.9),
    rtpMeanMin: mean(dropped.map(({ rtpMin }) => rtpMin)),
  };
}
