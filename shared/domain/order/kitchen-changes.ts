import { Refusal } from "../../contracts/errors.ts";
import { reached } from "../../contracts/events.ts";
import type { OrderStatus } from "../../contracts/states.ts";
import type { Change } from "./change.ts";
import type { OrderAction } from "./machine.ts";
import type { DeliveryRecord, LoadedOrder, OrderRecord } from "./records.ts";

const MINUTE_MS = 60_000;

/** The instant of a change, and what depends on the deployment: how long after its delivery an order is concluded. */
export interface Moment {
  readonly nowMs: number;
  readonly concludeAfterMs: number;
}

/** What a kitchen says that moves an order along, and the action that it is. */
export const KITCHEN_ACTIONS = {
  "order.confirm": "confirm",
  "order.start": "start",
  "order.ready": "ready",
  "order.hand-out": "hand-out",
} as const satisfies Record<string, OrderAction>;
export type KitchenCommand = keyof typeof KITCHEN_ACTIONS;

/**
 * What a kitchen's word writes beside the new state.
 *
 * @param prepMinutes asked for by `order.confirm`
 * @throws {Refusal} `order.illegal-action` when a courier hands this order over
 */
export function kitchenChange(
  name: KitchenCommand,
  to: OrderStatus,
  { order }: LoadedOrder,
  prepMinutes: number,
  at: Moment,
): Change {
  if (name === "order.hand-out" && order.kind !== "takeaway") {
    throw new Refusal("order.illegal-action", "a courier hands this order over, not the restaurant");
  }
  return {
    type: reached("order", to),
    order: { status: to, ...WRITES[name](at, prepMinutes) },
    ...(name === "order.confirm" && order.kind === "delivery" ? { delivery: { status: "PENDING" } } : {}),
  };
}

const WRITES: Readonly<Record<KitchenCommand, (at: Moment, prepMinutes: number) => Partial<OrderRecord>>> = {
  "order.confirm": ({ nowMs }, prepMinutes) => ({
    confirmedAtMs: nowMs,
    confirmByAtMs: null,
    readyEstimateAtMs: nowMs + prepMinutes * MINUTE_MS,
  }),
  "order.start": () => ({}),
  "order.ready": ({ nowMs }) => ({ readyAtMs: nowMs, readyEstimateAtMs: nowMs }),
  "order.hand-out": ({ nowMs, concludeAfterMs }) => ({ deliveredAtMs: nowMs, concludeAtMs: nowMs + concludeAfterMs }),
};

/**
 * The kitchen needs longer.
 *
 * @throws {Refusal} `order.illegal-action` before it has begun and after it is ready
 */
export function delayChange({ order }: LoadedOrder, addMinutes: number, nowMs: number): Change {
  if (order.status !== "CONFIRMED" && order.status !== "PREPARING") {
    throw new Refusal("order.illegal-action", `cannot delay an order that is ${order.status}`);
  }
  const readyEstimateAtMs = Math.max(order.readyEstimateAtMs ?? nowMs, nowMs) + addMinutes * MINUTE_MS;
  return { type: "order.delayed", order: { readyEstimateAtMs, delayedAtMs: nowMs } };
}

/** The courier's work begins as a plan: PENDING until somebody accepts it. */
export function plannedDelivery(id: string, { order }: LoadedOrder, nowMs: number): DeliveryRecord {
  return {
    marketId: order.marketId,
    id,
    orderId: order.id,
    restaurantId: order.restaurantId,
    status: "PENDING",
    courierId: null,
    slot: null,
    stopOrder: null,
    version: 0,
    excludedCourierIds: [],
    assignedAtMs: null,
    pinnedAtMs: null,
    arrivedAtMerchantAtMs: null,
    pickedUpAtMs: null,
    arrivedAtCustomerAtMs: null,
    deliveredAtMs: null,
    endedAtMs: null,
    createdAtMs: nowMs,
  };
}
