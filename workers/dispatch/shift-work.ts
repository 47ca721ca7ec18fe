import { and, count, eq, gte, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { shifts } from "#drizzle/schema/restaurants.ts";
import type { ShiftWork } from "#shared/domain/dispatch/fair-share.ts";
import type { Tx } from "#shared/server/db/connect.ts";

/** What everybody on duty has had of this shift's work, by courier: what was handed over and what is in hand, of orders since it began. [DSP60] */
export async function shiftWork(tx: Tx, marketId: string, nowMs: number): Promise<ReadonlyMap<string, ShiftWork>> {
  const rows = await tx
    .select({ courierId: shifts.courierId, startedAtMs: shifts.startedAtMs, deliveries: count(deliveries.id) })
    .from(shifts)
    .leftJoin(
      deliveries,
      and(
        eq(deliveries.marketId, shifts.marketId),
        eq(deliveries.courierId, shifts.courierId),
        gte(deliveries.createdAtMs, shifts.startedAtMs),
      ),
    )
    .where(and(eq(shifts.marketId, marketId), isNull(shifts.endedAtMs)))
    .groupBy(shifts.courierId, shifts.startedAtMs);
  return new Map(
    rows.map((row) => [row.courierId, { onDutyMs: Math.max(0, nowMs - row.startedAtMs), deliveries: row.deliveries }]),
  );
}
