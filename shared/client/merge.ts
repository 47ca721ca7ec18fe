import type { OrderStatus } from "../contracts/states.ts";
import type { SeenEvent } from "../contracts/streams.ts";
import type { CourierState, MoveSuggestion, OfferView, SeenOrder, ShiftView } from "../contracts/views.ts";

/** What a watch of a restaurant's stream starts from. */
export interface RestaurantState {
  /** The open ones, in the order in which they came. */
  readonly orders: readonly SeenOrder[];
  readonly paused: boolean;
}

/** A kitchen still has to do with these: paid, and neither handed out nor ended. */
const OPEN: readonly OrderStatus[] = ["CREATED", "CONFIRMED", "PREPARING", "READY", "IN_DELIVERY"];

/**
 * The order after an event of its stream. A patch is merged field by field; `delivery` and `payment` are merged one level
 * deeper, so that a patch may name what has changed in them. Unknown fields are kept.
 */
export function applyOrderEvent(order: SeenOrder, event: SeenEvent): SeenOrder {
  const patch = orderPatch(event);
  return { ...(patch ? mergeOrder(order, patch) : order), seq: event.seq };
}

/** The restaurant after an event of its stream: a new order, a changed one, one that has ended, or the pause. */
export function applyRestaurantEvent<S extends RestaurantState>(state: S, event: SeenEvent): S {
  const patch = orderPatch(event);
  const changed = event.payload["restaurant"];
  const paused = isRecord(changed) && typeof changed["paused"] === "boolean" ? changed["paused"] : state.paused;
  if (!patch || event.orderId === null) return paused === state.paused ? state : { ...state, paused };
  const orders = upserted(state.orders, event.orderId, patch).filter((order) => OPEN.includes(order.status));
  return { ...state, paused, orders };
}

/** The courier's working state after an event of the courier's stream. */
export function applyCourierEvent(state: CourierState, event: SeenEvent): CourierState {
  const { shift, offer, suggestion, work } = event.payload;
  const patch = orderPatch(event);
  const next = { ...state };
  // Cast (all): the hub sends the contract's views; null says that there is none any more.
  if (shift !== undefined) next.shift = shift as ShiftView | null;
  if (offer !== undefined) next.offer = offer as OfferView | null;
  if (suggestion !== undefined) next.suggestion = suggestion as MoveSuggestion | null;
  if (event.orderId !== null) {
    if (work === "removed") next.work = state.work.filter((order) => order.id !== event.orderId);
    else if (patch) next.work = upserted(state.work, event.orderId, patch).toSorted(byStop);
  }
  return next;
}

type OrderPatch = Partial<SeenOrder>;

function orderPatch(event: SeenEvent): OrderPatch | undefined {
  const patch = event.payload["order"];
  // A partial OrderView by contract; readers tolerate unknown fields.
  return isRecord(patch) ? patch : undefined;
}

function mergeOrder(order: SeenOrder, patch: OrderPatch): SeenOrder {
  const merged = { ...order, ...patch };
  if (order.delivery && patch.delivery) merged.delivery = { ...order.delivery, ...patch.delivery };
  if (order.payment && patch.payment) merged.payment = { ...order.payment, ...patch.payment };
  return merged;
}

/** Changes the order of this id, or adds it when the patch is enough of one. */
function upserted(orders: readonly SeenOrder[], id: string, patch: OrderPatch): SeenOrder[] {
  if (orders.some((order) => order.id === id)) {
    return orders.map((order) => (order.id === id ? mergeOrder(order, patch) : order));
  }
  return patch.status === undefined ? [...orders] : [...orders, { ...patch, id, status: patch.status }];
}

function byStop(a: SeenOrder, b: SeenOrder): number {
  return (a.delivery?.stopOrder ?? 0) - (b.delivery?.stopOrder ?? 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
