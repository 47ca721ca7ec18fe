import { and, asc, eq, isNotNull, isNull, lt, or } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { orders } from "#drizzle/schema/orders.ts";
import {
  etaDiffers,
  isLookedAtAgain,
  seenAt,
  stopsOf,
  WARNED_BEFORE_MS,
  withEarlier,
} from "#shared/domain/eta/refresh.ts";
import { PLATFORM } from "#shared/domain/order/change.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";
import { askAlong } from "#shared/domain/dispatch/ask-ahead.ts";
import { routerBy } from "#shared/domain/router/router.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import { applyChange } from "#shared/server/life/life.ts";
import { lockOrder, selectOrders } from "#shared/server/life/load-order.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

export interface EtaDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly market: MarketReader;
  readonly positions: LastPositions;
}

/**
 * Looks again at when each courier on the way will arrive, from the newest positions, and at each order whose promise is
 * near its end, and tells what has changed. Run twice or by two workers at once it tells once: the second finds the new
 * time in the row. [ETA8, ETA9]
 */
export async function refreshEtas(deps: EtaDeps, marketId: string, nowMs: number): Promise<void> {
  const found = [
    ...(await carriedOrLate(deps.db, marketId, nowMs)),
    ...(await lateTakeaways(deps.db, marketId, nowMs)),
  ];
  const moving = withEarlier(found).filter((each) => isLookedAtAgain(each, nowMs));
  const known = await deps.positions.read(
    marketId,
    moving.map(({ courier }) => courier?.id ?? ""),
  );
  const newest = known.map((position) => position && motionPlace(position, nowMs));
  const { eta, router } = await deps.market(deps.db.orm, marketId);
  await Promise.all(
    moving.map(async (loaded, index) => {
      const [place, ...stops] = stopsOf(seenAt(loaded, newest[index]));
      if (place) await askAlong(routerBy(router, loaded.courier?.vehicle), place, stops);
    }),
  );
  await eachAlone([...moving.entries()], async ([index, loaded]) => {
    const seen = seenAt(loaded, newest[index]);
    if (!etaDiffers(loaded, eta.of(seen, nowMs)?.p50AtMs, nowMs)) return;
    await deps.uow.run(async (w) => {
      const locked = await lockOrder(w.tx, marketId, loaded.order.id);
      if (!locked) return;
      const now = seenAt(locked, newest[index]);
      if (etaDiffers(now, eta.of(now, w.nowMs)?.p50AtMs, w.nowMs))
        applyChange(w, eta, now, PLATFORM, { type: "eta.updated" });
    });
  });
}

/** Whatever couriers have in hand, since other orders wait for it, and what nobody has while its promise is near its end. */
async function carriedOrLate(db: Db, marketId: string, nowMs: number): Promise<LoadedOrder[]> {
  return await selectOrders(db.orm)
    .where(
      and(
        eq(deliveries.marketId, marketId),
        isNull(deliveries.endedAtMs),
        or(isNotNull(deliveries.courierId), isNearItsEnd(nowMs)),
      ),
    )
    .orderBy(asc(deliveries.id));
}

/** What customers fetch has no delivery, and a promise all the same. */
async function lateTakeaways(db: Db, marketId: string, nowMs: number): Promise<LoadedOrder[]> {
  return await selectOrders(db.orm)
    .where(
      and(
        eq(orders.marketId, marketId),
        isNull(orders.endedAtMs),
        eq(orders.kind, "takeaway"),
        isNull(orders.readyAtMs),
        isNearItsEnd(nowMs),
      ),
    )
    .orderBy(asc(orders.id));
}

function isNearItsEnd(nowMs: number) {
  return and(isNotNull(orders.confirmedAtMs), lt(orders.promisedP90AtMs, nowMs + WARNED_BEFORE_MS));
}
