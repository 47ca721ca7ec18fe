import type { RestaurantView } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";

const DAY_MS = 86_400_000;

/** Whether the restaurant takes orders, in words, in the market's time. */
export function openText(restaurant: RestaurantView, timeZone: string, nowMs: number): string {
  if (restaurant.open) return "Open now";
  if (restaurant.paused) return "Not taking orders just now";
  if (!restaurant.active) return "Closed";
  const { opensAtMs } = restaurant;
  if (opensAtMs === null) return "Closed";
  const clock = formatClock(opensAtMs, timeZone);
  if (opensAtMs - nowMs < DAY_MS) return `Closed · opens ${clock}`;
  const day = new Intl.DateTimeFormat(undefined, { weekday: "long", timeZone }).format(opensAtMs);
  return `Closed · opens ${day} ${clock}`;
}

/** What delivery costs over a distance: the base, and so much for each kilometre begun. The quote decides. */
export function deliveryFromMinor(restaurant: RestaurantView, distanceM: number): number {
  return restaurant.deliveryBaseMinor + restaurant.deliveryPerKmMinor * Math.ceil(distanceM / 1000);
}
