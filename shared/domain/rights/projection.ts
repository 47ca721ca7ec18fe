import type { Role } from "../../contracts/roles.ts";
import { seqIn, type SeenEvent, type StoredEvent, type StreamRef } from "../../contracts/streams.ts";
import type { OrderView, SeenOrder } from "../../contracts/views.ts";
import type { Viewer } from "./viewer.ts";

type Sight = Viewer["as"];

/** What everybody sees of an order that is theirs to see. */
const EVERYBODY = [
  "id",
  "marketId",
  "seq",
  "code",
  "restaurantId",
  "kind",
  "status",
  "note",
  "lines",
  "readyEstimateAtMs",
  "readyAtMs",
  "pickedUpAtMs",
  "deliveredAtMs",
  "endedAtMs",
  "endReason",
  "promise",
  "eta",
  "delivery",
] as const satisfies readonly (keyof OrderView)[];

/** What each kind of viewer sees of an order. What is not listed is not sent. [PRJ1] */
export const ORDER_FIELDS: Readonly<Record<Sight, readonly (keyof OrderView)[]>> = {
  customer: [
    ...EVERYBODY,
    "restaurantName",
    "restaurantLine",
    "restaurantPoint",
    "currency",
    "price",
    "payment",
    "drop",
    "placedAtMs",
    "createdAtMs",
    "payByAtMs",
    "confirmByAtMs",
    "confirmedAtMs",
  ],
  kitchen: [...EVERYBODY, "customerName", "currency", "placedAtMs", "createdAtMs", "confirmByAtMs", "confirmedAtMs"],
  courier: [...EVERYBODY, "restaurantName", "restaurantLine", "restaurantPoint", "customerName", "drop"],
  ops: [
    ...EVERYBODY,
    "restaurantName",
    "restaurantLine",
    "restaurantPoint",
    "customerName",
    "currency",
    "price",
    "payment",
    "drop",
    "placedAtMs",
    "createdAtMs",
    "payByAtMs",
    "confirmByAtMs",
    "confirmedAtMs",
  ],
};

/** Other parts of an event's payload, by who sees them. `order` is cut by {@link ORDER_FIELDS}. [PRJ2] */
const PAYLOAD_PARTS: Readonly<Record<Sight, readonly string[]>> = {
  customer: [],
  kitchen: ["restaurant", "item"],
  courier: ["shift", "offer", "suggestion", "work"],
  ops: ["restaurant", "item", "shift", "offer", "suggestion", "work", "reason", "payment"],
};

/** As which kind of viewer a role looks. */
export function sightOf(role: Role): Sight {
  switch (role) {
    case "customer":
      return "customer";
    case "courier":
      return "courier";
    case "kitchen":
    case "restaurant_admin":
      return "kitchen";
    case "dispatcher":
    case "support":
    case "admin":
      return "ops";
  }
}

/** An order, or a patch of one, as `sight` may see it. */
export function projectOrder(sight: Sight, order: Partial<OrderView>): Partial<OrderView> {
  const fields = ORDER_FIELDS[sight];
  const seen: Partial<OrderView> = Object.fromEntries(
    Object.entries(order).filter(([field]) => fields.some((visible) => visible === field)),
  );
  // Only the customer pays.
  if (seen.payment && sight !== "customer") seen.payment = { ...seen.payment, clientSecret: null };
  if (sight === "ops") return seen;
  if (seen.delivery) {
    // Only the office works with courier ids and pins.
    const { pinned: _, ...delivery } = seen.delivery;
    seen.delivery = sight === "courier" ? delivery : { ...delivery, courierId: null };
  }
  return seen;
}

/** A whole order, as `sight` may see it. */
export function seeOrder(sight: Sight, order: OrderView): SeenOrder {
  return { ...projectOrder(sight, order), id: order.id, status: order.status };
}

/** An event as a viewer of the stream gets it: never skipped, perhaps with nothing in it. [PRJ3] */
export function projectEvent(viewer: Viewer, ref: StreamRef, event: StoredEvent): SeenEvent | undefined {
  const seq = seqIn(event, ref);
  if (seq === undefined) return undefined;
  const payload: Record<string, unknown> = {};
  for (const part of PAYLOAD_PARTS[viewer.as]) {
    if (part in event.payload) payload[part] = event.payload[part];
  }
  const order = event.payload["order"];
  if (order) payload["order"] = projectOrder(viewer.as, order);
  return { id: event.id, seq, type: event.type, atMs: event.atMs, orderId: event.orderId, payload };
}
