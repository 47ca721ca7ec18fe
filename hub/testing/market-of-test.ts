import { markets } from "#drizzle/schema/people.ts";

import type { TestHub } from "./hub-of-test.ts";

/** Open day and night. */
export const ALL_WEEK = [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));

export const profile = {
  name: "Bar Tabaré",
  description: "Wood oven",
  cuisine: "pizza",
  addressLine: "Zorrilla 152",
  point: { lat: -34.91, lng: -56.16 },
  deliveryRadiusM: 4_000,
  minimumMinor: 500,
  deliveryBaseMinor: 200,
  deliveryPerKmMinor: 50,
  serviceFeeBasisPoints: 500,
  prepMinutes: 15,
};

/** A market in Montevideo with its operator. */
export async function marketWith(hub: TestHub, marketId: string) {
  await hub.db.orm.insert(markets).values({
    id: marketId,
    name: `Market ${marketId}`,
    timeZone: "America/Montevideo",
    currency: "UYU",
    locale: "es-UY",
    taxBasisPoints: 2_200,
    centerLat: -34.9,
    centerLng: -56.17,
    createdAtMs: hub.time.nowMs,
  });
  const admin = await hub.person({ role: "admin", marketId, restaurantId: null });
  return { marketId, admin };
}
