import { newKey } from "#shared/client/new-key.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import type { Clock } from "#shared/lib/clock.ts";

/** What actors have beside the public API. Nothing else of theirs knows wall time or chance. */
export interface Means {
  /** For patience: when to ask again. Wall time, or a simulation's. */
  readonly patience: Clock;
  /** Names one intention: a fresh UUID each time. */
  readonly newKey: () => string;
}

/** On a live platform. */
export const LIVE_MEANS: Means = { patience: wallClock, newKey };
