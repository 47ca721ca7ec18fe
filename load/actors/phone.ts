import type { Fix } from "#shared/contracts/geo.ts";

/** What a courier's phone makes of the truth. */
export interface Phone {
  /** What it reads; `covered` where no satellite is seen. Undefined when it reads nothing. */
  read(truth: Fix, covered: boolean): Fix | undefined;
  /** Deployment time from which it can speak to the hub: `atMs` itself when it can there and then. */
  onlineFromMs(atMs: number): number;
}

/** Reads the truth, under a good sky, and is always connected. */
export const GOOD_PHONE: Phone = {
  read: (truth, covered) => (covered ? undefined : truth),
  onlineFromMs: (atMs) => atMs,
};
