import type { ReplayInstance } from "./instance.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Deployment minutes between the clock's origin and the first thing that happens. */
const LEAD_MIN = 2;

/** The settings of the deployment's clock, as every process is given them. */
export interface DayClock {
  readonly CLOCK_RATE: number;
  readonly CLOCK_ORIGIN_MS: number;
  readonly CLOCK_WALL_ORIGIN_MS: number;
}

/** How an instance's minutes lie in the deployment's time, and that in wall time. */
export interface ReplayTime {
  /** Deployment time of a minute of the instance's day, epoch ms. */
  readonly atMinute: (minute: number) => number;
  /** The instance's minute at a deployment time; not whole. */
  readonly minuteOf: (atMs: number) => number;
  /** Wall time, epoch ms, of a deployment time. */
  readonly wallOf: (atMs: number) => number;
  readonly clock: DayClock;
  readonly firstMin: number;
  /** The last moment at which anything can still happen to an order that was served. */
  readonly lastMin: number;
}

/**
 * The day is the one that begins at the next midnight (UTC) but one, so that it lies after all that the set-up wrote. [RPL1]
 *
 * @param startWallMs wall time at which the clock is to stand shortly before the first courier or order
 */
export function replayTime(instance: ReplayInstance, speed: number, startWallMs: number): ReplayTime {
  const midnightMs = (Math.floor(startWallMs / DAY_MS) + 2) * DAY_MS;
  const firstMin =
    Math.min(...instance.orders.map((each) => each.placedMin), ...instance.couriers.map((each) => each.onMin)) -
    LEAD_MIN;
  const lastServedMin = Math.max(
    ...instance.orders.map((each) => each.readyMin),
    ...instance.couriers.map((each) => each.offMin),
  );
  const atMinute = (minute: number) => Math.round(midnightMs + minute * MINUTE_MS);
  const originMs = atMinute(firstMin);
  return {
    atMinute,
    minuteOf: (atMs) => (atMs - midnightMs) / MINUTE_MS,
    wallOf: (atMs) => startWallMs + (atMs - originMs) / speed,
    clock: { CLOCK_RATE: speed, CLOCK_ORIGIN_MS: originMs, CLOCK_WALL_ORIGIN_MS: startWallMs },
    firstMin,
    lastMin: lastServedMin + instance.maxMin,
  };
}
