import { and, asc, desc, eq, gt, isNull } from "drizzle-orm";
import type { z } from "zod";

import { couriers, shifts } from "#drizzle/schema/restaurants.ts";
import type { courierView, ShiftView } from "#shared/contracts/views.ts";

import { newId } from "../new-id.ts";
import type { Tx } from "./connect.ts";

type CourierView = z.output<typeof courierView>;
type CourierRow = typeof couriers.$inferSelect;
type NewCourier = Pick<CourierRow, "marketId" | "personId" | "name" | "vehicle" | "capacity" | "createdAtMs">;

/** Takes somebody on. Undefined when the person is a courier of the market already. */
export async function insertCourier(tx: Tx, courier: NewCourier): Promise<CourierView | undefined> {
  const [row] = await tx
    .insert(couriers)
    .values({ ...courier, id: newId() })
    .onConflictDoNothing()
    .returning();
  return row && viewOf(row, null);
}

export async function courierThere(tx: Tx, marketId: string, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: couriers.id })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.id, id)));
  return rows.length > 0;
}

/** Writes the fields that are given. Undefined when no such courier is there. */
export async function changeCourier(
  tx: Tx,
  marketId: string,
  id: string,
  change: { readonly [F in "vehicle" | "capacity" | "active"]?: CourierRow[F] | undefined },
): Promise<CourierView | undefined> {
  if (Object.values(change).some((value) => value !== undefined)) {
    await tx
      .update(couriers)
      .set(change)
      .where(and(eq(couriers.marketId, marketId), eq(couriers.id, id)));
  }
  const [row] = await withShift(tx).where(and(eq(couriers.marketId, marketId), eq(couriers.id, id)));
  return row && viewOf(row.courier, row.shift);
}

/** A market's couriers with their open shift, oldest first. */
export async function couriersOf(
  tx: Tx,
  marketId: string,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<CourierView[]> {
  const rows = await withShift(tx)
    .where(and(eq(couriers.marketId, marketId), ...(page.after === undefined ? [] : [gt(couriers.id, page.after)])))
    .orderBy(asc(couriers.id))
    .limit(page.limit);
  return rows.map((row) => viewOf(row.courier, row.shift));
}

/** A courier's shifts, newest first. */
export async function shiftsOf(tx: Tx, marketId: string, courierId: string, limit: number): Promise<ShiftView[]> {
  return tx
    .select({ id: shifts.id, startedAtMs: shifts.startedAtMs, endsAtMs: shifts.endsAtMs, endedAtMs: shifts.endedAtMs })
    .from(shifts)
    .where(and(eq(shifts.marketId, marketId), eq(shifts.courierId, courierId)))
    .orderBy(desc(shifts.startedAtMs), desc(shifts.id))
    .limit(limit);
}

function withShift(tx: Tx) {
  return tx
    .select({ courier: couriers, shift: shifts })
    .from(couriers)
    .leftJoin(
      shifts,
      and(eq(shifts.marketId, couriers.marketId), eq(shifts.courierId, couriers.id), isNull(shifts.endedAtMs)),
    );
}

function viewOf(row: CourierRow, shift: typeof shifts.$inferSelect | null): CourierView {
  const { id, personId, name, vehicle, capacity, active } = row;
  return {
    id,
    personId,
    name,
    vehicle,
    capacity,
    active,
    shift: shift && {
      id: shift.id,
      startedAtMs: shift.startedAtMs,
      endsAtMs: shift.endsAtMs,
      endedAtMs: shift.endedAtMs,
    },
  };
}
