import { asc } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";

import type { Tx } from "./connect.ts";

/** Every market, by name. */
export async function readMarkets(tx: Tx) {
  const rows = await tx.select().from(markets).orderBy(asc(markets.name), asc(markets.id));
  return rows.map(({ id, name, timeZone, currency, locale, centerLat, centerLng }) => ({
    id,
    name,
    timeZone,
    currency,
    locale,
    center: { lat: centerLat, lng: centerLng },
  }));
}
