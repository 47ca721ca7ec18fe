import type { RestaurantView } from "../../contracts/views.ts";
import type { RestaurantRecord } from "../order/records.ts";
import { isOpen, nextOpening, type LocalClock, type OpeningSpan } from "./opening-hours.ts";

/** Whether it takes orders at that instant: in business, not paused, and within its hours. */
export function takesOrders(
  row: RestaurantRecord,
  hours: readonly OpeningSpan[],
  clock: LocalClock,
  nowMs: number,
): boolean {
  return row.active && !row.paused && isOpen(hours, clock(nowMs));
}

/** A restaurant as anybody may see it. */
export function restaurantViewOf(
  row: RestaurantRecord,
  hours: readonly OpeningSpan[],
  at: { readonly currency: string; readonly clock: LocalClock; readonly nowMs: number },
): RestaurantView {
  return { ...lastingViewOf(row, hours, at.currency), ...openingOf(row, hours, at) };
}

/** What of it does not change with the time of day. */
export function lastingViewOf(
  row: RestaurantRecord,
  hours: readonly OpeningSpan[],
  currency: string,
): Omit<RestaurantView, keyof Opening> {
  const { lat, lng, createdAtMs: _, ...rest } = row;
  return { ...rest, point: { lat, lng }, currency, hours: [...hours] };
}

export type Opening = Pick<RestaurantView, "open" | "opensAtMs">;

/** What of it does: the same for a whole minute. */
export function openingOf(
  row: Pick<RestaurantRecord, "active" | "paused">,
  hours: readonly OpeningSpan[],
  at: { readonly clock: LocalClock; readonly nowMs: number },
): Opening {
  const byHours = isOpen(hours, at.clock(at.nowMs));
  return {
    open: row.active && !row.paused && byHours,
    opensAtMs: byHours ? null : nextOpening(hours, at.clock, at.nowMs),
  };
}
