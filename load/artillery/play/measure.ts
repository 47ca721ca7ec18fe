import type { HubClient } from "../../../shared/client/hub-client.ts";
import type { Namespace } from "../../../shared/contracts/catalogue/command.ts";
import type { StreamRef } from "../../../shared/contracts/streams.ts";
import type { Clock } from "../../../shared/lib/clock.ts";
import type { LoggedWatch, Recorder } from "../../actors/recorder.ts";
import type { ActorSession } from "../../actors/session.ts";
import type { Report } from "./virtual-user.ts";

/** Every metric of ours, so that `ensure` asks for none that does not exist. */
export const METRIC = {
  /** Counters: events that handlers were given; those that never came; those that came again or out of order. */
  eventsReceived: "tiffin.events.received",
  eventsLost: "tiffin.events.lost",
  eventsDisordered: "tiffin.events.disordered",
  /** Counter: gaps that the client library saw on the wire and closed. */
  wireGaps: "tiffin.wire.gaps",
  /** Histogram, wall ms: from the time that the hub wrote on an event until a handler had it. */
  eventLatencyMs: "tiffin.events.latency_ms",
  /** Histogram, wall ms: how old the newest position was when the customer's screen was told. */
  positionAgeMs: "tiffin.positions.age_ms",
  ordersPlaced: "tiffin.orders.placed",
  ordersDelivered: "tiffin.orders.delivered",
  ordersUnfilled: "tiffin.orders.rejected_or_cancelled",
  ordersOpen: "tiffin.orders.still_open",
  offersAccepted: "tiffin.offers.accepted",
  handedOver: "tiffin.deliveries.handed_over",
  shiftsBegun: "tiffin.shifts.begun",
  /** Counter: couriers who still had something in hand when there was no more time. */
  shiftsUnended: "tiffin.shifts.unended",
  ordersSeen: "tiffin.kitchen.orders_seen",
  ordersReady: "tiffin.kitchen.orders_ready",
  dropped: "tiffin.storm.dropped",
  caughtUp: "tiffin.storm.caught_up",
  refused: "tiffin.storm.connections_refused",
  snapshots: "tiffin.storm.snapshots",
  connectMs: "tiffin.storm.connect_ms",
  catchUpMs: "tiffin.storm.catch_up_ms",
} as const;

/** Wall seconds that an event may be under way before it counts as lost. */
const UNDER_WAY_S = 10;

interface Watched {
  readonly session: ActorSession;
  readonly namespace: Namespace;
  readonly hub: HubClient;
  readonly recorder: Recorder;
  readonly clock: Clock;
}

/**
 * Holds what the handlers of a person's watches were given against what somebody is told who looks for the first time now:
 * what the newcomer's snapshot holds and the watcher has not got after ten seconds is lost. Call it while they still watch.
 */
export async function reportWatches(report: Report, watched: Watched): Promise<void> {
  const { session, namespace, hub, recorder, clock } = watched;
  const newcomer = session.connect(namespace);
  try {
    for (const entry of recorder.log.filter(isOpen)) {
      // oxlint-disable-next-line no-await-in-loop -- a handful of streams, each asked once
      report.emit("counter", METRIC.eventsLost, await missing(newcomer, recorder, entry, clock));
    }
  } finally {
    newcomer.close();
  }
  report.emit("counter", METRIC.wireGaps, hub.stats.rawGaps);
  for (const entry of recorder.log) reportLog(report, entry, clock.rate);
  for (const { heardAtMs, takenAtMs } of recorder.positions) {
    report.emit("histogram", METRIC.positionAgeMs, Math.max(0, (heardAtMs - takenAtMs) / clock.rate));
  }
}

/** What one watch was given: how many, how late, and whether each followed the one before. */
export function reportLog(report: Report, entry: LoggedWatch, rate: number): void {
  let { snapshotSeq: seq } = entry;
  let disordered = 0;
  for (const event of entry.events) {
    if (event.seq !== seq + 1) disordered += 1;
    seq = event.seq;
    report.emit("histogram", METRIC.eventLatencyMs, Math.max(0, (event.heardAtMs - event.atMs) / rate));
  }
  report.emit("counter", METRIC.eventsReceived, entry.events.length);
  report.emit("counter", METRIC.eventsDisordered, disordered);
}

function isOpen(entry: LoggedWatch, index: number, all: readonly LoggedWatch[]): boolean {
  // A stream that was told anew as a whole goes on in its newest log.
  const isNewest = all.findLastIndex(({ stream }) => stream.id === entry.stream.id) === index;
  return isNewest && entry.closedSeq === undefined && entry.leftSeq === undefined;
}

async function missing(newcomer: HubClient, recorder: Recorder, entry: LoggedWatch, clock: Clock): Promise<number> {
  const seq = await standsAt(newcomer, entry.stream, clock);
  const behind = () => seq - reached(recorder, entry.stream);
  for (let waitedS = 0; behind() > 0 && waitedS < UNDER_WAY_S; waitedS += 0.25) {
    // oxlint-disable-next-line no-await-in-loop -- until it is there
    await new Promise((done) => setTimeout(done, 250));
  }
  return Math.max(0, behind());
}

function reached({ log }: Recorder, stream: StreamRef): number {
  const newest = log.findLast((entry) => entry.stream.id === stream.id);
  return newest ? (newest.events.at(-1)?.seq ?? newest.snapshotSeq) : 0;
}

/** Where a stream stands for somebody who sees it for the first time; 0 when it may not be seen any more. */
function standsAt(hub: HubClient, stream: StreamRef, clock: Clock): Promise<number> {
  return new Promise((done, fail) => {
    const cancel = clock.after(UNDER_WAY_S * 1_000 * clock.rate, () => fail(new Error("a watch was not answered")));
    const answered = (seq: number): void => {
      cancel();
      done(seq);
    };
    hub.watch(stream, {
      onSnapshot: (_, { seq }) => answered(seq),
      onEvent: () => undefined,
      onClosed: () => answered(0),
    });
  });
}
