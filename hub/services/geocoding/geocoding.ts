import type { geocodingCommands } from "#shared/contracts/catalogue/geocoding.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { findPlaces, namePoint } from "#shared/server/geocoding/geocoder.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

import type { UseCases } from "../use-cases.ts";

export interface GeocodingDeps {
  readonly db: Db;
  readonly market: MarketReader;
}

/** From words to places and back. */
export function geocodingUseCases({ db, market }: GeocodingDeps): Pick<UseCases, keyof typeof geocodingCommands> {
  return {
    "places.search": async (_caller, { marketId, text, lat, lng, limit }) => {
      if ((lat === undefined) !== (lng === undefined)) {
        throw new Refusal("payload.invalid", "lat and lng come together");
      }
      const { center } = await market(db.orm, marketId);
      const from = lat === undefined || lng === undefined ? null : { lat, lng };
      return findPlaces(db, { marketId, text, from, center, limit });
    },

    "places.reverse": async (_caller, { marketId, lat, lng }) => {
      await market(db.orm, marketId);
      return namePoint(db, marketId, { lat, lng });
    },
  };
}
