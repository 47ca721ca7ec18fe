import { z } from "zod";

import { point } from "./geo.ts";
import { courierId, deliveryId, marketId, offerId, orderId, restaurantId, uuid, zoneId } from "./ids.ts";
import { amountMinor, priceBreakdown } from "./money.ts";
import { DELIVERY_STATUSES, OFFER_STATUSES, ORDER_STATUSES } from "./states.ts";

const atMs = z.int();

export const orderLine = z.object({
  itemId: uuid,
  name: z.string(),
  quantity: z.int(),
  unitMinor: amountMinor,
  totalMinor: amountMinor,
  modifiers: z.array(z.object({ groupName: z.string(), optionId: uuid, name: z.string(), priceMinor: amountMinor })),
  note: z.string(),
});
export type OrderLine = z.output<typeof orderLine>;

export const etaView = z.object({ p50AtMs: atMs, p90AtMs: atMs });

export const deliveryView = z.object({
  id: deliveryId,
  status: z.enum(DELIVERY_STATUSES),
  /** Counts assignments; a position names the one that it is for. */
  version: z.int(),
  courierId: courierId.nullable(),
  courierName: z.string().nullable(),
  stopOrder: z.int().nullable(),
  /** A dispatcher has it in hand. Only the office sees it. */
  pinned: z.boolean().optional(),
});
export type DeliveryView = z.output<typeof deliveryView>;

/**
 * An order as the platform tells it. Which fields a viewer gets stands in one table (shared/domain/rights/projection.ts);
 * events carry a patch of the same shape, so a client merges and never derives.
 */
export const orderView = z.object({
  id: orderId,
  marketId,
  /** The stream position that this view stands at. */
  seq: z.int(),
  code: z.string(),
  restaurantId,
  restaurantName: z.string(),
  restaurantLine: z.string(),
  restaurantPoint: point,
  customerName: z.string(),
  kind: z.enum(["delivery", "takeaway"]),
  status: z.enum(ORDER_STATUSES),
  note: z.string(),
  lines: z.array(orderLine),
  currency: z.string(),
  price: priceBreakdown,
  payment: z.object({ status: z.string(), clientSecret: z.string().nullable(), refundedMinor: amountMinor }),
  drop: z.object({ line: z.string(), instructions: z.string(), point }).nullable(),
  placedAtMs: atMs,
  createdAtMs: atMs.nullable(),
  payByAtMs: atMs.nullable(),
  confirmByAtMs: atMs.nullable(),
  confirmedAtMs: atMs.nullable(),
  readyEstimateAtMs: atMs.nullable(),
  readyAtMs: atMs.nullable(),
  pickedUpAtMs: atMs.nullable(),
  deliveredAtMs: atMs.nullable(),
  endedAtMs: atMs.nullable(),
  endReason: z.string().nullable(),
  promise: etaView.nullable(),
  eta: etaView.nullable(),
  delivery: deliveryView.nullable(),
});
export type OrderView = z.output<typeof orderView>;
/** What a viewer gets: the fields of its role. */
export const seenOrder = orderView.partial().required({ id: true, status: true });
export type SeenOrder = z.output<typeof seenOrder>;

export const offerView = z.object({
  id: offerId,
  status: z.enum(OFFER_STATUSES),
  offeredAtMs: atMs,
  expiresAtMs: atMs,
  currency: z.string(),
  payMinor: amountMinor,
  /** Why it was made, in a sentence; empty where that was not kept. More by `offer.why`. */
  why: z.string(),
  restaurantName: z.string(),
  restaurantLine: z.string(),
  pickupPoint: point,
  /** In drop-off order. Before acceptance a drop is known by its zone's centre only. */
  drops: z.array(z.object({ deliveryId, orderCode: z.string(), areaPoint: point, distanceM: z.int() })),
});
export type OfferView = z.output<typeof offerView>;

/** Advice to somebody who waits: where orders are to be expected. Nothing follows from not going. */
export const moveSuggestion = z.object({
  id: uuid,
  madeAtMs: atMs,
  /** It ends by itself then, and nobody says so. */
  expiresAtMs: atMs,
  restaurantName: z.string(),
  restaurantLine: z.string(),
  /** The restaurant's: wait near it. */
  point,
  /** How far it was when it was made, deployment ms. */
  wayMs: z.int(),
});
export type MoveSuggestion = z.output<typeof moveSuggestion>;

export const shiftView = z.object({ id: uuid, startedAtMs: atMs, endsAtMs: atMs, endedAtMs: atMs.nullable() });
export type ShiftView = z.output<typeof shiftView>;

/** A courier's whole working state: what the phone shows, what a watch of the courier's stream starts from. */
export const courierState = z.object({
  courierId,
  name: z.string(),
  vehicle: z.string(),
  shift: shiftView.nullable(),
  offer: offerView.nullable(),
  /** Where to wait best; the newest, until it has ended. */
  suggestion: moveSuggestion.nullable(),
  /** Deliveries in hand, in stop order. */
  work: z.array(seenOrder),
});
export type CourierState = z.output<typeof courierState>;

export const modifierGroup = z.object({
  id: uuid,
  name: z.string().min(1).max(80),
  minChoices: z.int().min(0).max(50),
  maxChoices: z.int().min(1).max(50),
  options: z
    .array(z.object({ id: uuid, name: z.string().min(1).max(80), priceMinor: amountMinor, available: z.boolean() }))
    .min(1)
    .max(50),
});
export type ModifierGroup = z.output<typeof modifierGroup>;

export const menuItem = z.object({
  id: uuid,
  categoryId: uuid,
  name: z.string(),
  description: z.string(),
  priceMinor: amountMinor,
  available: z.boolean(),
  stock: z.int().nullable(),
  modifierGroups: z.array(modifierGroup),
});
export type MenuItem = z.output<typeof menuItem>;

export const menuView = z.object({
  restaurantId,
  currency: z.string(),
  categories: z.array(z.object({ id: uuid, name: z.string(), items: z.array(menuItem) })),
});
export type MenuView = z.output<typeof menuView>;

export const restaurantView = z.object({
  id: restaurantId,
  marketId,
  name: z.string(),
  description: z.string(),
  cuisine: z.string(),
  addressLine: z.string(),
  point,
  zone: zoneId,
  deliveryRadiusM: z.int(),
  minimumMinor: amountMinor,
  deliveryBaseMinor: amountMinor,
  deliveryPerKmMinor: amountMinor,
  serviceFeeBasisPoints: z.int(),
  prepMinutes: z.int(),
  currency: z.string(),
  paused: z.boolean(),
  active: z.boolean(),
  /** Open by its hours and not paused. */
  open: z.boolean(),
  /** Why not, or until when. */
  opensAtMs: z.int().nullable(),
  hours: z.array(z.object({ weekday: z.int(), opensMinute: z.int(), closesMinute: z.int() })),
});
export type RestaurantView = z.output<typeof restaurantView>;

export const courierView = z.object({
  id: courierId,
  personId: uuid,
  name: z.string(),
  vehicle: z.string(),
  capacity: z.int(),
  active: z.boolean(),
  shift: shiftView.nullable(),
});
