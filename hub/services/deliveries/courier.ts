import { and, eq, isNull } from "drizzle-orm";

import { deliveries, offers } from "#drizzle/schema/deliveries.ts";
import { couriers, shifts } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { ShiftView } from "#shared/contracts/views.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { courierStateOf, openShift, shiftViewOf } from "#shared/server/life/courier-state.ts";
import { closeOffer } from "#shared/server/life/life.ts";
import { isOpenOffer } from "#shared/server/life/literals.ts";
import { endSuggestion, suggestionOn } from "#shared/server/life/suggestions.ts";
import { newId } from "#shared/server/new-id.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { identityOf } from "../orders/who.ts";
import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";

type CourierCases = Pick<UseCases, "courier.read" | "shift.start" | "shift.end" | "suggestion.dismiss">;
export type CourierRow = typeof couriers.$inferSelect;

/** A courier's own state and time on duty. */
export function courierUseCases(deps: OrderDeps): CourierCases {
  const { db, uow } = deps;
  return {
    "courier.read": (caller, input) =>
      db.orm.transaction(async (tx) => courierStateOf(tx, await ownCourier(tx, caller, input.marketId)), {
        isolationLevel: "repeatable read",
        accessMode: "read only",
      }),

    /** Started twice: the open shift is answered. The store holds that there is one. */
    "shift.start": async (caller, input) => {
      const shift = await uow.command(commandOf(caller, "shift.start", input), async (w) => {
        const courier = await lockCourier(w, caller, input.marketId);
        const open = await openShift(w.tx, input.marketId, courier.id);
        if (open) return open;
        if (input.endsAtMs <= w.nowMs) throw new Refusal("shift.illegal-action", "the planned end has passed");
        const row = {
          marketId: input.marketId,
          id: newId(),
          courierId: courier.id,
          startedAtMs: w.nowMs,
          endsAtMs: input.endsAtMs,
          endedAtMs: null,
        };
        await w.tx.insert(shifts).values(row);
        await w.tx
          .update(couriers)
          .set({ lastLat: input.point.lat, lastLng: input.point.lng, lastFixAtMs: w.nowMs })
          .where(and(eq(couriers.marketId, input.marketId), eq(couriers.id, courier.id)));
        const view = shiftViewOf(row);
        tellShift(w, courier, "shift.started", view);
        return view;
      });
      deps.hintRound(input.marketId);
      return shift;
    },

    "shift.end": (caller, input) =>
      uow.command(commandOf(caller, "shift.end", input), async (w) =>
        endShift(w, await lockCourier(w, caller, input.marketId)),
      ),

    /** Of one that has ended or been replaced nothing changes. [DSP29] */
    "suggestion.dismiss": (caller, input) =>
      uow.command(commandOf(caller, "suggestion.dismiss", input), async (w) => {
        const courier = await lockCourier(w, caller, input.marketId);
        const actor = { role: "courier" as const, personId: courier.personId };
        await endSuggestion(w, courier, "dismissed", actor, input.suggestionId);
        return { suggestion: await suggestionOn(w.tx, input.marketId, courier.id) };
      }),
  };
}

/** @throws {Refusal} `shift.illegal-action` off duty, and with deliveries in hand */
async function endShift(w: Work, courier: CourierRow): Promise<ShiftView> {
  const { marketId, id, personId } = courier;
  const open = await openShift(w.tx, marketId, id);
  if (!open) throw new Refusal("shift.illegal-action", "no shift is open");
  const [held] = await w.tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, marketId), eq(deliveries.courierId, id), isNull(deliveries.endedAtMs)))
    .limit(1);
  if (held) throw new Refusal("shift.illegal-action", "finish the deliveries in hand first");
  await withdrawOpenOffer(w, courier);
  await endSuggestion(w, courier, "off-duty", { role: "courier", personId });
  const endedAtMs = Math.max(w.nowMs, open.startedAtMs);
  await w.tx
    .update(shifts)
    .set({ endedAtMs })
    .where(and(eq(shifts.marketId, marketId), eq(shifts.id, open.id)));
  const view = { ...open, endedAtMs };
  tellShift(w, courier, "shift.ended", view);
  return view;
}

function tellShift(
  w: Work,
  courier: CourierRow,
  type: "shift.started" | "shift.ended",
  shift: ReturnType<typeof shiftViewOf>,
): void {
  w.append({
    marketId: courier.marketId,
    type,
    payload: { shift: shift.endedAtMs === null ? shift : null },
    actorRole: "courier",
    actorId: courier.personId,
    in: { courier: courier.id },
  });
}

/** Nobody is off duty with an offer open: its deliveries are offered to others at once. */
async function withdrawOpenOffer(w: Work, { marketId, id, personId }: CourierRow): Promise<void> {
  const open = await w.tx
    .select({ id: offers.id })
    .from(offers)
    .where(and(eq(offers.marketId, marketId), eq(offers.courierId, id), isOpenOffer));
  for (const offer of open) await closeOffer(w, marketId, offer.id, "withdrawn", { role: "courier", personId });
}

/** The caller as a courier of the market, locked: shifts and acceptances of one courier wait for each other. */
export async function lockCourier(w: Work, caller: Caller, marketId: string): Promise<CourierRow> {
  const courier = await ownCourier(w.tx, caller, marketId);
  await w.tx
    .select({ id: couriers.id })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.id, courier.id)))
    .for("update");
  return courier;
}

/** @throws {Refusal} `courier.not-found` when the caller does not work here (any more) */
export async function ownCourier(tx: Tx, caller: Caller, marketId: string): Promise<CourierRow> {
  const [courier] = await tx
    .select()
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.personId, identityOf(caller).personId)));
  if (!courier?.active) throw new Refusal("courier.not-found", "you are not a courier of this market");
  return courier;
}
