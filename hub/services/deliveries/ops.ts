import { and, eq, isNull } from "drizzle-orm";

import { couriers, shifts } from "#drizzle/schema/restaurants.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { boardOf } from "#shared/server/life/board.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import type { UseCases } from "../use-cases.ts";

/** What operators look at first; zones and streams keep it alive after that. */
export function opsUseCases(deps: OrderDeps & { readonly positions: LastPositions }): Pick<UseCases, "ops.board"> {
  const { db, clock, market, positions } = deps;
  return {
    "ops.board": async (_caller, { marketId }) => {
      await market(db.orm, marketId);
      const duty = await db.orm
        .select({ id: shifts.courierId })
        .from(shifts)
        .innerJoin(couriers, and(eq(couriers.marketId, shifts.marketId), eq(couriers.id, shifts.courierId)))
        .where(and(eq(shifts.marketId, marketId), isNull(shifts.endedAtMs)));
      const places = await positions.read(
        marketId,
        duty.map((row) => row.id),
      );
      const newest = new Map(
        places.filter((place): place is Position => place !== undefined).map((place) => [place.courierId, place]),
      );
      return db.orm.transaction((tx) => boardOf(tx, marketId, clock.nowMs(), newest), {
        isolationLevel: "repeatable read",
        accessMode: "read only",
      });
    },
  };
}
