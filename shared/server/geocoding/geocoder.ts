import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";

import type { Db } from "../db/connect.ts";
import { readGazetteer } from "./gazetteer-rows.ts";
import { reversePlace } from "./reverse-place.ts";
import { searchPlaces } from "./search-places.ts";

export interface FindQuery {
  readonly marketId: string;
  readonly text: string;
  /** Where the person is; null when that is not known. */
  readonly from: Point | null;
  /** What is near where it is not known. */
  readonly center: Point;
  readonly limit: number;
}

/** One state of the store for all statements of an answer: a city may be replaced at any time. */
const ONE_STATE = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

/** What a text may mean in a market, the likeliest first. */
export function findPlaces(db: Db, query: FindQuery): Promise<CommandOutput<"places.search">> {
  const { marketId, text, from, center, limit } = query;
  return db.orm.transaction(async (tx) => {
    const gazetteer = await readGazetteer(tx, marketId);
    if (!gazetteer) return { attribution: null, places: [] };
    const { names, attribution } = gazetteer;
    const found = await searchPlaces(tx, { marketId, names, text, near: from ?? center, limit });
    const away = (point: Point) => (from ? Math.round(distanceM(from, point)) : null);
    return { attribution, places: found.map((place) => ({ ...place, distanceM: away(place.point) })) };
  }, ONE_STATE);
}

/** What a point of a market is called. */
export function namePoint(db: Db, marketId: string, at: Point): Promise<CommandOutput<"places.reverse">> {
  return db.orm.transaction(async (tx) => {
    const gazetteer = await readGazetteer(tx, marketId);
    if (!gazetteer) return { attribution: null, place: null };
    return { attribution: gazetteer.attribution, place: await reversePlace(tx, marketId, at) };
  }, ONE_STATE);
}
