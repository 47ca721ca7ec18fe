/** Order states (Open Delivery v2 names). docs/spec/order.md holds the transition table. */
export const ORDER_STATUSES = [
  "PENDING_PAYMENT",
  "CREATED",
  "CONFIRMED",
  "PREPARING",
  "READY",
  "IN_DELIVERY",
  "DELIVERED",
  "CONCLUDED",
  "REJECTED",
  "CANCELLED",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Delivery states (Open Delivery logistics names): the courier's work for one order. */
export const DELIVERY_STATUSES = [
  "PENDING",
  "ACCEPTED",
  "PICKUP_ONGOING",
  "ARRIVED_AT_MERCHANT",
  "ORDER_PICKED",
  "DELIVERY_ONGOING",
  "ARRIVED_AT_CUSTOMER",
  "ORDER_DELIVERED",
  "DELIVERY_FINISHED",
  "RETURNING_TO_MERCHANT",
  "RETURNED_TO_MERCHANT",
  "CANCELLED",
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const OFFER_STATUSES = ["offered", "accepted", "declined", "expired", "withdrawn"] as const;

/** How a suggestion to wait elsewhere ends before its time: the courier said no, is there, has got work, or went off duty. */
export const SUGGESTION_ENDS = ["dismissed", "arrived", "overtaken", "off-duty"] as const;
export type SuggestionEnd = (typeof SUGGESTION_ENDS)[number];
