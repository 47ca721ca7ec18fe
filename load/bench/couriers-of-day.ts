import type { Point } from "#shared/contracts/geo.ts";

import type { Instruction } from "../replay/day.ts";
import type { ReplayInstance } from "../replay/instance.ts";
import { quantile } from "../replay/offline.ts";

/** What the policy said on one day, in its order. */
export interface ToldDay {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** Over all couriers of all days. */
export interface CourierFigures {
  readonly kmPerOrder: number;
  /** Of moves to a restaurant without food. */
  readonly movedKmPerOrder: number;
  /** In the pack's pay: $10 an order, and $15 an hour at the least. */
  readonly payPerHourP10: number;
  readonly payPerHourP50: number;
  readonly payPerHourP90: number;
  /** 0 when all delivered as many orders an hour on duty, 1 when one delivered all. */
  readonly ordersGini: number;
}

const PAY = { order: 10, hour: 15 } as const;

interface Ridden {
  readonly hours: number;
  readonly orders: number;
  readonly wayM: number;
  readonly movedM: number;
}

/** Follows every courier along what was told. An order that was given back counts for who got it last. */
export function couriersOf(pack: ReadonlyMap<string, ReplayInstance>, told: readonly ToldDay[]): CourierFigures {
  const ridden = told.flatMap(({ name, instructions }) => {
    const instance = pack.get(name);
    return instance ? dayOf(instance, instructions) : [];
  });
  const orders = Math.max(1, sum(ridden.map((each) => each.orders)));
  const pays = ridden.map((each) => Math.max(PAY.order * each.orders, PAY.hour * each.hours) / each.hours);
  return {
    kmPerOrder: rounded(sum(ridden.map((each) => each.wayM)) / 1000 / orders),
    movedKmPerOrder: rounded(sum(ridden.map((each) => each.movedM)) / 1000 / orders),
    payPerHourP10: rounded(quantile(pays, 0.1)),
    payPerHourP50: rounded(quantile(pays, 0.5)),
    payPerHourP90: rounded(quantile(pays, 0.9)),
    ordersGini: rounded(gini(ridden.map((each) => each.orders / each.hours))),
  };
}

function dayOf(instance: ReplayInstance, instructions: readonly Instruction[]): Ridden[] {
  const orders = new Map(instance.orders.map((each) => [each.id, each]));
  const restaurants = new Map<string, Point>(instance.restaurants.map((each) => [each.id, each]));
  const last = new Map(
    instructions.flatMap((each, index) =>
      "orders" in each ? each.orders.map((id): [string, number] => [id, index]) : [],
    ),
  );
  const own = Map.groupBy(
    instructions.map((each, index) => ({ each, index })),
    ({ each }) => each.courier,
  );
  return instance.couriers.map((courier) => {
    let at: Point = courier;
    let [wayM, movedM, delivered] = [0, 0, 0];
    const ride = (to: Point): number => {
      const { distanceM } = instance.travel.router.leg(at, to);
      at = to;
      wayM += distanceM;
      return distanceM;
    };
    for (const { each, index } of own.get(courier.id) ?? []) {
      if ("moveTo" in each) {
        movedM += ride(restaurants.get(each.moveTo) ?? at);
        continue;
      }
      // An addition tells the whole list anew: then nothing of the earlier one is left.
      const drops = each.orders.filter((id) => last.get(id) === index).flatMap((id) => orders.get(id) ?? []);
      if (drops.length === 0) continue;
      ride(restaurants.get(drops[0]?.restaurantId ?? "") ?? at);
      for (const drop of drops) ride(drop);
      delivered += drops.length;
    }
    return { hours: (courier.offMin - courier.onMin) / 60, orders: delivered, wayM, movedM };
  });
}

function gini(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const total = sum(sorted);
  if (total === 0) return 0;
  const ranked = sum(sorted.map((each, index) => each * (2 * (index + 1) - sorted.length - 1)));
  return ranked / (sorted.length * total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
