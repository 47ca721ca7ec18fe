import { z } from "zod";

import { point } from "./geo.ts";
import { courierId, orderId, restaurantId, zoneId } from "./ids.ts";
import { DELIVERY_STATUSES, ORDER_STATUSES } from "./states.ts";

const atMs = z.int();

/** Postgres' xid8 has 64 bits: all of them set. */
const LAST_VERSION = "18446744073709551615";

/** Names a state of the store; only it knows what the number means. */
export const boardVersion = z
  .string()
  .regex(/^\d{1,20}$/u)
  .refine(
    (version) => version.length < LAST_VERSION.length || version <= LAST_VERSION,
    "no state of the store has this number",
  );

/** An order as a map and a table of thousands need it; the rest is asked for when one is opened. */
export const boardOrder = z.object({
  id: orderId,
  code: z.string(),
  status: z.enum(ORDER_STATUSES),
  kind: z.enum(["delivery", "takeaway"]),
  restaurantId,
  customerName: z.string(),
  drop: point.nullable(),
  deliveryStatus: z.enum(DELIVERY_STATUSES).nullable(),
  courierId: courierId.nullable(),
  courierName: z.string().nullable(),
  stopOrder: z.int().nullable(),
  placedAtMs: atMs,
  promisedAtMs: atMs.nullable(),
  deliveredAtMs: atMs.nullable(),
});
export type BoardOrder = z.output<typeof boardOrder>;

/** A courier on duty. */
export const boardCourier = z.object({
  courierId,
  name: z.string(),
  vehicle: z.string(),
  point: point.nullable(),
  fixAtMs: atMs.nullable(),
  zone: zoneId.nullable(),
  holding: z.int(),
  hasOffer: z.boolean(),
});
export type BoardCourier = z.output<typeof boardCourier>;

export const boardRestaurant = z.object({ id: restaurantId, name: z.string(), point });
export type BoardRestaurant = z.output<typeof boardRestaurant>;

/**
 * The market, whole or what has changed since a version. A row that is told replaces the one of its id. Delivered orders
 * stand on it for half an hour, and are counted until they are concluded.
 */
export const boardView = z.object({
  /** Deployment time. */
  atMs,
  version: boardVersion,
  whole: z.boolean(),
  /** All orders that have not ended, by state. */
  counts: z.record(z.string(), z.int()),
  /** Those of the orders that are told. */
  restaurants: z.array(boardRestaurant),
  orders: z.array(boardOrder),
  /** No longer on the board. */
  goneOrderIds: z.array(orderId),
  couriers: z.array(boardCourier),
  /** No longer on duty. */
  goneCourierIds: z.array(courierId),
});
export type BoardView = z.output<typeof boardView>;
