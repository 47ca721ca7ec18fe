import type { Point } from "#shared/contracts/geo.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";

import type { StoredAnswer } from "./answers.ts";

/** What an order's ready time was said to be, from then on. */
export interface Word {
  readonly atMs: number;
  readonly readyAtMs: number;
}

/** What really took place around an order and does not depend on who fetched it; deployment epoch ms. */
export interface StoredOrder {
  /** Of its delivery. */
  readonly id: string;
  readonly orderId: string;
  readonly restaurantId: string;
  readonly drop: Point;
  readonly placedAtMs: number;
  /** From here rounds know of it. */
  readonly confirmedAtMs: number;
  /** The kitchen's own words, oldest first. */
  readonly words: readonly Word[];
  /** When the food stood there; known to rounds from then on. */
  readonly readyAtMs: number;
  /** From the courier's arrival to the food in hand where it stands there already; from ready to in hand where the courier does. */
  readonly counterMs: number;
  readonly noticeMs: number;
  /** From the food in hand to leaving, and from the customer's door to the hand-over. */
  readonly leaveMs: number;
  readonly doorMs: number;
  /** What really became of it; `offers` counts one with several orders as a part of one for each. */
  readonly was: {
    readonly pickedUpAtMs: number | null;
    readonly deliveredAtMs: number | null;
    readonly offers: number;
  };
}

/** A courier's time on duty. */
export interface StoredShift {
  readonly id: string;
  readonly courierId: string;
  readonly vehicle: Vehicle;
  readonly capacity: number;
  readonly fromMs: number;
  /** As the courier had said at its start: what rounds go by. */
  readonly plannedEndMs: number;
  /** As it really ended. */
  readonly toMs: number;
  /** Where it began. */
  readonly at: Point;
}

export interface StoredRestaurant {
  readonly pickup: Point;
  readonly prepMinutes: number;
}

/** One day of one market, as far as it does not depend on dispatch. */
export interface StoredDay {
  readonly restaurants: ReadonlyMap<string, StoredRestaurant>;
  /** In the order of their confirmation. */
  readonly orders: readonly StoredOrder[];
  readonly shifts: readonly StoredShift[];
  readonly answers: readonly StoredAnswer[];
  /** Rides of that day against the router's: to restaurants, from accept to arrival, and to customers. */
  readonly wayFactors: WayFactors;
  /** Nobody is waited for after this. */
  readonly endMs: number;
}

export interface WayFactors {
  readonly toRestaurant: number;
  readonly toCustomer: number;
}
