import { z } from "zod";

import { OFFER_STATUSES } from "#shared/contracts/states.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { newId } from "#shared/server/new-id.ts";

import { CENTRE, idOf, planOf, type SwarmPlan } from "../../swarm/plan.ts";
import { seedSwarm, SWARM_MARKET } from "../../swarm/run/seed.ts";
import type { Truth } from "./verdict.ts";

export const MARKET = SWARM_MARKET.id;

/** A delivery over which races are held: its courier is asked, another one could get it too. Nobody has two lanes. */
export interface Lane {
  readonly orderId: string;
  readonly deliveryId: string;
  readonly restaurantId: string;
  readonly courier: Racer;
  readonly rival: Racer;
}

export interface Racer {
  readonly courierId: string;
  readonly personId: string;
}

const HOUR_MS = 3_600_000;

/** Who is there: a small swarm; its carried orders become deliveries that wait. */
function planFor(lanes: number): SwarmPlan {
  return planOf(Math.max(200, lanes * 40));
}

/** Writes a small market, couriers on duty, and one delivery that waits for each lane. */
export async function seedLanes(db: Db, lanes: number, nowMs: number): Promise<Lane[]> {
  const plan = planFor(lanes);
  await seedSwarm(db, plan, nowMs);
  const racer = (n: number): Racer => ({ courierId: idOf("courier-file", n), personId: idOf("courier", n) });
  const made = Array.from({ length: lanes }, (_, n) => ({
    orderId: idOf("order", n),
    deliveryId: idOf("delivery", n),
    courier: racer(2 * n),
    rival: racer(2 * n + 1),
  }));
  const { sql } = db;
  // The others keep no courier's hands full.
  await sql`update deliveries set status = 'PENDING', courier_id = null, slot = null, version = 0, assigned_at_ms = null,
    arrived_at_merchant_at_ms = null, picked_up_at_ms = null where market_id = ${MARKET}`;
  await sql`update orders set status = 'READY', picked_up_at_ms = null where market_id = ${MARKET} and kind = 'delivery'`;
  await sql`update couriers set last_lat = ${CENTRE.lat}, last_lng = ${CENTRE.lng}, last_fix_at_ms = ${nowMs}
    where market_id = ${MARKET}`;
  await sql`insert into shifts (market_id, id, courier_id, started_at_ms, ends_at_ms)
    select market_id, gen_random_uuid(), id, ${nowMs}, ${nowMs + 1_000 * HOUR_MS} from couriers where market_id = ${MARKET}`;
  const rows = await sql<{ id: string; restaurant_id: string }[]>`
    select id, restaurant_id from deliveries where market_id = ${MARKET}`;
  const restaurantOf = new Map(rows.map(({ id, restaurant_id }) => [id, restaurant_id]));
  return made.map((lane) => ({ ...lane, restaurantId: restaurantOf.get(lane.deliveryId) ?? "" }));
}

/** An open offer, and what its lane's counters were. */
export interface Race {
  readonly offerId: string;
  readonly versionBefore: number;
}

/** Offers the lane's delivery to its courier, as a round would. */
export async function offerTo({ sql }: Db, lane: Lane, nowMs: number, expiresAtMs: number): Promise<Race> {
  const offerId = newId();
  const { courier, restaurantId, deliveryId } = lane;
  const [row] = await sql.begin(async (tx) => {
    await tx`insert into offers (market_id, id, courier_id, restaurant_id, status, round, offered_at_ms, expires_at_ms, pay_minor,
        reason)
      values (${MARKET}, ${offerId}, ${courier.courierId}, ${restaurantId}, 'offered', 1, ${nowMs}, ${expiresAtMs}, 8000, '{}')`;
    await tx`insert into offer_deliveries (market_id, offer_id, delivery_id, position, open)
      values (${MARKET}, ${offerId}, ${deliveryId}, 0, true)`;
    return tx<{ version: number }[]>`
      select version from deliveries where market_id = ${MARKET} and id = ${deliveryId}`;
  });
  return { offerId, versionBefore: row?.version ?? 0 };
}

const truthRow = z.object({
  status: z.enum(OFFER_STATUSES),
  closings: z.coerce.number(),
  holderId: z.string().nullable(),
  version: z.number(),
  pinned: z.boolean(),
});

/** What the store says of a race when everybody has been answered. */
export async function truthOf(
  { sql }: Db,
  { courier, orderId, deliveryId }: Lane,
  { offerId, versionBefore }: Race,
): Promise<Truth & { readonly pinned: boolean }> {
  const [row] = await sql`
    select o.status, d.courier_id as "holderId", d.version, d.pinned_at_ms is not null as pinned,
      (select count(*) from order_events e
        where e.market_id = o.market_id and e.courier_id = o.courier_id and e.courier_seq > h.seq - 200
          and e.payload->'closed'->>'offerId' = ${offerId}) as closings
    from offers o
      join deliveries d on d.market_id = o.market_id and d.id = ${deliveryId}
      left join stream_heads h on h.market_id = o.market_id and h.kind = 'courier' and h.owner_id = o.courier_id
    where o.market_id = ${MARKET} and o.id = ${offerId}`;
  const { status, closings, holderId, version, pinned } = truthRow.parse(row);
  const givings = version - versionBefore;
  return { courierId: courier.courierId, orderId, offer: status, closings, holderId, givings, pinned };
}
