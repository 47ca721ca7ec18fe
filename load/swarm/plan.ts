import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import type { Point } from "#shared/contracts/geo.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";

/** How many of whom, and what they have to do with each other: everything follows from how many connections there are. */
export interface SwarmPlan {
  readonly connections: number;
  readonly customers: number;
  readonly couriers: number;
  readonly kitchens: number;
  readonly operators: number;
  /** Every third customer tracks an order; order `j` is that of customer `3 j`. */
  readonly orders: number;
  /** The first so many orders are in couriers' hands, the others are in the kitchen. */
  readonly carried: number;
}

/** A courier carries so many orders at most. */
const CARRIED_EACH = 2;
const CUSTOMER_SHARE = 0.88;
const COURIER_SHARE = 0.08;
const OPERATOR_SHARE = 0.002;

/** "City at peak": 88 % customers of whom a third track an order, 8 % couriers, 4 % kitchens and operators. [SWM2] */
export function planOf(connections: number): SwarmPlan {
  const customers = Math.round(connections * CUSTOMER_SHARE);
  const couriers = Math.max(1, Math.round(connections * COURIER_SHARE));
  const operators = Math.max(1, Math.round(connections * OPERATOR_SHARE));
  const kitchens = Math.max(1, connections - customers - couriers - operators);
  const orders = Math.floor(customers / 3);
  const carried = Math.min(Math.floor(orders / 2), couriers * CARRIED_EACH);
  return {
    connections: customers + couriers + operators + kitchens,
    customers,
    couriers,
    kitchens,
    operators,
    orders,
    carried,
  };
}

export type Kind = "customer" | "courier" | "kitchen" | "operator";

/** Somebody with a connection. `index` counts within their kind. */
export interface Person {
  readonly kind: Kind;
  readonly index: number;
}

export const NAMESPACE_OF: Readonly<Record<Kind, Namespace>> = {
  customer: "customer",
  courier: "courier",
  kitchen: "kitchen",
  operator: "ops",
};

/** Everybody whom process `part` of `parts` plays; each plays its share of every kind. */
export function* peopleOf(plan: SwarmPlan, part: number, parts: number): Generator<Person> {
  const counts: readonly [Kind, number][] = [
    ["operator", plan.operators],
    ["kitchen", plan.kitchens],
    ["courier", plan.couriers],
    ["customer", plan.customers],
  ];
  for (const [kind, count] of counts) for (let index = part; index < count; index += parts) yield { kind, index };
}

/**
 * The hub of whoever comes as the `turn`-th: one after the other, begun a hub later in each round, since every third customer tracks
 * an order and would otherwise meet all others who do at every third hub. [SWM9]
 */
export function hubOf<T>(hubs: readonly T[], turn: number): T | undefined {
  return hubs[(turn + Math.floor(turn / hubs.length)) % hubs.length];
}

/** What ids are made for. */
const ID_KINDS = [
  "customer",
  "courier",
  "kitchen",
  "operator",
  "restaurant",
  "courier-file",
  "order",
  "delivery",
  "menu",
  "item",
] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** All of an id but the twelve hexadecimal digits of the index: the store makes them in bulk. */
export function idPrefix(kind: IdKind): string {
  return `0190a000-0000-7${(0x100 + ID_KINDS.indexOf(kind)).toString(16)}-8000-`;
}

export function idOf(kind: IdKind, index: number): string {
  return idPrefix(kind) + index.toString(16).padStart(12, "0");
}

/** The order that a customer tracks. */
export function orderOf(plan: SwarmPlan, customer: number): number | undefined {
  return customer % 3 === 0 && customer / 3 < plan.orders ? customer / 3 : undefined;
}

export const customerOf = (order: number): number => order * 3;
export const courierOf = (plan: SwarmPlan, order: number): number => order % plan.couriers;
export const kitchenOf = (plan: SwarmPlan, order: number): number => order % plan.kitchens;

/** The orders in a courier's hands at the start. */
export function carriedBy(plan: SwarmPlan, courier: number): number[] {
  const orders: number[] = [];
  for (let order = courier; order < plan.carried; order += plan.couriers) orders.push(order);
  return orders;
}

/** The orders that a kitchen has to do with at the start. */
export function cookedBy(plan: SwarmPlan, kitchen: number): number[] {
  const orders: number[] = [];
  const skipped = Math.max(0, Math.ceil((plan.carried - kitchen) / plan.kitchens));
  for (let order = kitchen + skipped * plan.kitchens; order < plan.orders; order += plan.kitchens) orders.push(order);
  return orders;
}

/** A customer who tracks nothing tries what is somebody else's: one in so many. */
const NOSY_EVERY = 100;

/** The order of somebody else that this customer tries to watch. */
export function nosyAbout(plan: SwarmPlan, customer: number): number | undefined {
  return customer % NOSY_EVERY === 1 && plan.orders > 0 ? customer % plan.orders : undefined;
}

/** The middle of the market. */
export const CENTRE: Point = { lat: -34.9, lng: -56.16 };
const CITY_RADIUS_M = 9_000;
/** Spreads points evenly over a disk (Vogel, 1979). */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** The place of one of `count` that are spread over the city. */
export function placeOf(index: number, count: number): Point {
  const radiusM = CITY_RADIUS_M * Math.sqrt((index + 0.5) / count);
  const angle = index * GOLDEN_ANGLE;
  return offsetBy(CENTRE, radiusM * Math.cos(angle), radiusM * Math.sin(angle));
}
