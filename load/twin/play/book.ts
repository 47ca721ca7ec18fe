import type { Vehicle } from "#shared/domain/city/city.ts";

import type { Ride } from "../../actors/ride.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";

/** When the platform said at `atMs` that the food comes. */
export interface Told {
  readonly atMs: number;
  readonly p50AtMs: number;
  readonly p90AtMs: number;
}

/** What truly became of an order, and what the platform said of it meanwhile; deployment time throughout. */
export interface OrderTruth {
  /** "order-12": the how-manieth arrival it was. */
  readonly name: string;
  readonly orderId: string;
  readonly customer: string;
  readonly placedAtMs: number;
  /** By the newest word of the platform, where the customer watched. */
  status: OrderStatus;
  endReason: string | null;
  deliveryId?: string;
  readonly told: { atOrder?: Told; underWay?: Told };
  /** What the kitchen said first that it would be ready. */
  estimateAtMs?: number;
  cookedAtMs?: number;
  saidReadyAtMs?: number;
}

/** What a courier truly did for one delivery. */
export interface DeliveryTruth {
  readonly courier: string;
  atMerchantAtMs?: number;
  pickedUpAtMs?: number;
  atCustomerAtMs?: number;
  handedOverAtMs?: number;
}

export interface CourierRides {
  readonly vehicle: Vehicle;
  /** In their order; each lasts until the next begins. */
  readonly rides: Ride[];
}

/** Somebody's choice: who, about what, the how-manieth of its kind, when, and what was chosen. */
export interface Decision {
  readonly who: string;
  readonly what: string;
  readonly ordinal: number;
  readonly atMs: number;
  readonly value: string;
}

/** Ground truth of a play, for comparing with what the platform believed. [TWN9] */
export interface Book {
  readonly decisions: Decision[];
  /** By order id. */
  readonly orders: Map<string, OrderTruth>;
  /** By delivery id. */
  readonly deliveries: Map<string, DeliveryTruth>;
  /** By the courier's name. */
  readonly couriers: Map<string, CourierRides>;
  /** Arrivals that came to no order, by reason. */
  readonly unplaced: Map<string, number>;
}

export function makeBook(): Book {
  return {
    decisions: [],
    orders: new Map(),
    deliveries: new Map(),
    couriers: new Map(),
    unplaced: new Map(),
  };
}
