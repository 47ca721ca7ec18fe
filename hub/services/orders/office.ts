import { and, desc, eq, lt } from "drizzle-orm";

import { payments } from "#drizzle/schema/money.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";
import { sightOf } from "#shared/domain/rights/projection.ts";
import { roleFor } from "#shared/domain/rights/rights.ts";
import { oweSettlement } from "#shared/server/life/life.ts";
import { readOrder, selectOrders } from "#shared/server/life/load-order.ts";

import { commandOf } from "../command-of.ts";
import type { UseCases } from "../use-cases.ts";
import { pageOf } from "./customer.ts";
import { begin } from "./kitchen.ts";
import type { OrderDeps } from "./order-deps.ts";
import { eventsOf, ledgerOf, storyRow } from "./story.ts";
import { actorOf, identityOf } from "./who.ts";

type OfficeCases = Pick<UseCases, "order.refund" | "order.story" | "orders.of-restaurant">;

/** Only held so far. What has ended may still be kept in part: food that came back. */
const UNTAKEN: readonly OrderStatus[] = ["PENDING_PAYMENT", "CREATED"];

/** What the office does with orders, and what restaurants look back on. */
export function officeUseCases(deps: OrderDeps): OfficeCases {
  const { db, uow } = deps;
  return {
    /** Raises the amount to be given back; the settling job brings the provider to it. Repeated by its key it raises once. */
    "order.refund": (caller, input) =>
      uow.command(commandOf(caller, "order.refund", input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, "order.refund", input);
        const { order, payment } = loaded;
        const refundTargetMinor = payment.refundTargetMinor + input.amountMinor;
        if (UNTAKEN.includes(order.status)) {
          throw new Refusal("payment.amount", `nothing was taken of an order that is ${order.status}`);
        }
        if (refundTargetMinor > payment.amountMinor) {
          throw new Refusal(
            "payment.amount",
            `${payment.amountMinor - payment.refundTargetMinor} is left to give back`,
          );
        }
        await w.tx
          .update(payments)
          .set({ refundTargetMinor })
          .where(and(eq(payments.marketId, order.marketId), eq(payments.orderId, order.id)));
        w.append({
          marketId: order.marketId,
          type: "order.refund-decided",
          payload: { reason: { amountMinor: input.amountMinor, reason: input.reason } },
          actorRole: actor.role,
          actorId: actor.personId,
          in: { order: order.id },
        });
        oweSettlement(w, loaded, `refund-${refundTargetMinor}`);
        return answer(loaded);
      }),

    "order.story": async (caller, input) => {
      const loaded = await readOrder(db.orm, input.marketId, input.orderId);
      if (!loaded || !actorOf(caller, "order.story", loaded))
        throw new Refusal("order.not-found", "no such order here");
      const [events, ledger] = await Promise.all([
        eventsOf(db.orm, input.marketId, input.orderId),
        ledgerOf(db.orm, input.marketId, input.orderId),
      ]);
      return { events: events.map(storyRow), ledger };
    },

    "orders.of-restaurant": async (caller, input) => {
      const facts = { marketId: input.marketId, restaurantId: input.restaurantId };
      const role = roleFor(identityOf(caller), "orders.of-restaurant", facts);
      if (!role) throw new Refusal("restaurant.not-found", "no such restaurant here");
      const sight = sightOf(role) === "ops" ? "ops" : "kitchen";
      const rows = await selectOrders(db.orm)
        .where(
          and(
            eq(orders.marketId, input.marketId),
            eq(orders.restaurantId, input.restaurantId),
            input.cursor === undefined ? undefined : lt(orders.id, input.cursor),
          ),
        )
        .orderBy(desc(orders.id))
        .limit(input.limit + 1);
      return pageOf(deps, rows, input.limit, sight);
    },
  };
}
