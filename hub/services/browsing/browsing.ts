import { z } from "zod";

import type { browsingCommands } from "#shared/contracts/catalogue/browsing.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Cities } from "#shared/server/city/cities.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { readMarkets } from "#shared/server/db/markets.ts";
import { restaurantsNear, type NearRow, type PageEnd } from "#shared/server/db/restaurants-near.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

import { mapOf } from "../../maps/tiles.ts";
import { ReadyAnswer } from "../ready-answer.ts";
import type { UseCases } from "../use-cases.ts";
import { priceOrder } from "./basket.ts";
import type { Shown } from "./shown.ts";

export interface BrowsingDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly market: MarketReader;
  readonly cities: Pick<Cities, "at">;
  readonly shown: Shown;
}

/** What anybody may look at. All of it reads and changes nothing, so it may run as often as it is asked for. */
export function browsingUseCases(deps: BrowsingDeps): Pick<UseCases, keyof typeof browsingCommands> {
  const { db, clock, market, cities, shown } = deps;

  return {
    "markets.list": async () => ({ markets: await readMarkets(db.orm) }),

    "market.map": async (_caller, { marketId }) => {
      const city = cities.at((await market(db.orm, marketId)).center);
      return { map: city ? mapOf(city.meta) : null };
    },

    "restaurants.near": async (_caller, input) => {
      const { localClock } = await market(db.orm, input.marketId);
      const nowMs = clock.nowMs();
      const point = pointOf(input);
      const rows = await restaurantsNear(db, {
        marketId: input.marketId,
        point,
        words: wordsOf(input.search ?? ""),
        openAt: input.openNow === "true" ? localClock(nowMs) : undefined,
        after: input.cursor === undefined ? undefined : readCursor(input.cursor, point !== undefined),
        limit: input.limit + 1,
      });
      const page = rows.slice(0, input.limit);
      const last = rows.length > input.limit ? page.at(-1) : undefined;
      const texts = await shown.restaurants(
        input.marketId,
        page.map(({ id }) => id),
        nowMs,
      );
      // One that has closed down since the list was made is not on it.
      const restaurants = page.flatMap(({ id, distanceM }) => {
        const text = texts.get(id);
        return text === undefined ? [] : [`${text},"distanceM":${distanceM}}`];
      });
      const nextCursor = JSON.stringify(last ? writeCursor(last) : null);
      return new ReadyAnswer(`{"restaurants":[${restaurants.join()}],"nextCursor":${nextCursor}}`);
    },

    "restaurant.read": async (_caller, { marketId, restaurantId }) => {
      const text = (await shown.restaurants(marketId, [restaurantId], clock.nowMs())).get(restaurantId);
      if (text === undefined) throw noRestaurant();
      return new ReadyAnswer(`${text}}`);
    },

    "menu.read": async (_caller, { marketId, restaurantId }) => {
      const menu = await shown.menu(marketId, restaurantId);
      if (!menu) throw noRestaurant();
      return menu;
    },

    "quote.make": async (_caller, input) => {
      const priced = await priceOrder({ tx: db.orm, nowMs: clock.nowMs(), market, mayWait: true }, input);
      const { price, lines, eta } = priced;
      return { currency: priced.market.currency, price, lines, eta };
    },
  };
}

function noRestaurant(): Refusal {
  return new Refusal("restaurant.not-found", "no such restaurant here");
}

function pointOf({ lat, lng }: ParsedInput<"restaurants.near">) {
  if (lat === undefined && lng === undefined) return undefined;
  if (lat === undefined || lng === undefined) throw new Refusal("payload.invalid", "lat and lng come together");
  return { lat, lng };
}

/** Letters and digits alone, so that nothing of the text is an operator of the search. */
function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 8) ?? []
  );
}

const cursorForm = z.tuple([z.union([z.int(), z.string().max(80)]), z.uuid()]);

function writeCursor({ distanceM, name, id }: NearRow): string {
  return Buffer.from(JSON.stringify([distanceM ?? name.toLowerCase(), id])).toString("base64url");
}

function readCursor(text: string, byDistance: boolean): PageEnd {
  try {
    const [rank, id] = cursorForm.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    if ((typeof rank === "number") === byDistance) return { rank, id };
  } catch (error) {
    throw new Refusal("payload.invalid", "this cursor is none of ours", { cause: error });
  }
  throw new Refusal("payload.invalid", "this cursor belongs to another list");
}
