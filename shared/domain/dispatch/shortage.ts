import type { RoundCourier, RoundTerms } from "./round.ts";
import type { Shortage } from "./term-settings.ts";

/**
 * How many couriers there are for the price of their time: one who goes home before the end of a usual trip counts as the share of
 * it that is left of the shift, so that a shortage is seen before a shift's end brings it. [DSP78]
 *
 * @returns at most as many as are listed; 0 when none has time left
 */
export function countedCouriers(
  couriers: readonly Pick<RoundCourier, "freeAtMs" | "shiftEndsAtMs">[],
  { nowMs, wholeCourierMs }: Pick<RoundTerms, "nowMs" | "wholeCourierMs">,
): number {
  let leftMs = 0;
  for (const { freeAtMs, shiftEndsAtMs } of couriers)
    leftMs += Math.max(0, Math.min(wholeCourierMs, shiftEndsAtMs - Math.max(nowMs, freeAtMs)));
  return leftMs / wholeCourierMs;
}

/** How short couriers are, from 0 to 1, by the planned deliveries for each of them; without any, nobody's time has a price. */
export function shortageOf(deliveries: number, couriers: number, { from, full }: Shortage): number {
  if (couriers === 0) return 0;
  return Math.max(0, Math.min(1, (deliveries / couriers - from) / (full - from)));
}
