import type { Clock } from "../lib/clock.ts";
import type { Rng } from "../lib/rng.ts";

/** How long a message is under way, simulated ms: evenly spread between the two. */
export type Latency = readonly [leastMs: number, mostMs: number];

/** One direction of a connection: what is sent arrives, late, and in the order in which it was sent. */
export function makeLink(clock: Clock, rng: Rng, [leastMs, mostMs]: Latency): (arrive: () => void) => void {
  let lastAtMs = 0;
  return (arrive) => {
    const nowMs = clock.nowMs();
    const wayMs = leastMs === mostMs ? leastMs : leastMs + Math.floor(rng() * (mostMs - leastMs + 1));
    lastAtMs = Math.max(lastAtMs, nowMs + wayMs);
    clock.after(lastAtMs - nowMs, arrive);
  };
}
