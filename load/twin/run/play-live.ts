import { setTimeout as delay } from "node:timers/promises";

import { zoneOf } from "#shared/domain/geo/cells.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import type { RunningSystem } from "../../../deploy/local/system.ts";
import { LIVE_MEANS } from "../../actors/means.ts";
import { payByCard, readPaymentsConfig } from "../../actors/pay.ts";
import { makeRecorder, type Recorder } from "../../actors/recorder.ts";
import { commitToClientMs } from "../../replay/day-evidence.ts";
import { measuredFetch, type RequestTimes } from "../../replay/measured-fetch.ts";
import { startOperator, type Operator } from "../../replay/operator.ts";
import { startStrangers, type Strangers, type Target } from "../../replay/strangers.ts";
import { isQuiet, tried } from "../../replay/trial.ts";
import { makeBook, type Book } from "../play/book.ts";
import type { Counts } from "../play/life.ts";
import { startTwin, type Twin } from "../play/twin.ts";
import { makeWorld } from "../play/world.ts";
import type { Pace } from "../world/pace.ts";
import type { Ways } from "../world/ways.ts";
import { watchMachine, type MachineUse, type MachineWatch } from "./machine.ts";
import { MARKET, usualPayMinor } from "./office.ts";
import { setLiveStage, type LiveStage, type LiveStageOptions } from "./stage-live.ts";
import { makePaceMeter, type PaceMeter } from "./pace-meter.ts";
import { outcomeOf, type TwinOutcome } from "./twin-figures.ts";

export interface PlayLiveOptions extends Omit<LiveStageOptions, "fetch" | "onSystem"> {
  readonly seed: number;
  readonly ordersPerHour: number;
  readonly ways: Ways;
  readonly pace: Pace;
  /** Deployment ms between a courier's fixes on the way. */
  readonly fixEveryMs: number;
  readonly onProgress?: (progress: TwinProgress) => void;
}

export interface TwinProgress extends Counts {
  /** Deployment minutes since orders began. */
  readonly minute: number;
  readonly rawGaps: number;
}

const LOOK_EVERY_MS = 500;
/** An operator's screen follows so many orders at a time; of more, every n-th. */
const MOST_OPERATOR_WATCHES = 600;
const MOST_ZONES = 500;
/** Deployment minutes after the last order's moment; whoever is not done then never is. */
const TAIL_MIN = 150;

/** A twin on a system of its own, live, and what everybody was given judged at its end. Up and down by itself. */
export function playLive(options: PlayLiveOptions): Promise<TwinOutcome> {
  return onStage(options, (stage, tools) => playAndJudge(options, stage, tools));
}

/** Plays the same without waiting for anybody's end. @returns what the minutes in which orders came took of the machine */
export function rehearse(options: PlayLiveOptions): Promise<MachineUse> {
  return onStage(options, async (stage, { machine }) => {
    const { twin, operator, strangers, clock } = await raiseCurtain(options, stage);
    try {
      await untilAt(clock, stage.time.fromMs, options.signal);
      machine.again();
      await untilAt(clock, stage.time.untilMs, options.signal);
      return machine.use();
    } finally {
      strangers.close();
      twin.close();
      operator.close();
    }
  });
}

async function untilAt(clock: Clock, atMs: number, signal: AbortSignal | undefined): Promise<void> {
  // oxlint-disable-next-line no-await-in-loop -- looks again and again
  while (clock.nowMs() < atMs) await delay(LOOK_EVERY_MS, undefined, { signal });
}

async function onStage<T>(
  options: PlayLiveOptions,
  play: (stage: LiveStage, tools: Instruments) => Promise<T>,
): Promise<T> {
  let system: RunningSystem | undefined;
  const times = measuredFetch();
  const machine = watchMachine();
  try {
    const stage = await setLiveStage({ ...options, fetch: times.fetch, onSystem: (running) => (system = running) });
    const db = connectDb(stage.system.databaseUrl, { max: 2, name: "tiffin-twin" });
    try {
      return await play(stage, { db, times, machine });
    } finally {
      await db.close();
    }
  } finally {
    machine.stop();
    await system?.stop();
  }
}

interface Instruments {
  readonly db: Db;
  readonly times: RequestTimes;
  readonly machine: MachineWatch;
}

interface Theatre {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly book: Book;
  readonly twin: Twin;
  readonly operator: Operator;
  readonly strangers: Strangers;
  readonly pace: PaceMeter;
}

async function playAndJudge(options: PlayLiveOptions, stage: LiveStage, tools: Instruments): Promise<TwinOutcome> {
  const theatre = await raiseCurtain(options, stage);
  const { twin, operator, strangers, clock, recorder, book } = theatre;
  const { time, system } = stage;
  const rawGaps = () => twin.rawGaps() + operator.hub.stats.rawGaps;
  try {
    await untilAt(clock, time.fromMs, options.signal);
    options.tell("the evening begins");
    tools.times.forget();
    tools.machine.again();
    await untilEnded(options, stage, tools.db, theatre);
    const use = tools.machine.use();
    strangers.close();
    options.tell("the evening is over; comparing what was heard with what is stored");
    const trial = await tried({
      db: tools.db,
      system,
      recorder,
      strangers: strangers.personIds,
      rawGaps,
      clock: time.clock,
      logsIn: options.dir,
      signal: options.signal,
    });
    const { events, ...rest } = trial;
    return outcomeOf({
      ...rest,
      eventCount: events.length,
      book,
      positions: recorder.positions,
      counts: twin.counts,
      time,
      speedReached: theatre.pace.speed(),
      use,
      tookMs: tools.times.tookMs,
      commitToClientMs: commitToClientMs(events, recorder.log, time.wallOf),
      strangersAnswered: strangers.answered,
    });
  } finally {
    strangers.close();
    twin.close();
    operator.close();
  }
}

async function raiseCurtain(options: PlayLiveOptions, { system, company, time }: LiveStage): Promise<Theatre> {
  const { seed, ways, ordersPerHour, minutes, town, tell } = options;
  const clock = makeSystemClock(time.clock);
  const [recorder, book, pace] = [makeRecorder(), makeBook(), makePaceMeter()];
  const payments = await readPaymentsConfig(system.hubUrls);
  const zones = [
    ...new Set([...town.restaurants.map((each) => each.point), ...town.customers.map((each) => each.drop)].map(zoneOf)),
  ];
  const session = company.operator;
  const watched = { marketId: MARKET.id, clock, recorder, zones: zones.slice(0, MOST_ZONES) };
  const operator = startOperator({ ...watched, at: 1, session });
  const placed: { readonly orderId: string; readonly restaurantId: string }[] = [];
  const everyNth = Math.ceil((ordersPerHour * minutes) / 60 / MOST_OPERATOR_WATCHES);
  const twin = startTwin({
    stage: {
      marketId: MARKET.id,
      cast: company.cast,
      clock,
      means: LIVE_MEANS,
      pay: (secret, card) => payByCard(payments, secret, card),
      recorder,
    },
    world: makeWorld({ seed, timeZone: MARKET.timeZone, ways, pace: options.pace }),
    perHour: ordersPerHour,
    fromMs: time.fromMs,
    untilMs: time.untilMs,
    fixEveryMs: options.fixEveryMs,
    usualPayMinor,
    book,
    tell,
    onPlaced(order) {
      pace.placed(order.wantedAtMs);
      placed.push(order);
      if (placed.length % everyNth === 0) operator.watchOrder(order.orderId);
    },
  });
  const targetOf = (order: (typeof placed)[number]): Target => ({
    ...order,
    deliveryId: book.orders.get(order.orderId)?.deliveryId ?? order.orderId,
  });
  const people = (["customer", "kitchen", "courier"] as const).map((as) => ({ as, session: company.strangers[as] }));
  const strangers = startStrangers({
    ...watched,
    people,
    courierIds: company.courierIds,
    rng: seededRng(seed),
    placed: () => placed.map(targetOf),
  });
  await Promise.all([twin.ready, operator.ready]);
  return { clock, recorder, book, twin, operator, strangers, pace };
}

/** Until every order has come to its end and is concluded, or nothing more can be expected. */
async function untilEnded(options: PlayLiveOptions, { time }: LiveStage, db: Db, theatre: Theatre): Promise<void> {
  const { twin, clock } = theatre;
  const served = { all: false };
  void twin.over.then(() => (served.all = true));
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal: options.signal });
    const nowMs = clock.nowMs();
    options.onProgress?.({ ...twin.counts, minute: (nowMs - time.fromMs) / 60_000, rawGaps: twin.rawGaps() });
    if (nowMs > time.untilMs + TAIL_MIN * 60_000) return;
    if (served.all && (await isQuiet(db, false))) return;
  }
}
