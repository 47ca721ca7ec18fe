import { and, eq } from "drizzle-orm";

import { couriers } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Position, StreamRef } from "#shared/contracts/streams.ts";
import { CARRYING } from "#shared/domain/tracking/carriage.ts";
import { NO_REPORTS, type Reporter } from "#shared/domain/tracking/motion/report.ts";
import { positionOf, type KeptFix } from "#shared/domain/tracking/take-fixes.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { PositionOutbox } from "#shared/server/realtime/position-outbox.ts";

import { identityOf } from "../orders/who.ts";
import type { Caller } from "../use-cases.ts";

export interface MarkerDeps {
  readonly db: Db;
  readonly last: LastPositions;
  readonly outbox: Pick<PositionOutbox, "tell">;
  /** Wall time: how long what is known of a courier may be used without asking. */
  readonly clock: Clock;
  /** Deployment time, epoch ms: fixes are stamped in it. */
  readonly deploymentNowMs: () => number;
  /** The zone that the marker is in, each time that it moves: the phone's sockets belong in its room. */
  readonly onZone?: (personId: string, marketId: string, zone: string) => void;
  /** Where the courier's stream stands, where this hub hears at once of what comes next; undefined where it does not. */
  readonly headNow?: (stream: StreamRef) => string | undefined;
}

/** What one hub knows of a courier who tells it where they are. */
export interface Known {
  readonly courierId: string;
  readonly personId: string;
  readonly marketId: string;
  /** Wall ms at which the store last said that they are a courier here. */
  readAtMs: number;
  /** The newest fix that was kept, with its zone. */
  newest: KeptFix | undefined;
  /** What the screens were told, of a phone that leaves that to the hub. */
  reporter: Reporter;
  /** What was carried when they were told. */
  carried: string;
  /** What was in their hands when their stream stood at `head`, or a moment later. */
  hands: { readonly head: string; readonly carrying: Position["carrying"] } | undefined;
}

const CARRYING_STATUSES = [...CARRYING];
/** Wall ms for which a courier's record is believed without asking the store: who is suspended may be seen for so long. */
const BELIEVE_MS = 120_000;
/** Couriers remembered; beyond, the one seen longest ago is asked for anew. */
const REMEMBERED = 20_000;

/** The markers of the couriers who are at this hub. */
export interface Markers {
  /** @throws {Refusal} `courier.not-found` when the caller is none here (any more) */
  of(caller: Caller, marketId: string): Promise<Known>;
  /**
   * What is in the courier's hands now: a position that is sent after the hand-over names the order no more. The store is asked when the
   * courier's stream has moved since, or this hub could not know. [RTM42]
   *
   * @throws {Refusal} `courier.not-found` when they are no courier here any more
   */
  carriedBy(courier: Known): Promise<Position["carrying"]>;
  /** Tells the screens: the marker is here. The fix is the courier's newest. Nobody waits for Redis: what it loses comes with the next. */
  show(courier: Known, fix: KeptFix, carrying: Position["carrying"]): void;
}

export function makeMarkers(deps: MarkerDeps): Markers {
  const { db, last, outbox, clock } = deps;
  const known = new Map<string, Known>();
  return {
    async of(caller, marketId) {
      const { personId } = identityOf(caller);
      const key = `${marketId}/${personId}`;
      const found = known.get(key);
      if (found && clock.nowMs() - found.readAtMs < BELIEVE_MS) {
        known.delete(key);
        known.set(key, found);
        return found;
      }
      const courierId = await courierOf(db, marketId, personId);
      const newest = found?.newest ?? newestOf((await last.read(marketId, [courierId]))[0]);
      const { reporter, carried, hands } = found ?? { reporter: NO_REPORTS, carried: "", hands: undefined };
      const fresh = { courierId, personId, marketId, readAtMs: clock.nowMs(), newest, reporter, carried, hands };
      known.delete(key);
      known.set(key, fresh);
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
      return fresh;
    },
    async carriedBy(courier) {
      const { marketId, courierId: id, hands } = courier;
      // Before the store is asked: what it answers is of then, or newer.
      const head = deps.headNow?.({ marketId, kind: "courier", id });
      if (head !== undefined && hands?.head === head) return hands.carrying;
      const carrying = await carriedBy(db, marketId, id);
      if (!carrying) throw NO_COURIER();
      courier.readAtMs = clock.nowMs();
      courier.hands = head === undefined ? undefined : { head, carrying };
      return carrying;
    },
    show(courier, fix, carrying) {
      const { marketId, courierId, personId } = courier;
      deps.onZone?.(personId, marketId, fix.zone);
      outbox.tell(positionOf(fix, marketId, courierId, carrying));
    },
  };
}

async function courierOf(db: Db, marketId: string, personId: string): Promise<string> {
  const [row] = await db.orm
    .select({ id: couriers.id, active: couriers.active })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.personId, personId)));
  if (!row?.active) throw NO_COURIER();
  return row.id;
}

const NO_COURIER = () => new Refusal("courier.not-found", "you are no courier in this market");

/** Asked often, so in one plain statement. Undefined when this is no courier at work here. */
async function carriedBy({ sql }: Db, marketId: string, courierId: string): Promise<Position["carrying"] | undefined> {
  const rows = await sql<{ order_id: string | null; id: string; version: number }[]>`
    select d.order_id, d.id, d.version from couriers c
    left join deliveries d on d.market_id = c.market_id and d.courier_id = c.id and d.ended_at_ms is null
      and d.status = any(${CARRYING_STATUSES}::text[])
    where c.market_id = ${marketId} and c.id = ${courierId} and c.active`;
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ order_id: orderId, id, version }) =>
    orderId === null ? [] : { orderId, deliveryId: id, version },
  );
}

/** What another hub, or this one before a restart, kept last. Its accuracy is not known any more: taken as good. */
function newestOf(position: Position | undefined): KeptFix | undefined {
  if (!position) return undefined;
  const { lat, lng, speedMps, headingDeg, takenAtMs, zone } = position;
  return { lat, lng, speedMps, headingDeg, takenAtMs, zone, accuracyM: 0 };
}
