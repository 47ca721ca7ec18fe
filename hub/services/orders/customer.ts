import { and, asc, desc, eq, inArray, isNotNull, lt, sql } from "drizzle-orm";

import { menuItems } from "#drizzle/schema/restaurants.ts";
import { payments } from "#drizzle/schema/money.ts";
import { orderLines, orders } from "#drizzle/schema/orders.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { seeOrder, sightOf } from "#shared/domain/rights/projection.ts";
import { nextOrderStatus } from "#shared/domain/order/change.ts";
import { newOrder, newPayment, placedTold, refuseOtherPrice } from "#shared/domain/order/new-order.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { PricedOrder } from "#shared/domain/pricing/price-order.ts";
import { insertOf } from "#shared/server/db/json-rows.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { endUndelivered } from "#shared/server/life/life.ts";
import { linesOf, readOrder, selectOrders } from "#shared/server/life/load-order.ts";
import { newId } from "#shared/server/new-id.ts";

import { priceOrder } from "../browsing/basket.ts";
import { commandOf } from "../command-of.ts";
import type { UseCases } from "../use-cases.ts";
import { begin } from "./kitchen.ts";
import type { OrderDeps } from "./order-deps.ts";
import { PaymentProviderError } from "#shared/server/payments/provider.ts";
import { actorOf, answering, identityOf } from "./who.ts";

type CustomerCases = Pick<UseCases, "order.place" | "order.settle" | "order.cancel" | "order.read" | "orders.mine">;

/** What a customer does with an order. [ORD7-ORD9] */
export function customerUseCases(deps: OrderDeps): CustomerCases {
  const { db, uow, market } = deps;
  return {
    /**
     * Prices everything again, takes stock, and writes the order down; the payment is begun by `order.settle`. Repeated with
     * its key it is the same order; a crash before the commit leaves nothing, after it an order that waits for its payment.
     */
    "order.place": (caller, input) =>
      uow.command(commandOf(caller, "order.place", input), async (w) => {
        const priced = await priceOrder({ tx: w.tx, nowMs: w.nowMs, market }, input);
        refuseOtherPrice(priced, input);
        const actor = { role: "customer" as const, personId: identityOf(caller).personId };
        const loaded = await insertOrder(w, deps, actor.personId, input, priced);
        w.append(placedTold(loaded, priced));
        const { seq: _seq, ...seen } = seeOrder(sightOf("customer"), orderViewOf(loaded, priced.lines, 0));
        return seen;
      }),

    /** Safe to repeat: it asks the provider and applies what it says. */
    "order.settle": async (caller, input) => {
      const before = await readOrder(db.orm, input.marketId, input.orderId);
      const actor = before && actorOf(caller, "order.settle", before);
      if (!before || !actor) throw new Refusal("order.not-found", "no such order here");
      await deps.settle(input.marketId, input.orderId).catch((error: unknown) => {
        if (!(error instanceof PaymentProviderError)) throw error;
        if (error.retryable)
          throw new Refusal("payment.unavailable", "the payment provider does not answer; try again", { cause: error });
        throw new Refusal("payment.refused", error.message, { cause: error });
      });
      const now = (await readOrder(db.orm, input.marketId, input.orderId)) ?? before;
      return answering(actor, now)(now);
    },

    "order.cancel": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "order.cancel", input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, "order.cancel", input);
        if (nextOrderStatus(loaded, "cancel", actor) === undefined) return answer(loaded);
        const refundMinor =
          actor.role === "customer" ? loaded.payment.amountMinor : (input.refundMinor ?? loaded.payment.amountMinor);
        if (refundMinor > loaded.payment.amountMinor) throw new Refusal("payment.amount", "more than the order cost");
        const { eta } = await market(w.tx, input.marketId);
        const end = { status: "CANCELLED", type: "order.cancelled", reason: input.reason, refundMinor } as const;
        return answer(await endUndelivered(w, eta, loaded, actor, end));
      });
      deps.hintRound(input.marketId);
      return seen;
    },

    "order.read": async (caller, input) => {
      const loaded = await readOrder(db.orm, input.marketId, input.orderId);
      const actor = loaded && actorOf(caller, "order.read", loaded);
      if (!loaded || !actor) throw new Refusal("order.not-found", "no such order here");
      return answering(actor, loaded)(loaded);
    },

    "orders.mine": async (caller, input) => {
      const { personId } = identityOf(caller);
      const rows = await selectOrders(db.orm)
        .where(
          and(eq(orders.customerId, personId), input.cursor === undefined ? undefined : lt(orders.id, input.cursor)),
        )
        .orderBy(desc(orders.id))
        .limit(input.limit + 1);
      return pageOf(deps, rows, input.limit, "customer");
    },
  };
}

/** A page of orders with their lines, as one kind of viewer sees them. */
export async function pageOf(
  deps: Pick<OrderDeps, "db">,
  rows: readonly LoadedOrder[],
  limit: number,
  sight: "customer" | "kitchen" | "ops",
) {
  const shown = rows.slice(0, limit);
  const byMarket = Map.groupBy(shown, (row) => row.order.marketId);
  const lines = new Map(
    (
      await Promise.all(
        [...byMarket].map(([id, all]) =>
          linesOf(
            deps.db.orm,
            id,
            all.map((row) => row.order.id),
          ),
        ),
      )
    ).flatMap((each) => [...each]),
  );
  return {
    orders: shown.map((row) => seeOrder(sight, orderViewOf(row, lines.get(row.order.id) ?? [], 0))),
    nextCursor: rows.length > limit ? (shown.at(-1)?.order.id ?? null) : null,
  };
}

/** @returns the order as it was written, so that nothing has to be read again */
async function insertOrder(
  w: Work,
  deps: OrderDeps,
  customerId: string,
  input: ParsedInput<"order.place">,
  priced: PricedOrder,
): Promise<LoadedOrder> {
  const { marketId } = input;
  if (priced.countsStock) await takeStock(w, marketId, priced.lines);
  const order = newOrder(newId(), customerId, input, priced, deps.settings.payWithinMs, w.nowMs);
  const orderId = order.id;
  const payment = newPayment(order, w.nowMs);
  const lines = priced.lines.map((line, position) => ({ ...line, marketId, orderId, position }));
  // One statement for all of it.
  const [customer] = await w.tx.execute<{ name: string }>(sql`
    with the_order as (${insertOf(orders, [order])}),
      its_lines as (${insertOf(orderLines, lines)}),
      its_payment as (${insertOf(payments, [payment])})
    select name from people where id = ${customerId}`);
  const customerName = customer?.name ?? "";
  return { order, restaurant: priced.restaurant, payment, customerName, delivery: null, courier: null };
}

/** Counts down what is counted; locked in the order of the ids, so that two baskets never wait for each other in a ring. */
async function takeStock(w: Work, marketId: string, lines: PricedOrder["lines"]): Promise<void> {
  const wanted = Map.groupBy(lines, (line) => line.itemId);
  const counted = await w.tx
    .select({ id: menuItems.id, stock: menuItems.stock })
    .from(menuItems)
    .where(and(eq(menuItems.marketId, marketId), inArray(menuItems.id, [...wanted.keys()]), isNotNull(menuItems.stock)))
    .orderBy(asc(menuItems.id))
    .for("update");
  for (const { id, stock } of counted) {
    const same = wanted.get(id) ?? [];
    const quantity = same.reduce((sum, line) => sum + line.quantity, 0);
    if ((stock ?? 0) < quantity) throw new Refusal("menu.unavailable", `${same[0]?.name ?? "an item"} is sold out`);
    // oxlint-disable-next-line no-await-in-loop -- few items are counted, and they are locked already
    await w.tx
      .update(menuItems)
      .set({ stock: sql`${menuItems.stock} - ${quantity}` })
      .where(and(eq(menuItems.marketId, marketId), eq(menuItems.id, id)));
  }
}
