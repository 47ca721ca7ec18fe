import { and, eq, inArray } from "drizzle-orm";

import { couriers } from "#drizzle/schema/restaurants.ts";
import type { BlackBox } from "#shared/contracts/black-box.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import { viewsOf, type Onlooker } from "#shared/domain/rights/black-box.ts";
import { seeOrder } from "#shared/domain/rights/projection.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { readOrder, type OrderWithLines } from "#shared/server/life/load-order.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { eventsOf, ledgerOf, storyRow } from "../orders/story.ts";
import { actorOf } from "../orders/who.ts";
import type { UseCases } from "../use-cases.ts";
import { offerEventsOf, offersOf } from "./offers.ts";
import { pathOf } from "./paths.ts";
import { suggestionsBefore } from "./suggestions.ts";
import { stretchesOf } from "#shared/domain/tracking/stretches.ts";

/** An order to be looked at again, read in one snapshot of the store. For the office alone. [BLX3] */
export function blackBoxUseCases({ db, clock }: OrderDeps): Pick<UseCases, "order.black-box"> {
  return {
    "order.black-box": (caller, { marketId, orderId }) =>
      db.orm.transaction(
        async (tx) => {
          const loaded = await readOrder(tx, marketId, orderId);
          if (!loaded || !actorOf(caller, "order.black-box", loaded)) {
            throw new Refusal("order.not-found", "no such order here");
          }
          return boxOf(tx, loaded, clock.nowMs());
        },
        { isolationLevel: "repeatable read", accessMode: "read only" },
      ),
  };
}

async function boxOf(tx: Tx, loaded: OrderWithLines, nowMs: number): Promise<BlackBox> {
  const { marketId, id: orderId } = loaded.order;
  const events = await eventsOf(tx, marketId, orderId);
  const offerEvents = await offerEventsOf(tx, marketId, orderId);
  const offers = await offersOf(tx, marketId, loaded.delivery?.id);
  const { held, shown } = stretchesOf(events);
  const names = await namesOf(
    tx,
    marketId,
    [...offers, ...held].map((each) => each.courierId),
  );
  const paths = [];
  const suggestions = [];
  for (const stretch of held) {
    const name = names.get(stretch.courierId) ?? "";
    // oxlint-disable-next-line no-await-in-loop -- one connection, one statement at a time
    paths.push(await pathOf(tx, marketId, stretch, name, nowMs));
    // oxlint-disable-next-line no-await-in-loop -- the same
    suggestions.push(...(await suggestionsBefore(tx, marketId, stretch, name, events)));
  }
  return {
    atMs: nowMs,
    order: seeOrder("ops", orderViewOf(loaded, loaded.lines, events.at(-1)?.orderSeq ?? 0)),
    views: viewsOf(onlookersOf(loaded, names), [...events, ...offerEvents]),
    story: events.map(storyRow),
    offers,
    suggestions,
    paths,
    positionsShown: shown,
    ledger: await ledgerOf(tx, marketId, orderId),
  };
}

/** Customer, kitchen, couriers in the order in which they were asked, office. */
function onlookersOf({ order, restaurant, customerName }: LoadedOrder, names: ReadonlyMap<string, string>): Onlooker[] {
  const { marketId } = order;
  return [
    { as: "customer", name: customerName, ref: { marketId, kind: "order", id: order.id } },
    { as: "kitchen", name: restaurant.name, ref: { marketId, kind: "restaurant", id: restaurant.id } },
    ...[...names].map(([id, name]) => ({ as: "courier", name, ref: { marketId, kind: "courier", id } }) as const),
    { as: "ops", name: "", ref: { marketId, kind: "order", id: order.id } },
  ];
}

/** Names of couriers, in the order in which they are first asked for. */
async function namesOf(tx: Tx, marketId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await tx
    .select({ id: couriers.id, name: couriers.name })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), inArray(couriers.id, wanted)));
  const found = new Map(rows.map((row) => [row.id, row.name]));
  return new Map(wanted.map((id) => [id, found.get(id) ?? ""]));
}
