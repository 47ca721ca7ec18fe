import { and, eq } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { restaurants } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { explain } from "#shared/domain/dispatch/decision/explain.ts";
import { pinnedBecause, standingOf, standingWords, type Standing } from "#shared/domain/dispatch/decision/standing.ts";
import { whyNot } from "#shared/domain/dispatch/decision/why-not.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { openShift } from "#shared/server/life/courier-state.ts";
import { newestDecision, readDecision } from "#shared/server/life/decisions.ts";
import { readOrder } from "#shared/server/life/load-order.ts";

import { offersOf } from "../black-box/offers.ts";
import type { OrderDeps } from "../orders/order-deps.ts";
import { eventsOf } from "../orders/story.ts";
import { actorOf } from "../orders/who.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import { ownCourier } from "./courier.ts";
import { namesOf } from "./decisions.ts";

type WhyCases = Pick<UseCases, "delivery.why" | "courier.why-not">;

const ONE_LOOK = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

/** Why it is as it is now, to the office of a delivery and to a courier of having no offer. [DSP45, DSP46] */
export function whyUseCases({ db, clock }: OrderDeps): WhyCases {
  return {
    "delivery.why": (caller, { marketId, deliveryId }) =>
      db.orm.transaction(async (tx) => {
        const { order, delivery, courier } = await orderOf(tx, caller, marketId, deliveryId);
        const events = await eventsOf(tx, marketId, order.id);
        const offers = await offersOf(tx, marketId, deliveryId);
        const ended = delivery.endedAtMs !== null;
        const standing = standingOf({ ended, courier, events, offers });
        const pinned = pinnedBecause(delivery.pinnedAtMs !== null && !ended, events);
        const behind = await decisionBehind(tx, marketId, deliveryId, standing, pinned !== undefined);
        return {
          deliveryId,
          words: standingWords(standing, pinned, behind?.told),
          decisionId: behind?.id ?? null,
          decidedAtMs: behind?.decidedAtMs ?? null,
        };
      }, ONE_LOOK),

    "courier.why-not": (caller, { marketId }) =>
      db.orm.transaction(async (tx) => {
        const { id } = await ownCourier(tx, caller, marketId);
        if (!(await openShift(tx, marketId, id))) {
          return { decidedAtMs: null, words: "You are off duty: no offers come before you go on shift.", orders: [] };
        }
        const kept = await newestDecision(tx, marketId);
        const { words, orders } = whyNot(kept?.record, id, clock.nowMs());
        const names = await namesOf(
          tx,
          marketId,
          restaurants,
          orders.map(({ restaurantId }) => restaurantId),
        );
        return {
          decidedAtMs: kept?.decidedAtMs ?? null,
          words,
          orders: orders.map((each) => ({ ...each, restaurantName: names.get(each.restaurantId) ?? "" })),
        };
      }, ONE_LOOK),
  };
}

/** @throws {Refusal} `delivery.not-found` for one that is not there and for somebody else's alike */
async function orderOf(tx: Tx, caller: Caller, marketId: string, deliveryId: string) {
  const [row] = await tx
    .select({ orderId: deliveries.orderId })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, marketId), eq(deliveries.id, deliveryId)));
  const loaded = row && (await readOrder(tx, marketId, row.orderId));
  if (!loaded?.delivery || !actorOf(caller, "delivery.why", loaded)) {
    throw new Refusal("delivery.not-found", "no such delivery here");
  }
  return { ...loaded, delivery: loaded.delivery };
}

/** The kept round that the delivery's standing follows from, with what it found; undefined: none, or kept no longer. */
async function decisionBehind(tx: Tx, marketId: string, deliveryId: string, standing: Standing, pinned: boolean) {
  const waits = standing.kind === "waits";
  const named = standing.kind === "asked" || standing.kind === "accepted" ? standing.decisionId : null;
  if (waits && pinned) return undefined;
  const kept = waits ? await newestDecision(tx, marketId) : named && (await readDecision(tx, marketId, named));
  // Of before it was taken from somebody, unpinned or answered: that was about another state of things.
  if (!kept || (waits && kept.decidedAtMs < standing.sinceMs)) return undefined;
  const told = explain(kept.record, deliveryId);
  if (!told || (waits && told.outcome === "offered")) return undefined;
  return { id: kept.id, decidedAtMs: kept.decidedAtMs, told };
}
