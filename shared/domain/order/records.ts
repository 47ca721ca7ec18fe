import type { PriceBreakdown } from "../../contracts/money.ts";
import type { DeliveryStatus, OFFER_STATUSES, OrderStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";

/*
 * What decisions about an order read and change, as plain rows. A store that reads its rows into these shapes (Postgres, or
 * the one in memory) has the same decisions made for it; the compiler holds the shapes to the schema's.
 */

export interface OrderRecord {
  readonly marketId: string;
  readonly id: string;
  readonly code: string;
  readonly customerId: string;
  readonly restaurantId: string;
  readonly status: OrderStatus;
  readonly kind: "delivery" | "takeaway";
  readonly currency: string;
  /** Frozen at placement. */
  readonly price: PriceBreakdown;
  readonly totalMinor: number;
  readonly note: string;
  readonly dropLine: string | null;
  readonly dropInstructions: string | null;
  readonly dropLat: number | null;
  readonly dropLng: number | null;
  readonly zone: string;
  readonly placedAtMs: number;
  /** Paid: from here the kitchen's time to answer runs. */
  readonly createdAtMs: number | null;
  readonly confirmedAtMs: number | null;
  readonly readyAtMs: number | null;
  readonly pickedUpAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The kitchen's word: when the food will be ready. */
  readonly readyEstimateAtMs: number | null;
  /** When the kitchen last took its word back for a later one. */
  readonly delayedAtMs: number | null;
  /** Dishes in the basket, and orders that the kitchen had to make, when it was placed. Null: placed before that was noted. */
  readonly items: number | null;
  readonly kitchenLoad: number | null;
  /** Deadlines. Null: none is running. */
  readonly payByAtMs: number | null;
  readonly confirmByAtMs: number | null;
  readonly concludeAtMs: number | null;
  readonly promisedP50AtMs: number | null;
  readonly promisedP90AtMs: number | null;
  readonly etaP50AtMs: number | null;
  readonly etaP90AtMs: number | null;
  readonly endReason: string | null;
}

export type PaymentStatus = "new" | "pending" | "authorized" | "captured" | "released" | "refunded";

export interface PaymentRecord {
  readonly marketId: string;
  readonly orderId: string;
  readonly provider: string;
  readonly intentId: string | null;
  readonly clientSecret: string | null;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** What was decided to be given back. */
  readonly refundTargetMinor: number;
  readonly currency: string;
  readonly updatedAtMs: number;
}

/** The courier's work for one order. `slot` numbers what a courier holds at a time. */
export interface DeliveryRecord {
  readonly marketId: string;
  readonly id: string;
  readonly orderId: string;
  readonly restaurantId: string;
  readonly status: DeliveryStatus;
  readonly courierId: string | null;
  readonly slot: number | null;
  readonly stopOrder: number | null;
  /** Counts assignments. */
  readonly version: number;
  readonly excludedCourierIds: string[];
  /** Since when a dispatcher has it in hand: no round touches it. */
  readonly pinnedAtMs: number | null;
  readonly assignedAtMs: number | null;
  readonly arrivedAtMerchantAtMs: number | null;
  readonly pickedUpAtMs: number | null;
  readonly arrivedAtCustomerAtMs: number | null;
  readonly deliveredAtMs: number | null;
  /** Null while it is somebody's work. */
  readonly endedAtMs: number | null;
  readonly createdAtMs: number;
}

export interface RestaurantRecord {
  readonly marketId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly cuisine: string;
  readonly addressLine: string;
  readonly lat: number;
  readonly lng: number;
  readonly zone: string;
  readonly deliveryRadiusM: number;
  readonly minimumMinor: number;
  readonly deliveryBaseMinor: number;
  readonly deliveryPerKmMinor: number;
  readonly serviceFeeBasisPoints: number;
  readonly prepMinutes: number;
  readonly paused: boolean;
  readonly active: boolean;
  readonly createdAtMs: number;
}

export interface CourierRecord {
  readonly marketId: string;
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly vehicle: "bicycle" | "motorbike" | "car" | "foot";
  readonly capacity: number;
  readonly active: boolean;
  /** Last place that was written down. */
  readonly lastLat: number | null;
  readonly lastLng: number | null;
  readonly lastFixAtMs: number | null;
  readonly createdAtMs: number;
}

export interface OfferRecord {
  readonly marketId: string;
  readonly id: string;
  readonly courierId: string;
  readonly restaurantId: string;
  readonly status: (typeof OFFER_STATUSES)[number];
  readonly round: number;
  readonly offeredAtMs: number;
  readonly expiresAtMs: number;
  readonly answeredAtMs: number | null;
  readonly declineReason: string | null;
  readonly payMinor: number;
  /** The round's decision, which tells who was weighed. */
  readonly decisionId: string | null;
  /** The numbers of the courier who was chosen. */
  readonly reason: Record<string, unknown>;
}

/** Work in the same courier's hands that comes before an order's own. */
export interface EarlierWork {
  readonly restaurantId: string;
  readonly restaurant: Point;
  readonly door: Point;
  /** Its food is fetched already. */
  readonly inHand: boolean;
}

/** An order with all that its life depends on. */
export interface LoadedOrder {
  readonly order: OrderRecord;
  readonly restaurant: RestaurantRecord;
  readonly payment: PaymentRecord;
  readonly customerName: string;
  readonly delivery: DeliveryRecord | null;
  readonly courier: CourierRecord | null;
  /** In the order of stops; absent where nothing comes first, or no time is reckoned from it. */
  readonly earlier?: readonly EarlierWork[];
}
