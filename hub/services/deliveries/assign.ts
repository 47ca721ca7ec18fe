import { and, eq, isNull, max } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import type { Actor, Change } from "#shared/domain/order/change.ts";
import { acceptChanges } from "#shared/domain/order/delivery-changes.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { applyChange } from "#shared/server/life/life.ts";
import { linesOf } from "#shared/server/life/load-order.ts";

import type { CourierRow } from "./courier.ts";

/**
 * Gives the deliveries to the courier, who is locked, each with a slot of its own, after what is in hand already.
 *
 * @param loaded in drop-off order
 * @param as what it is told as; without it the courier has accepted them
 * @returns the orders as they are now
 */
export async function assign(
  w: Work,
  eta: Parameters<typeof applyChange>[1],
  courier: CourierRow,
  actor: Actor,
  loaded: readonly LoadedOrder[],
  as: (change: Change) => Change = (change) => change,
): Promise<LoadedOrder[]> {
  const held = and(
    eq(deliveries.marketId, courier.marketId),
    eq(deliveries.courierId, courier.id),
    isNull(deliveries.endedAtMs),
  );
  const [top] = await w.tx
    .select({ slot: max(deliveries.slot), stop: max(deliveries.stopOrder) })
    .from(deliveries)
    .where(held);
  const lines = await linesOf(
    w.tx,
    courier.marketId,
    loaded.map((each) => each.order.id),
  );
  const now: LoadedOrder[] = [];
  for (const { loaded: each, change } of acceptChanges(courier, loaded, (id) => lines.get(id) ?? [], top, w.nowMs)) {
    now.push(applyChange(w, eta, each, actor, as(change)));
  }
  return now;
}
