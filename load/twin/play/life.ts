import type { HubClient } from "#shared/client/hub-client.ts";
import type { Point } from "#shared/contracts/geo.ts";

import type { Book } from "./book.ts";
import type { Stage } from "./stage.ts";
import type { World } from "./world.ts";

export interface TwinOptions {
  readonly stage: Stage;
  readonly world: World;
  readonly perHour: number;
  /** Deployment time at which the first may order. */
  readonly fromMs: number;
  /** And the last; without it the twin plays on. */
  readonly untilMs?: number;
  /** Nobody orders while so many orders are open: for a city that is to live by itself. */
  readonly mostOpen?: number;
  /** What a delivery so far away usually pays; left out, couriers do not look at the pay. */
  readonly usualPayMinor?: (distanceM: number) => number;
  /** Deployment ms between a courier's fixes on the way. */
  readonly fixEveryMs: number;
  /** Ground truth and decisions; left out, nothing is kept. */
  readonly book?: Book;
  /** Told what somebody could not do; the play goes on. */
  readonly tell: (sentence: string) => void;
  /** Hears of each order as soon as it is placed. */
  readonly onPlaced?: (order: OrderPlaced) => void;
}

export interface OrderPlaced {
  readonly orderId: string;
  readonly restaurantId: string;
  /** Deployment time at which somebody wanted to eat. */
  readonly wantedAtMs: number;
}

export interface Counts {
  /** Moments at which somebody wanted to eat. */
  wanted: number;
  placed: number;
  delivered: number;
  /** Ended otherwise, for a stated reason. */
  refused: number;
  /** Came to no order: nothing open near, or refused by the platform. */
  unplaced: number;
}

/** What the three trades share while the twin plays. */
export interface Life extends TwinOptions {
  readonly counts: Counts;
  /** What an order is called in decisions, by its id, from its placing to its end. */
  readonly names: Map<string, string>;
  /** Of those that are open so far. */
  readonly kitchenPlaces: Point[];
  /** Called once when the twin is closed. */
  readonly stops: Set<() => void>;
  readonly closed: () => boolean;
  readonly connected: (hub: HubClient) => void;
  decided(who: string, what: string, ordinal: number, value: string): void;
}
