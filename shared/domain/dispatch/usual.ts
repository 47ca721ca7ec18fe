import type { LateSettings } from "./term-settings.ts";

/**
 * The click-to-door within which so many of a hundred of the market's orders of the day so far came: the least of those seen that is
 * long enough. Of few orders nothing is usual. [DSP63]
 *
 * @param clicksMs from the placing to the door, of orders that were handed over; ascending
 */
export function usualOf(clicksMs: readonly number[], { usualPercent, fewestOrders }: LateSettings): number | undefined {
  if (clicksMs.length < fewestOrders) return undefined;
  return clicksMs[Math.max(1, Math.ceil((usualPercent / 100) * clicksMs.length)) - 1];
}
