import { Refusal } from "../contracts/errors.ts";
import { streamKey, type StreamRef } from "../contracts/streams.ts";
import { holds, type Identity } from "../domain/rights/identity.ts";
import type { Viewer } from "../domain/rights/viewer.ts";
import { seeOrder } from "../domain/rights/projection.ts";
import { orderViewOf } from "../domain/order/order-view.ts";
import type { SimLife } from "./life.ts";
import type { SimStore } from "./store.ts";

/** Whether somebody works in the market's office. */
export function isOffice(identity: Identity, marketId: string): boolean {
  return (["dispatcher", "support", "admin"] as const).some((role) => holds(identity, role, marketId));
}

/**
 * May this identity watch the stream, and as what? [RIG3]
 *
 * @throws {Refusal} `stream.not-found`, for what is not there and for what is not theirs alike
 */
export function authoriseSim(store: SimStore, identity: Identity, ref: StreamRef): Viewer {
  const { personId } = identity;
  if (isOffice(identity, ref.marketId)) return { as: "ops", personId };
  if (ref.kind === "order" && store.order(ref.id)?.order.customerId === personId && holds(identity, "customer")) {
    return { as: "customer", personId };
  }
  const staff = identity.roles.some((held) => held.restaurantId === ref.id && held.marketId === ref.marketId);
  if (ref.kind === "restaurant" && staff) return { as: "kitchen", personId };
  const courier = ref.kind === "courier" ? store.couriers.get(ref.id)?.row : undefined;
  if (courier?.active && courier.personId === personId) return { as: "courier", personId };
  throw new Refusal("stream.not-found", "no such stream for you");
}

/** A stream's state and the seq that it stands at. */
export function snapshotOfSim(store: SimStore, life: SimLife, ref: StreamRef, viewer: Viewer) {
  const seq = store.headOf(ref);
  return { seq, snapshot: stateOf(store, life, ref, viewer, seq) };
}

function stateOf(store: SimStore, life: SimLife, ref: StreamRef, viewer: Viewer, seq: number): unknown {
  if (ref.kind === "order") {
    const loaded = store.order(ref.id);
    if (loaded) return seeOrder(viewer.as, orderViewOf(loaded, store.lines(ref.id), seq));
  }
  const restaurant = ref.kind === "restaurant" ? store.restaurants.get(ref.id) : undefined;
  if (restaurant) {
    const open = [...store.orders(restaurant.open)].filter(({ order }) => KITCHEN.includes(order.status));
    return { orders: open.map((loaded) => life.seen(viewer.as, loaded)), paused: restaurant.row.paused };
  }
  const courier = ref.kind === "courier" ? store.couriers.get(ref.id) : undefined;
  if (courier) return life.courierState(courier);
  throw new Refusal("stream.not-found", `no such stream for you: ${streamKey(ref)}`);
}

/** Tickets that a kitchen still has to do with. */
const KITCHEN: readonly string[] = ["CREATED", "CONFIRMED", "PREPARING", "READY", "IN_DELIVERY"];
