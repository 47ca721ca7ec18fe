import { and, asc, eq, inArray, isNotNull, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import { applyChange, PLATFORM } from "#shared/server/life/life.ts";
import { lockOrder, selectOrders, type LoadedOrder } from "#shared/server/life/load-order.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

export interface EtaDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly market: MarketReader;
  readonly positions: LastPositions;
}

/** A screen does not flicker: a new time is told when it differs by more than this. */
export const ETA_HYSTERESIS_MS = 90_000;

/**
 * Looks again at when each courier on the way will arrive, from the newest positions, and tells what has changed. Run twice
 * or by two workers at once it tells once: the second finds the new time in the row. [ETA8]
 */
export async function refreshEtas(deps: EtaDeps, marketId: string, nowMs: number): Promise<void> {
  const moving = await selectOrders(deps.db.orm)
    .where(
      and(
        eq(deliveries.marketId, marketId),
        isNull(deliveries.endedAtMs),
        isNotNull(deliveries.courierId),
        inArray(deliveries.status, ["ACCEPTED", "PICKUP_ONGOING", "ORDER_PICKED", "DELIVERY_ONGOING"]),
      ),
    )
    .orderBy(asc(deliveries.id));
  const newest = await deps.positions.read(
    marketId,
    moving.map(({ courier }) => courier?.id ?? ""),
  );
  const { eta } = await deps.market(deps.db.orm, marketId);
  await eachAlone([...moving.entries()], async ([index, loaded]) => {
    const seen = at(loaded, newest[index]);
    if (!differs(loaded, eta.of(seen, nowMs)?.p50AtMs)) return;
    await deps.uow.run(async (w) => {
      const locked = await lockOrder(w.tx, marketId, loaded.order.id);
      if (!locked) return;
      const now = at(locked, newest[index]);
      if (differs(now, eta.of(now, w.nowMs)?.p50AtMs))
        await applyChange(w, eta, now, PLATFORM, { type: "eta.updated" });
    });
  });
}

function at(loaded: LoadedOrder, place: { readonly lat: number; readonly lng: number } | undefined): LoadedOrder {
  return place && loaded.courier
    ? { ...loaded, courier: { ...loaded.courier, lastLat: place.lat, lastLng: place.lng } }
    : loaded;
}

function differs({ order }: LoadedOrder, p50AtMs: number | undefined): boolean {
  return p50AtMs !== undefined && Math.abs(p50AtMs - (order.etaP50AtMs ?? 0)) > ETA_HYSTERESIS_MS;
}
