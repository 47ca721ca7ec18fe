import { and, eq, inArray, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { positionOf, takeFixes, type KeptFix } from "#shared/domain/tracking/take-fixes.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { Publisher } from "#shared/server/realtime/publish.ts";

import { CARRYING } from "#shared/domain/tracking/carriage.ts";
import { identityOf } from "../orders/who.ts";
import type { UseCase } from "../use-cases.ts";
import { noteLastPlace, writeTraces } from "./traces.ts";

export interface FixPushDeps {
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

interface Known {
  readonly courierId: string;
  readonly readAtMs: number;
  /** The newest fix that was kept, with its zone. */
  newest: KeptFix | undefined;
}

/** Wall ms for which a courier's record is believed without asking the store. */
const BELIEVE_MS = 30_000;
/** Couriers remembered; beyond, the one seen longest ago is asked for anew. */
const REMEMBERED = 20_000;

/**
 * `fix.push`: writes every fix down, and moves the marker if there is a newer one that makes sense. [RTM18-RTM20]
 *
 * Twice: the trace row holds each fix once, by its time, and the marker does not move back. Late: the same. Never: the
 * phone sends them again; until then the last position goes out of date and is forgotten.
 */
export function makeFixPush(deps: FixPushDeps): UseCase<"fix.push"> {
  const { db, last, publisher, clock, onZone } = deps;
  const known = new Map<string, Known>();

  async function knownOf(marketId: string, personId: string): Promise<Known> {
    const key = `${marketId}/${personId}`;
    const found = known.get(key);
    if (found && clock.nowMs() - found.readAtMs < BELIEVE_MS) return found;
    const courierId = await courierOf(db, marketId, personId);
    const newest = found?.newest ?? newestOf((await last.read(marketId, [courierId]))[0]);
    const fresh = { courierId, readAtMs: clock.nowMs(), newest };
    known.delete(key);
    known.set(key, fresh);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
    return fresh;
  }

  return async (caller, { marketId, fixes }) => {
    const { personId } = identityOf(caller);
    const courier = await knownOf(marketId, personId);
    const before = courier.newest;
    const { kept, newest, sorted } = takeFixes(fixes, before, deps.deploymentNowMs());
    courier.newest = newest;
    await writeTraces(db, marketId, courier.courierId, sorted);
    if (!newest || newest === before) return { kept };
    onZone?.(personId, marketId, newest.zone);
    const { courierId } = courier;
    const position = positionOf(newest, marketId, courierId, await carriedBy(db, marketId, courierId));
    await Promise.all([
      last.keep(position),
      publisher.publishPosition(position),
      noteLastPlace(db, marketId, courierId, newest),
    ]);
    return { kept };
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
function newestOf(position: Position | undefined): Known["newest"] {
  if (!position) return undefined;
  const { lat, lng, speedMps, headingDeg, takenAtMs, zone } = position;
  return { lat, lng, speedMps, headingDeg, takenAtMs, zone, accuracyM: 0 };
}
