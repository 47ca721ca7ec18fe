import { sql, type Placeholder, type SQL, type SQLWrapper } from "drizzle-orm";

import { EARTH_RADIUS_M } from "#shared/domain/geo/distance.ts";

/** A point, or where the values of one will stand. */
export interface PointIn {
  readonly lat: number | Placeholder;
  readonly lng: number | Placeholder;
}

/** The haversine of shared/domain/geo/distance.ts in SQL, in whole metres. */
export function distanceTo(
  at: { readonly lat: SQLWrapper; readonly lng: SQLWrapper },
  { lat, lng }: PointIn,
): SQL<number> {
  const sinLat = sql`sin(radians(${at.lat} - ${lat}::float8) / 2)`;
  const sinLng = sql`sin(radians(${at.lng} - ${lng}::float8) / 2)`;
  const h = sql`(${sinLat} ^ 2 + cos(radians(${lat}::float8)) * cos(radians(${at.lat})) * ${sinLng} ^ 2)`;
  return sql<number>`round(2 * ${EARTH_RADIUS_M}::float8 * asin(least(1, sqrt(${h}))))::integer`;
}
