import { wallClock } from "#shared/client/wall-clock.ts";
import type { Clock } from "#shared/lib/clock.ts";

/** How hubs and workers were told what time it is; without origins it is wall time. */
export interface ClockTold {
  readonly CLOCK_RATE: number;
  readonly CLOCK_ORIGIN_MS?: number | undefined;
  readonly CLOCK_WALL_ORIGIN_MS?: number | undefined;
}

/** The deployment's clock in a process that is none of its own. */
export function deploymentClock(told: ClockTold, wall: Clock = wallClock): Clock {
  const { CLOCK_RATE: rate, CLOCK_ORIGIN_MS: originMs, CLOCK_WALL_ORIGIN_MS: wallOriginMs } = told;
  if (originMs === undefined || wallOriginMs === undefined) return wall;
  return {
    rate,
    nowMs: () => originMs + Math.floor((wall.nowMs() - wallOriginMs) * rate),
    // A timer takes 31 bits of ms; nobody here waits for weeks of wall time.
    after: (delayMs, task) => wall.after(Math.min(2_147_483_647, Math.max(0, Math.ceil(delayMs / rate))), task),
  };
}
