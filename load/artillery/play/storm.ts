import { z } from "zod";

import { makeHubClient, type HubClient } from "../../../shared/client/hub-client.ts";
import type { StreamRef } from "../../../shared/contracts/streams.ts";
import type { Clock } from "../../../shared/lib/clock.ts";
import { makeRecorder, watchRecorded, type Recorder } from "../../actors/recorder.ts";
import type { ActorSession } from "../../actors/session.ts";
import { droppable, type Droppable } from "./droppable.ts";
import { kitchen } from "./kitchen.ts";
import { METRIC, reportLog } from "./measure.ts";
import { deploymentFor, pauseS, sessionOf, type Report, type VirtualUser } from "./virtual-user.ts";

const storm = kitchen.extend({
  /** Screens of one kitchen; a hub lets one person have 24. */
  sockets: z.coerce.number().int().min(1).max(1_000),
  rounds: z.coerce.number().int().min(1),
  /** Everybody drops at the whole multiples of so many wall seconds, so that kitchens drop together. */
  everyS: z.coerce.number().positive(),
  /** Wall seconds without a connection. */
  awayS: z.coerce.number().min(0),
  /** Events that the stream moves on by meanwhile. */
  missed: z.coerce.number().int().min(1).max(50),
  /** Wall seconds in which everybody is to be back and to have got what was missed. */
  withinS: z.coerce.number().positive(),
});
type Storm = z.output<typeof storm>;

/** One screen of a kitchen. */
interface Screen {
  readonly line: Droppable;
  readonly hub: HubClient;
  readonly recorder: Recorder;
  /** Calls back with every event and snapshot. */
  heard: () => void;
}

/** Wall ms in which a hub must let everybody in before the first storm. */
const JOIN_WITHIN_MS = 60_000;

/** All screens of a kitchen lose their connection at once and come back at once, each asking for what it has missed. */
export async function rideOutStorm(user: VirtualUser, report: Report): Promise<void> {
  const options = storm.parse(user.vars);
  const { release, restaurantId, sockets, rounds } = options;
  const deployment = await deploymentFor(user);
  const { marketId, clock } = deployment;
  const session = sessionOf(user, deployment);
  const [url = ""] = deployment.hubUrls;
  const ref = { marketId, kind: "restaurant", id: restaurantId } as const;
  const screens = Array.from({ length: sockets }, () => screenOf(session, url, ref, clock));
  try {
    await Promise.all(screens.map((screen) => join(screen, report)));
    let seq = 0;
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one storm after the other
      seq = await oneStorm(screens, { session, options, report, marketId, seq });
    }
    reportScreens(screens, seq, report, clock);
  } finally {
    for (const { hub } of screens) hub.close();
    release();
  }
}

interface Weather {
  readonly session: ActorSession;
  readonly options: Storm;
  readonly report: Report;
  readonly marketId: string;
  /** Where the stream stood after the storm before. */
  readonly seq: number;
}

/** @returns where the stream stands at least when it is over */
async function oneStorm(screens: readonly Screen[], weather: Weather): Promise<number> {
  const { session, options, report, marketId } = weather;
  const { restaurantId, everyS, awayS, missed } = options;
  await pauseS(everyS - ((Date.now() / 1_000) % everyS));
  const seq = Math.max(weather.seq, ...screens.map(reachedBy)) + missed;
  for (const { line } of screens) line.drop();
  report.emit("counter", METRIC.dropped, screens.length);
  const fromMs = performance.now();
  for (let nth = 0; nth < missed; nth += 1) {
    // Closing and opening the door is an event of the restaurant's stream; at the end it is open.
    const paused = nth < missed - 1 && nth % 2 === 0;
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await session.api.call("restaurant.pause", { marketId, restaurantId, paused });
  }
  await pauseS(Math.max(0, awayS - (performance.now() - fromMs) / 1_000));
  await Promise.all(screens.map((screen) => back(screen, seq, options.withinS * 1_000, report)));
  return seq;
}

function screenOf(session: ActorSession, url: string, ref: StreamRef, clock: Clock): Screen {
  const line = droppable(url, "kitchen", session.token);
  const recorder = makeRecorder();
  const screen: Screen = {
    line,
    hub: makeHubClient({ token: session.token }, line.open),
    recorder,
    heard: () => undefined,
  };
  watchRecorded(
    screen.hub,
    ref,
    { onSnapshot: () => screen.heard(), onEvent: () => screen.heard() },
    { viewer: { as: "kitchen", personId: session.personId }, clock, recorder },
  );
  return screen;
}

async function join(screen: Screen, report: Report): Promise<void> {
  const fromMs = performance.now();
  report.emit("counter", METRIC.refused, await screen.line.comeBack(JOIN_WITHIN_MS));
  report.emit("histogram", METRIC.connectMs, performance.now() - fromMs);
  const shown = await stands(screen, 0, JOIN_WITHIN_MS - (performance.now() - fromMs));
  if (!shown) throw new Error("a kitchen's screen was not shown its orders");
}

/** Comes back and waits until the stream stands at `seq` for this screen, `withinMs` at most. */
async function back(screen: Screen, seq: number, withinMs: number, report: Report): Promise<void> {
  const fromMs = performance.now();
  const sinceMs = () => performance.now() - fromMs;
  report.emit("counter", METRIC.refused, await screen.line.comeBack(withinMs));
  report.emit("histogram", METRIC.connectMs, sinceMs());
  const caughtUp = await stands(screen, seq, withinMs - sinceMs());
  if (caughtUp) report.emit("histogram", METRIC.catchUpMs, sinceMs());
  report.emit("counter", METRIC.caughtUp, caughtUp ? 1 : 0);
}

/** Whether a screen is shown its stream, at `seq` or beyond, in time. */
function stands(screen: Screen, seq: number, withinMs: number): Promise<boolean> {
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), Math.max(0, withinMs));
    screen.heard = () => {
      if (screen.recorder.log.length === 0 || reachedBy(screen) < seq) return;
      clearTimeout(timer);
      screen.heard = () => undefined;
      done(true);
    };
    screen.heard();
  });
}

function reachedBy({ recorder }: Screen): number {
  const newest = recorder.log.at(-1);
  return newest ? (newest.events.at(-1)?.seq ?? newest.snapshotSeq) : 0;
}

/** What a screen has not got at the end of the last storm is lost. */
function reportScreens(screens: readonly Screen[], seq: number, report: Report, clock: Clock): void {
  for (const screen of screens) {
    const { hub, recorder } = screen;
    report.emit("counter", METRIC.eventsLost, Math.max(0, seq - reachedBy(screen)));
    report.emit("counter", METRIC.wireGaps, hub.stats.rawGaps);
    report.emit("counter", METRIC.snapshots, recorder.log.length - 1);
    // Events that a screen has missed are as late as it was away: of the storm only their order is looked at.
    for (const entry of recorder.log)
      reportLog({ emit: (kind, ...of) => kind === "counter" && report.emit(kind, ...of) }, entry, clock.rate);
  }
}
