import type { HeardEvent, LoggedWatch, Recorder } from "../actors/recorder.ts";
import type { Evidence, PositionRight } from "../check/checker.ts";
import type { CommittedEvent, DayOrder } from "./read-day.ts";

/** The delivery states in which the food is in a courier's hands: only then may its customer see where it is. */
const CARRYING: readonly unknown[] = ["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"];

export interface DayEvidence {
  readonly events: readonly CommittedEvent[];
  readonly orders: readonly Pick<DayOrder, "id" | "customerId">[];
  readonly recorder: Recorder;
  /** Who may see none of what they asked for. */
  readonly strangers: readonly string[];
  readonly rawGaps: number;
  /** Deployment time of a wall time, epoch ms. */
  readonly atOf: (wallMs: number) => number;
}

/** What the day's watchers were given and what they were entitled to, for the checker. [RPL6] */
export function evidenceOf(day: DayEvidence): Evidence {
  const { events, orders, recorder, strangers, rawGaps } = day;
  return {
    watches: recorder.log,
    stored: events,
    rights: recorder.log
      .filter((watch) => strangers.includes(watch.viewer.personId))
      .map((watch) => ({ personId: watch.viewer.personId, stream: watch.stream, fromSeq: 1, toSeq: 0 })),
    positions: recorder.positions,
    positionRights: positionRights(events, orders, day.atOf),
    rawGaps,
  };
}

/**
 * A customer may see the courier from the pick-up on (the time that the event itself tells) until the moment at which the
 * end was committed: before that nobody, the platform included, can know of it.
 */
function positionRights(
  events: readonly CommittedEvent[],
  orders: DayEvidence["orders"],
  atOf: (wallMs: number) => number,
): PositionRight[] {
  const customers = new Map(orders.map((order) => [order.id, order.customerId]));
  const told = Map.groupBy(
    events.filter((event) => event.orderId !== null && event.orderSeq !== null && deliveryStatus(event) !== undefined),
    (event) => event.orderId ?? "",
  );
  return [...told].flatMap(([orderId, story]) => {
    const personId = customers.get(orderId);
    if (personId === undefined) return [];
    const rights: PositionRight[] = [];
    let fromMs: number | undefined;
    for (const event of story.toSorted((a, b) => (a.orderSeq ?? 0) - (b.orderSeq ?? 0))) {
      const carrying = CARRYING.includes(deliveryStatus(event));
      if (carrying) fromMs ??= event.atMs;
      else if (fromMs !== undefined) {
        rights.push({ personId, orderId, fromMs, toMs: Math.ceil(atOf(event.committedWallMs)) });
        fromMs = undefined;
      }
    }
    if (fromMs !== undefined) rights.push({ personId, orderId, fromMs });
    return rights;
  });
}

function deliveryStatus(event: CommittedEvent): unknown {
  // Cast: the writers put an order's patch here, or nothing.
  const order = event.payload["order"] as { readonly delivery?: { readonly status?: unknown } } | undefined;
  return order?.delivery?.status;
}

/**
 * Wall ms from the commit of an event, by Postgres' own stamp, to the handler that was given it; exact to a millisecond,
 * which is how finely the receiver reads its clock. One value for each watcher of an event. [RPL9]
 */
export function commitToClientMs(
  events: readonly CommittedEvent[],
  log: readonly LoggedWatch[],
  wallOf: (atMs: number) => number,
): number[] {
  const committed = new Map(events.map((event) => [event.id, event.committedWallMs]));
  const tookMs = ({ id, heardAtMs }: HeardEvent): number[] => {
    const wallMs = committed.get(id);
    return wallMs === undefined || wallMs === 0 ? [] : [Math.max(0, wallOf(heardAtMs) - wallMs)];
  };
  return log.flatMap((watch) => watch.events.flatMap(tookMs));
}
