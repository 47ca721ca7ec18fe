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
  const { lat, lng, createdAtMs: _, ...rest } = row;
  const byHours = isOpen(hours, at.clock(at.nowMs));
  return {
    ...rest,
    point: { lat, lng },
    currency: at.currency,
    open: row.active && !row.paused && byHours,
    opensAtMs: byHours ? null : nextOpening(hours, at.clock, at.nowMs),
    hours: [...hours],
  };
}
