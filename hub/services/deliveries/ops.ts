import type { BoardCourier } from "#shared/contracts/board.ts";
import { accuracyOf } from "#shared/domain/eta/promises.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";
import { boardOf } from "#shared/server/life/board.ts";
import { keptPromises } from "#shared/server/life/kept-promises.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { identityOf } from "../orders/who.ts";
import type { UseCases } from "../use-cases.ts";
import { ownMarkets } from "./own-markets.ts";

type OpsCases = Pick<UseCases, "ops.board" | "eta.accuracy" | "eta.accuracy-of-mine">;

/** What operators look at first, and what has changed since; zones and streams keep it alive between. */
export function opsUseCases(deps: OrderDeps & { readonly positions: LastPositions }): OpsCases {
  const { db, clock, market, positions } = deps;

  /** A position of Redis is newer than the one in the courier's row, which is written once a minute. */
  async function withNewest(marketId: string, couriers: readonly BoardCourier[]): Promise<BoardCourier[]> {
    const ids = couriers.map((courier) => courier.courierId);
    const newest = await positions.read(marketId, ids);
    return couriers.map((courier, index) => {
      const place = newest[index];
      if (!place || place.takenAtMs < (courier.fixAtMs ?? 0)) return courier;
      return { ...courier, point: motionPlace(place, clock.nowMs()), fixAtMs: place.takenAtMs, zone: place.zone };
    });
  }

  /** How good the times were of a market's last delivered orders. */
  async function accuracyIn(marketId: string, lastOrders: number) {
    const { orders, promises, undelivered } = await keptPromises(db.orm, marketId, lastOrders);
    return { orders, stages: accuracyOf(promises), undelivered };
  }

  return {
    "ops.board": async (_caller, { marketId, since }) => {
      await market(db.orm, marketId);
      const board = await db.orm.transaction((tx) => boardOf(tx, marketId, clock.nowMs(), since), {
        isolationLevel: "repeatable read",
        accessMode: "read only",
      });
      return { ...board, couriers: await withNewest(marketId, board.couriers) };
    },

    "eta.accuracy": async (_caller, { marketId, orders }) => {
      await market(db.orm, marketId);
      return await accuracyIn(marketId, orders);
    },

    /** One market after the other: each reads some thousand rows. [API21] */
    "eta.accuracy-of-mine": async (caller, { orders }) => {
      const markets = [];
      for (const marketId of await ownMarkets(db.orm, identityOf(caller), "eta.accuracy")) {
        // oxlint-disable-next-line no-await-in-loop -- all at once would take every connection of the pool
        markets.push({ marketId, ...(await accuracyIn(marketId, orders)) });
      }
      return { markets };
    },
  };
}
