import type { DeliveryStatus, OrderStatus, SuggestionEnd } from "./states.ts";

/**
 * Every kind of event. Who adds one declares it here, and the screens say it in words (clients/common/event-words). On the wire
 * a kind is any text: a screen may be older than its hub.
 */
export type EventType =
  | "order.placed"
  | "order.delayed"
  | "order.refund-decided"
  | Reached<"order", OrderStatus>
  | "delivery.offered"
  | "delivery.assigned"
  | "delivery.unassigned"
  | "delivery.pinned"
  | "delivery.unpinned"
  | Reached<"delivery", DeliveryStatus>
  | `payment.${"new" | "pending" | "authorized" | "captured" | "released" | "refunded"}`
  | "eta.updated"
  | "offer.made"
  | `offer.${"accepted" | "declined" | "expired" | "withdrawn"}`
  | "suggestion.made"
  | `suggestion.${SuggestionEnd}`
  | "shift.started"
  | "shift.ended"
  | "restaurant.paused"
  | "restaurant.changed"
  | "category.changed"
  | "item.changed"
  | "item.archived"
  | "staff.removed";

type Reached<Owner extends string, Status extends string> = `${Owner}.${Lowercase<Status>}`;

/** The event of a state that was reached: `delivery.order_picked`. */
export function reached<Owner extends "order" | "delivery", Status extends OrderStatus | DeliveryStatus>(
  owner: Owner,
  status: Status,
): Reached<Owner, Status> {
  // Cast: a state's name is plain letters.
  return `${owner}.${status.toLowerCase() as Lowercase<Status>}`;
}
