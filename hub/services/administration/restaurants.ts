import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { RestaurantView } from "#shared/contracts/views.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { restaurantViewOf } from "#shared/domain/restaurant/restaurant-view.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import {
  changeRestaurant,
  insertRestaurant,
  readHours,
  readRestaurant,
  replaceHours,
  type RestaurantRow,
} from "#shared/server/db/restaurants.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { newId } from "#shared/server/new-id.ts";

import { commandOf } from "../command-of.ts";
import { identityOf } from "../orders/who.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import { actorFor } from "./actor-for.ts";
import type { AdministrationDeps } from "./deps.ts";

type RestaurantCases = Pick<
  UseCases,
  "restaurant.create" | "restaurant.change" | "restaurant.set-hours" | "restaurant.pause"
>;
type Changing = Exclude<keyof RestaurantCases, "restaurant.create">;

/**
 * Restaurants. Each is answered from the store when it is repeated with its key; under another key it writes the same
 * values again. What changes is told to the restaurant's stream. [ADM1-ADM3]
 */
export function restaurantUseCases(deps: AdministrationDeps): RestaurantCases {
  const { uow } = deps;

  async function viewOf(tx: Tx, row: RestaurantRow, nowMs: number): Promise<RestaurantView> {
    const [{ currency, localClock }, hours] = await Promise.all([
      deps.market(tx, row.marketId),
      readHours(tx, row.marketId, [row.id]),
    ]);
    return restaurantViewOf(row, hours.get(row.id) ?? [], { currency, clock: localClock, nowMs });
  }

  /** Writes `change` to a restaurant that is there, and tells its stream. */
  function changes<N extends Changing>(
    name: N,
    write: (w: Work, input: ParsedInput<N>) => Promise<RestaurantRow | undefined>,
  ) {
    return (caller: Caller, input: ParsedInput<N>) =>
      uow.command(commandOf(caller, name, input), async (w) => {
        const role = actorFor(caller, name, input);
        const row = await write(w, input);
        if (!row) throw new Refusal("restaurant.not-found", "no such restaurant here");
        const view = await viewOf(w.tx, row, w.nowMs);
        w.append({
          marketId: row.marketId,
          type: name === "restaurant.pause" ? "restaurant.paused" : "restaurant.changed",
          payload: { restaurant: view },
          actorRole: role,
          actorId: identityOf(caller).personId,
          in: { restaurant: row.id },
        });
        return view;
      });
  }

  return {
    "restaurant.create": (caller, input) =>
      uow.command(commandOf(caller, "restaurant.create", input), async ({ tx, nowMs }) => {
        // Also refuses a market that is not there.
        await deps.market(tx, input.marketId);
        const { hours, point, ...profile } = input;
        refuseRepeated(hours);
        const row = await insertRestaurant(tx, {
          ...profile,
          ...point,
          id: newId(),
          zone: zoneOf(point),
          paused: false,
          active: true,
          createdAtMs: nowMs,
        });
        await replaceHours(tx, row, hours);
        return viewOf(tx, row, nowMs);
      }),

    "restaurant.change": changes("restaurant.change", ({ tx }, { marketId, restaurantId, ...change }) =>
      changeRestaurant(tx, marketId, restaurantId, change),
    ),

    "restaurant.set-hours": changes("restaurant.set-hours", async ({ tx }, { marketId, restaurantId, hours }) => {
      refuseRepeated(hours);
      const row = await readRestaurant(tx, marketId, restaurantId);
      if (row) await replaceHours(tx, row, hours);
      return row;
    }),

    "restaurant.pause": changes("restaurant.pause", ({ tx }, { marketId, restaurantId, paused }) =>
      changeRestaurant(tx, marketId, restaurantId, { paused }),
    ),
  };
}

function refuseRepeated(hours: ParsedInput<"restaurant.set-hours">["hours"]): void {
  const openings = new Set(hours.map((span) => `${span.weekday}/${span.opensMinute}`));
  if (openings.size < hours.length) throw new Refusal("payload.invalid", "hours: it opens twice at the same minute");
}
