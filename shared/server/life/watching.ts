import { and, asc, eq, isNull, or, sql } from "drizzle-orm";

import { streamHeads } from "#drizzle/schema/events.ts";
import { orders } from "#drizzle/schema/orders.ts";
import { personRoles } from "#drizzle/schema/people.ts";
import { couriers, restaurants } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import { gathered } from "#shared/lib/gathered.ts";
import { holds, type Identity } from "#shared/domain/rights/identity.ts";
import { seeOrder } from "#shared/domain/rights/projection.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

import type { Db, Tx } from "../db/connect.ts";
import { courierStateOf } from "./courier-state.ts";
import { linesOf, readOrder, selectOrders } from "./load-order.ts";

/** What a kitchen's watch starts from. */
export interface KitchenBoard {
  readonly orders: readonly SeenOrder[];
  readonly paused: boolean;
}

/**
 * May this identity watch the stream, and as what? [RIG3]
 *
 * | stream | who |
 * | --- | --- |
 * | order | its customer; the office of the market |
 * | restaurant | its staff; the office |
 * | courier | the courier; the office |
 *
 * Asked of the store, not of the token alone: a role that was taken away a minute ago opens nothing.
 *
 * @throws {Refusal} `stream.not-found`, for what is not there and for what is not theirs alike
 */
export type AuthoriseWatch = (identity: Identity, ref: StreamRef) => Promise<Viewer>;

export function makeAuthoriseWatch(db: Db): AuthoriseWatch {
  // Most who watch are customers, and after a reconnect storm all of them come at once.
  const customerOf = gathered((refs: readonly StreamRef[]) => customersOf(db, refs));
  const isOffice = gathered((asked: readonly OfficeAsk[]) => areOffice(db.orm, asked));
  return async (identity, ref) => {
    const { personId } = identity;
    if (claimsOffice(identity, ref.marketId) && (await isOffice({ personId, marketId: ref.marketId }))) {
      return { as: "ops", personId };
    }
    if (ref.kind === "order" && holds(identity, "customer") && (await customerOf(ref)) === personId) {
      return { as: "customer", personId };
    }
    if (ref.kind === "restaurant" && (await isStaff(db.orm, personId, ref))) return { as: "kitchen", personId };
    if (ref.kind === "courier" && (await isCourier(db.orm, personId, ref))) return { as: "courier", personId };
    throw new Refusal("stream.not-found", "no such stream for you");
  };
}

/** Who placed each of the orders; null for one that is not there. Each looked up by itself: a join of many reads all orders. [RTM53] */
async function customersOf(db: Db, refs: readonly StreamRef[]): Promise<(string | null)[]> {
  const rows = await db.sql<{ customer_id: string | null }[]>`
    select (select o.customer_id from orders o where o.market_id = asked.market_id and o.id = asked.id)
    from unnest(${refs.map((ref) => ref.marketId)}::text[], ${refs.map((ref) => ref.id)}::uuid[])
      with ordinality as asked (market_id, id, nth)
    order by asked.nth`;
  return rows.map((row) => row.customer_id);
}

async function isCourier(tx: Tx, personId: string, ref: StreamRef): Promise<boolean> {
  const [row] = await tx
    .select({ personId: couriers.personId })
    .from(couriers)
    .where(and(eq(couriers.marketId, ref.marketId), eq(couriers.id, ref.id)));
  return row?.personId === personId;
}

const OFFICE = ["dispatcher", "support", "admin"] as const;

function claimsOffice(identity: Identity, marketId: string): boolean {
  return OFFICE.some((role) => holds(identity, role, marketId));
}

interface OfficeAsk {
  readonly personId: string;
  readonly marketId: string;
}

/**
 * Whether each is of that market's office. Who asks for many streams at once is looked up once, and each by themselves, as `limit` keeps
 * the planner from joining. [RTM53]
 */
async function areOffice(tx: Tx, asked: readonly OfficeAsk[]): Promise<boolean[]> {
  const keyOf = ({ personId, marketId }: OfficeAsk) => `${personId}/${marketId}`;
  const each = new Map(asked.map((one) => [keyOf(one), one]));
  const people = sql.param([...each.values()].map(({ personId }) => personId));
  const markets = sql.param([...each.values()].map(({ marketId }) => marketId));
  const rows = await tx.execute<{ key: string; is: boolean | null }>(sql`
    select person_id || '/' || market_id as key, (select true from person_roles r where r.person_id = asked.person_id
      and r.role = any(${sql.param(OFFICE)}::text[]) and r.market_id = asked.market_id limit 1) as is
    from unnest(${people}::uuid[], ${markets}::text[]) as asked (person_id, market_id)`);
  const found = new Set(rows.filter(({ is }) => is === true).map(({ key }) => key));
  return asked.map((one) => found.has(keyOf(one)));
}

async function isStaff(tx: Tx, personId: string, ref: StreamRef): Promise<boolean> {
  const [row] = await tx
    .select({ id: personRoles.id })
    .from(personRoles)
    .where(
      and(
        eq(personRoles.personId, personId),
        eq(personRoles.marketId, ref.marketId),
        eq(personRoles.restaurantId, ref.id),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** Whether the event takes the viewer's right away: nothing after it is theirs. */
export function closesAt(viewer: Viewer, event: StoredEvent): boolean {
  return event.type === "staff.removed" && event.payload["personId"] === viewer.personId;
}

/** A stream's state, the seq that it stands at, and whether the viewer's right held then, read in one snapshot of the store. [RTM48] */
export function snapshotOf(
  db: Db,
  ref: StreamRef,
  viewer: Viewer,
): Promise<{ readonly seq: number; readonly snapshot: unknown; readonly mayWatch: boolean }> {
  return db.orm.transaction(
    async (tx) => {
      const [head] = await tx
        .select({ seq: streamHeads.seq })
        .from(streamHeads)
        .where(
          and(eq(streamHeads.marketId, ref.marketId), eq(streamHeads.kind, ref.kind), eq(streamHeads.ownerId, ref.id)),
        );
      const seq = head?.seq ?? 0;
      const mayWatch = await holdsNow(tx, ref, viewer);
      return { seq, snapshot: await stateOf(tx, ref, viewer, seq), mayWatch };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

/** Of customers' and couriers' rights none can end. */
async function holdsNow(tx: Tx, ref: StreamRef, { as, personId }: Viewer): Promise<boolean> {
  if (as === "kitchen") return await isStaff(tx, personId, ref);
  if (as === "ops") return (await areOffice(tx, [{ personId, marketId: ref.marketId }]))[0] ?? false;
  return true;
}

async function stateOf(tx: Tx, ref: StreamRef, viewer: Viewer, seq: number): Promise<unknown> {
  switch (ref.kind) {
    case "order": {
      const loaded = await readOrder(tx, ref.marketId, ref.id);
      if (!loaded) throw new Refusal("stream.not-found", "no such stream for you");
      return seeOrder(viewer.as, orderViewOf(loaded, loaded.lines, seq));
    }
    case "restaurant":
      return kitchenBoard(tx, ref, viewer);
    case "courier": {
      const [courier] = await tx
        .select()
        .from(couriers)
        .where(and(eq(couriers.marketId, ref.marketId), eq(couriers.id, ref.id)));
      if (!courier) throw new Refusal("stream.not-found", "no such stream for you");
      return courierStateOf(tx, courier);
    }
  }
}

/** Tickets that a kitchen still has to do with: paid, and neither handed out nor ended. */
async function kitchenBoard(tx: Tx, ref: StreamRef, viewer: Viewer): Promise<KitchenBoard> {
  const [restaurant] = await tx
    .select({ paused: restaurants.paused })
    .from(restaurants)
    .where(and(eq(restaurants.marketId, ref.marketId), eq(restaurants.id, ref.id)));
  if (!restaurant) throw new Refusal("stream.not-found", "no such stream for you");
  const open = await selectOrders(tx)
    .where(
      and(
        eq(orders.marketId, ref.marketId),
        eq(orders.restaurantId, ref.id),
        isNull(orders.endedAtMs),
        or(
          ...(["CREATED", "CONFIRMED", "PREPARING", "READY", "IN_DELIVERY"] as const).map((status) =>
            eq(orders.status, status),
          ),
        ),
      ),
    )
    .orderBy(asc(orders.placedAtMs), asc(orders.id));
  const lines = await linesOf(
    tx,
    ref.marketId,
    open.map((row) => row.order.id),
  );
  return {
    orders: open.map((row) => {
      const { seq: _, ...seen } = seeOrder(viewer.as, orderViewOf(row, lines.get(row.order.id) ?? [], 0));
      return seen;
    }),
    paused: restaurant.paused,
  };
}
