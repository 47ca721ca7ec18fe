import { and, eq, inArray, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { CARRYING } from "#shared/domain/tracking/carriage.ts";
import { NO_REPORTS, type Reporter } from "#shared/domain/tracking/motion/report.ts";
import { positionOf, type KeptFix } from "#shared/domain/tracking/take-fixes.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { Publisher } from "#shared/server/realtime/publish.ts";

import { identityOf } from "../orders/who.ts";
import type { Caller } from "../use-cases.ts";
import { noteLastPlace } from "./traces.ts";

export interface MarkerDeps {
  readonly db: Db;
  readonly last: LastPositions;
  readonly publisher: Pick<Publisher, "publishPosition">;
  /** Wall time: how long what is known of a courier may be used without asking. */
  readonly clock: Clock;
  /** Deployment time, epoch ms: fixes are stamped in it. */
  readonly deploymentNowMs: () => number;
  /** The zone that the marker is in, each time that it moves: the phone's sockets belong in its room. */
  readonly onZone?: (personId: string, marketId: string, zone: string) => void;
}

/** What one hub knows of a courier who tells it where they are. */
export interface Known {
  readonly courierId: string;
  readonly personId: string;
  readonly marketId: string;
  readonly readAtMs: number;
  /** The newest fix that was kept, with its zone. */
  newest: KeptFix | undefined;
  /** What the screens were told, of a phone that leaves that to the hub. */
  reporter: Reporter;
  /** What was carried when they were told. */
  carried: string;
}

/** Wall ms for which a courier's record is believed without asking the store. */
const BELIEVE_MS = 30_000;
/** Couriers remembered; beyond, the one seen longest ago is asked for anew. */
const REMEMBERED = 20_000;

/** The markers of the couriers who are at this hub. */
export interface Markers {
  /** @throws {Refusal} `courier.not-found` when the caller is none here (any more) */
  of(caller: Caller, marketId: string): Promise<Known>;
  carriedBy(courier: Known): Promise<Position["carrying"]>;
  /** Tells the screens: the marker is here. The fix is the courier's newest. */
  show(courier: Known, fix: KeptFix, carrying: Position["carrying"]): Promise<void>;
}

export function makeMarkers(deps: MarkerDeps): Markers {
  const { db, last, publisher, clock } = deps;
  const known = new Map<string, Known>();
  return {
    async of(caller, marketId) {
      const { personId } = identityOf(caller);
      const key = `${marketId}/${personId}`;
      const found = known.get(key);
      if (found && clock.nowMs() - found.readAtMs < BELIEVE_MS) return found;
      const courierId = await courierOf(db, marketId, personId);
      const newest = found?.newest ?? newestOf((await last.read(marketId, [courierId]))[0]);
      const { reporter, carried } = found ?? { reporter: NO_REPORTS, carried: "" };
      const fresh = { courierId, personId, marketId, readAtMs: clock.nowMs(), newest, reporter, carried };
      known.delete(key);
      known.set(key, fresh);
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
      return fresh;
    },
    carriedBy: ({ marketId, courierId }) => carriedBy(db, marketId, courierId),
    async show({ marketId, courierId, personId }, fix, carrying) {
      deps.onZone?.(personId, marketId, fix.zone);
      const position = positionOf(fix, marketId, courierId, carrying);
      await Promise.all([
        last.keep(position),
        publisher.publishPosition(position),
        noteLastPlace(db, marketId, courierId, fix),
      ]);
    },
  };
}

async function courierOf(db: Db, marketId: string, personId: string): Promise<string> {
  const [row] = await db.orm
    .select({ id: couriers.id, active: couriers.active })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.personId, personId)));
  if (!row?.active) throw new Refusal("courier.not-found", "you are no courier in this market");
  return row.id;
}

/** What is in the courier's hands now: a position that is sent after the hand-over names the order no more. */
function carriedBy(db: Db, marketId: string, courierId: string): Promise<Position["carrying"]> {
  return db.orm
    .select({ orderId: deliveries.orderId, deliveryId: deliveries.id, version: deliveries.version })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.marketId, marketId),
        eq(deliveries.courierId, courierId),
        isNull(deliveries.endedAtMs),
        inArray(deliveries.status, [...CARRYING]),
      ),
    );
}

/** What another hub, or this one before a restart, kept last. Its accuracy is not known any more: taken as good. */
function newestOf(position: Position | undefined): KeptFix | undefined {
  if (!position) return undefined;
  const { lat, lng, speedMps, headingDeg, takenAtMs, zone } = position;
  return { lat, lng, speedMps, headingDeg, takenAtMs, zone, accuracyM: 0 };
}
