import type { geocodingCommands } from "#shared/contracts/catalogue/geocoding.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { readGazetteer } from "#shared/server/geocoding/gazetteer-rows.ts";
import { reversePlace } from "#shared/server/geocoding/reverse-place.ts";
import { searchPlaces } from "#shared/server/geocoding/search-places.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

import type { UseCases } from "../use-cases.ts";

export interface GeocodingDeps {
  readonly db: Db;
  readonly market: MarketReader;
}

/** One state of the store for all statements of an answer: a city may be replaced at any time. */
const ONE_STATE = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

/** From words to places and back. */
export function geocodingUseCases({ db, market }: GeocodingDeps): Pick<UseCases, keyof typeof geocodingCommands> {
  return {
    "places.search": async (_caller, { marketId, text, lat, lng, limit }) => {
      if ((lat === undefined) !== (lng === undefined)) {
        throw new Refusal("payload.invalid", "lat and lng come together");
      }
      const { center } = await market(db.orm, marketId);
      const from = lat === undefined || lng === undefined ? null : { lat, lng };
      return db.orm.transaction(async (tx) => {
        const gazetteer = await readGazetteer(tx, marketId);
        if (!gazetteer) return { attribution: null, places: [] };
        const { names, attribution } = gazetteer;
        const found = await searchPlaces(tx, { marketId, names, text, near: from ?? center, limit });
        const away = (point: typeof center) => (from ? Math.round(distanceM(from, point)) : null);
        return { attribution, places: found.map((place) => ({ ...place, distanceM: away(place.point) })) };
      }, ONE_STATE);
    },

    "places.reverse": async (_caller, { marketId, lat, lng }) => {
      await market(db.orm, marketId);
      return db.orm.transaction(async (tx) => {
        const gazetteer = await readGazetteer(tx, marketId);
        if (!gazetteer) return { attribution: null, place: null };
        return { attribution: gazetteer.attribution, place: await reversePlace(tx, marketId, { lat, lng }) };
      }, ONE_STATE);
    },
  };
}
