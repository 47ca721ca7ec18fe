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
  /** Wall seconds after which somebody who has not caught up counts as having lost what is missing. */
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

/** All screens of a kitchen lose their connection at once and come back at once, each asking for what it has missed. */
export async function rideOutStorm(user: VirtualUser, report: Report): Promise<void> {
  const options = storm.parse(user.vars);
  const { release, restaurantId, sockets, rounds } = options;
  const deployment = await deploymentFor(user);
  const { marketId, clock } = deployment;
  const session = sessionOf(user, deployment);
  const [url = ""] = deployment.hubUrls;
  const ref = { marketId, kind: "restaurant", id: restaurantId } as const;
  for (const metric of [METRIC.eventsLost, METRIC.caughtUp, METRIC.refused]) report.emit("counter", metric, 0);
  const screens = Array.from({ length: sockets }, () => screenOf(session, url, ref, clock));
  try {
    await Promise.all(screens.map((screen) => back(screen, 0, options, report)));
    for (let round = 0; round < rounds; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one storm after the other
      await oneStorm(screens, session, options, report, marketId);
    }
    reportScreens(screens, report, clock);
  } finally {
    for (const { hub } of screens) hub.close();
    release();
  }
}

async function oneStorm(
  screens: readonly Screen[],
  session: ActorSession,
  options: Storm,
  report: Report,
  marketId: string,
): Promise<void> {
  const { restaurantId, everyS, awayS, missed } = options;
  await pauseS(everyS - ((Date.now() / 1_000) % everyS));
  const stood = Math.max(...screens.map(reachedBy));
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
  await Promise.all(screens.map((screen) => back(screen, stood + missed, options, report)));
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

/** Comes back and waits until the stream stands at `seq` for this screen; what has not come in time is lost. */
async function back(screen: Screen, seq: number, { withinS }: Storm, report: Report): Promise<void> {
  const fromMs = performance.now();
  const sinceMs = () => performance.now() - fromMs;
  report.emit("counter", METRIC.refused, await screen.line.comeBack());
  report.emit("histogram", METRIC.connectMs, sinceMs());
  const caughtUp = await new Promise<boolean>((done) => {
    const timer = setTimeout(() => done(false), Math.max(0, withinS * 1_000 - sinceMs()));
    screen.heard = () => {
      if (screen.recorder.log.length === 0 || reachedBy(screen) < seq) return;
      clearTimeout(timer);
      screen.heard = () => undefined;
      done(true);
    };
    screen.heard();
  });
  // The first time there is nothing to catch up with.
  if (seq === 0) return;
  if (caughtUp) report.emit("histogram", METRIC.catchUpMs, sinceMs());
  report.emit("counter", METRIC.caughtUp, caughtUp ? 1 : 0);
  report.emit("counter", METRIC.eventsLost, Math.max(0, seq - reachedBy(screen)));
}

function reachedBy({ recorder }: Screen): number {
  const newest = recorder.log.at(-1);
  return newest ? (newest.events.at(-1)?.seq ?? newest.snapshotSeq) : 0;
}

function reportScreens(screens: readonly Screen[], report: Report, clock: Clock): void {
  for (const { hub, recorder } of screens) {
    report.emit("counter", METRIC.wireGaps, hub.stats.rawGaps);
    report.emit("counter", METRIC.snapshots, recorder.log.length - 1);
    // Events that a screen has missed are as late as it was away: of the storm only their order is looked at.
    for (const entry of recorder.log)
      reportLog({ emit: (kind, ...of) => kind === "counter" && report.emit(kind, ...of) }, entry, clock.rate);
  }
}
