import { and, eq } from "drizzle-orm";

import { deliveries, offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Actor } from "#shared/domain/order/change.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { courierStateOf, offerViews, openShift } from "#shared/server/life/courier-state.ts";
import { closeOffer, excludeCourier } from "#shared/server/life/life.ts";
import { lockOrders } from "#shared/server/life/load-order.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import { assign } from "./assign.ts";
import { lockCourier, ownCourier } from "./courier.ts";

type OfferCases = Pick<UseCases, "offer.accept" | "offer.decline">;

/** A courier's answer to an offer. Of answers and the deadline exactly one wins: the store decides. [OFR1-OFR3] */
export function offerUseCases(deps: OrderDeps): OfferCases {
  const { uow, market } = deps;
  return {
    "offer.accept": async (caller, input) => {
      const state = await uow.command(commandOf(caller, "offer.accept", input), async (w) => {
        const seen = await ownOffer(w.tx, caller, input.marketId, input.offerId);
        // Said again by many devices at once: what is over needs no lock, for which all others would wait.
        if (seen.status === "accepted") return courierStateOf(w.tx, await ownCourier(w.tx, caller, input.marketId));
        if (seen.status !== "offered") throw new Refusal("offer.closed", "the offer is no longer open");
        const orderIds = await ordersOf(w.tx, input.marketId, input.offerId);
        const loaded = await lockOrders(w.tx, input.marketId, orderIds);
        const courier = await lockCourier(w, caller, input.marketId);
        // Under the locks: what was open a moment ago may have been answered since.
        const offer = await ownOffer(w.tx, caller, input.marketId, input.offerId);
        if (offer.status === "accepted") return courierStateOf(w.tx, courier);
        const actor: Actor = { role: "courier", personId: courier.personId };
        if (offer.expiresAtMs <= w.nowMs || !(await closeOffer(w, input.marketId, offer.id, "accepted", actor))) {
          throw new Refusal("offer.closed", "the offer is no longer open");
        }
        if (!(await openShift(w.tx, input.marketId, courier.id)))
          throw new Refusal("offer.closed", "start a shift first");
        const facts = await market(w.tx, input.marketId);
        await assign(w, facts.eta, courier, actor, inOrder(loaded, orderIds));
        return courierStateOf(w.tx, courier);
      });
      return state;
    },

    "offer.decline": async (caller, input) => {
      const view = await uow.command(commandOf(caller, "offer.decline", input), async (w) => {
        await ownOffer(w.tx, caller, input.marketId, input.offerId);
        await lockOrders(w.tx, input.marketId, await ordersOf(w.tx, input.marketId, input.offerId));
        const courier = await lockCourier(w, caller, input.marketId);
        const offer = await ownOffer(w.tx, caller, input.marketId, input.offerId);
        const actor: Actor = { role: "courier", personId: courier.personId };
        const open = await closeOffer(w, input.marketId, offer.id, "declined", actor, input.reason);
        if (!open && offer.status !== "declined") throw new Refusal("offer.closed", "the offer is no longer open");
        if (open) await excludeCourier(w, input.marketId, offer.id, courier.id);
        const [declined] = await offerViews(w.tx, input.marketId, [offer.id]);
        if (!declined) throw new Refusal("offer.not-found", "no such offer");
        return declined;
      });
      deps.hintRound(input.marketId);
      return view;
    },
  };
}

function inOrder(loaded: readonly LoadedOrder[], orderIds: readonly string[]): LoadedOrder[] {
  return orderIds.flatMap((id) => loaded.filter((each) => each.order.id === id));
}

/** In drop-off order. */
async function ordersOf(tx: Tx, marketId: string, offerId: string): Promise<string[]> {
  const rows = await tx
    .select({ orderId: deliveries.orderId })
    .from(offerDeliveries)
    .innerJoin(
      deliveries,
      and(eq(deliveries.marketId, offerDeliveries.marketId), eq(deliveries.id, offerDeliveries.deliveryId)),
    )
    .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, offerId)))
    .orderBy(offerDeliveries.position);
  return rows.map((row) => row.orderId);
}

/** @throws {Refusal} `offer.not-found` for one that is not there and for somebody else's alike */
export async function ownOffer(tx: Tx, caller: Caller, marketId: string, offerId: string) {
  const courier = await ownCourier(tx, caller, marketId);
  const [row] = await tx
    .select({ offer: offers })
    .from(offers)
    .innerJoin(couriers, and(eq(couriers.marketId, offers.marketId), eq(couriers.id, offers.courierId)))
    .where(and(eq(offers.marketId, marketId), eq(offers.id, offerId), eq(couriers.id, courier.id)));
  if (!row) throw new Refusal("offer.not-found", "no such offer");
  return row.offer;
}
