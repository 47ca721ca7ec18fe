import { madeDay } from "../journey/made-day.ts";
import type { ReplayInstance } from "../replay/instance.ts";

export interface BusyCity {
  readonly seed: number;
  /** Wall seconds for which orders are at hand. Those that are not needed are called off. */
  readonly forS: number;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
}

/** Wall seconds between orders: with half a minute for an order some dozen are open at a time. */
const ORDER_EVERY_S = 2;
const SIZE = { restaurants: 6, couriers: 14, customers: 24 };

/** A small city that is busy for as long as something is done to it. */
export function busyCity({ seed, forS, speed }: BusyCity): ReplayInstance {
  const overMin = Math.ceil((forS * speed) / 60);
  return madeDay({ seed, ...SIZE, orders: Math.ceil(forS / ORDER_EVERY_S), overMin, offMin: overMin + 240 });
}
