import type { Move } from "./courier-moves.ts";

/** Minutes at the door, in deployment ms: before and after the food changes hands. */
export interface Handover {
  readonly beforePickupMs: number;
  readonly afterPickupMs: number;
  readonly beforeDropMs: number;
  readonly afterDropMs: number;
}

/** Deployment ms that follow a step before the next thing can be done. */
export function serviceMs(kind: Move["kind"], handover: Handover): number {
  if (kind === "ride-to-merchant") return handover.beforePickupMs;
  if (kind === "pick-up") return handover.afterPickupMs;
  if (kind === "ride-to-customer") return handover.beforeDropMs;
  return kind === "hand-over" ? handover.afterDropMs : 0;
}
