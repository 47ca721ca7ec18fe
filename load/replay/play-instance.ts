import { setTimeout as delay } from "node:timers/promises";

import { zoneOf } from "#shared/domain/geo/cells.ts";
import type { HubClient } from "#shared/client/hub-client.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import type { RunningSystem } from "../../deploy/local/system.ts";
import type { PlacedOrder } from "../actors/customer-actor.ts";
import { readPaymentsConfig } from "../actors/pay.ts";
import { makeRecorder, type Recorder } from "../actors/recorder.ts";
import { commitToClientMs } from "./day-evidence.ts";
import { figuresOf, placedLateMin, type ReplayFigures } from "./figures.ts";
import { measuredFetch, type RequestTimes } from "./measured-fetch.ts";
import { playOffline } from "./offline.ts";
import { startOperator, type Operator } from "./operator.ts";
import { REPLAY_MARKET } from "./cast.ts";
import type { ReplayInstance } from "./instance.ts";
import { playDay, type PlayedDay } from "./play-day.ts";
import { durabilityOf } from "./read-day.ts";
import { setStage, type Stage, type StageLinks } from "./stage.ts";
import { startStrangers, targetOf, type Strangers } from "./strangers.ts";
import { isQuiet, tried } from "./trial.ts";

export interface Progress {
  /** The instance's minute. */
  readonly minute: number;
  readonly placed: number;
  readonly delivered: number;
  readonly failed: number;
  readonly ofOrders: number;
  readonly rawGaps: number;
}

/** What a fault run has in its hands. */
export interface FaultHands extends Stage {
  readonly db: Db;
  readonly counts: PlayedDay["counts"];
  /** What everybody's handlers have been given. */
  readonly recorder: Recorder;
  /** Who are entitled to nothing. */
  readonly strangers: readonly string[];
  /** Connections of everybody who plays or watches. */
  hubs(): readonly HubClient[];
  /** Resolves when so many orders have been placed. */
  placed(count: number): Promise<void>;
  /** Nobody orders from now on. */
  lastOrders(): void;
}

export interface PlayInstanceOptions {
  readonly instance: ReplayInstance;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  /** An empty folder for everything that is kept. */
  readonly dir: string;
  readonly hubs?: number;
  readonly workers?: number;
  readonly tell: (sentence: string) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** What stands between processes and people; nothing when left out. */
  readonly links?: StageLinks;
  /** Runs beside the day; the day ends after it. */
  readonly faults?: (hands: FaultHands) => Promise<void>;
  /** Ends everything early; the play rejects then. */
  readonly signal?: AbortSignal;
}

export interface ReplayResult {
  readonly figures: ReplayFigures;
  /** Faults of streams, money and strangers in words; the first of each. */
  readonly faults: readonly string[];
  readonly conclusions: { readonly concluded: number; readonly open: number };
  readonly strangersRefused: number;
  /** The median of how long after its minute an order was placed, deployment minutes: the price was asked before. */
  readonly placedLateMin: number;
  readonly watcherEvents: number;
  readonly zoneFrames: number;
  readonly durability: { readonly fsync: string; readonly synchronousCommit: string };
}

/** An operator's screen follows so many orders at a time; of more, every n-th. */
const MOST_OPERATOR_WATCHES = 600;
const LOOK_EVERY_MS = 500;
/** Deployment minutes from the hand-over to the conclusion, and some for the sweeper. */
const CONCLUDED_WITHIN_MIN = 75;

/** Plays a day of a pack through the live system and judges what everybody was given. Up and down by itself. [RPL1-RPL9] */
export async function playInstance(options: PlayInstanceOptions): Promise<ReplayResult> {
  let system: RunningSystem | undefined;
  const times = measuredFetch();
  try {
    const stage = await setStage({
      ...options,
      hubs: options.hubs ?? 2,
      workers: options.workers ?? 1,
      fetch: times.fetch,
      onSystem: (running) => (system = running),
    });
    const db = connectDb(stage.system.databaseUrl, { max: 2, name: "tiffin-replay" });
    try {
      return await playAndJudge(options, stage, db, times);
    } finally {
      await db.close();
    }
  } finally {
    await system?.stop();
  }
}

interface Theatre {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly day: PlayedDay;
  readonly operator: Operator;
  readonly strangers: Strangers;
}

async function playAndJudge(
  options: PlayInstanceOptions,
  stage: Stage,
  db: Db,
  times: RequestTimes,
): Promise<ReplayResult> {
  const theatre = await raiseCurtain(options, stage);
  times.forget();
  try {
    options.tell("the day begins");
    await Promise.all([
      untilEnded(options, stage, db, theatre),
      options.faults?.(handsOf(options, stage, db, theatre)),
    ]);
    theatre.strangers.close();
    options.tell("the day is over; comparing what was heard with what is stored");
    return await judge(options, stage, db, theatre, times);
  } finally {
    theatre.strangers.close();
    theatre.day.close();
    theatre.operator.close();
  }
}

async function raiseCurtain(options: PlayInstanceOptions, { system, cast, time }: Stage): Promise<Theatre> {
  const { instance, tell } = options;
  const { hubUrls } = system;
  const clock = makeSystemClock(time.clock);
  const recorder = makeRecorder();
  const zones = zonesOf(instance);
  const placed: PlacedOrder[] = [];
  const everyNth = Math.ceil(instance.orders.length / MOST_OPERATOR_WATCHES);
  const operator = startOperator({
    at: 1,
    marketId: REPLAY_MARKET,
    session: cast.operator,
    zones,
    clock,
    recorder,
  });
  const payments = await readPaymentsConfig(hubUrls);
  const onPlaced = (order: PlacedOrder): void => {
    placed.push(order);
    if (placed.length % everyNth === 0) operator.watchOrder(order.orderId);
  };
  const day = playDay({ instance, cast, payments, clock, time, recorder, tell, onPlaced });
  const strangers = startStrangers({
    marketId: REPLAY_MARKET,
    people: [
      { as: "customer", session: cast.strangers.customer },
      { as: "kitchen", session: cast.strangers.kitchen.session },
      { as: "courier", session: cast.strangers.courier.session },
    ],
    courierIds: cast.couriers.map((each) => each.courierId),
    clock,
    recorder,
    zones,
    rng: seededRng(7),
    placed: () => placed.map(targetOf),
  });
  await Promise.all([day.ready, operator.ready]);
  if (time.minuteOf(clock.nowMs()) > time.firstMin + 1.5) {
    tell("this machine was slow to connect everybody: the day had begun before; its first minutes are late");
  }
  return { clock, recorder, day, operator, strangers };
}

function handsOf(options: PlayInstanceOptions, stage: Stage, db: Db, theatre: Theatre): FaultHands {
  const { day, operator, recorder, strangers } = theatre;
  return {
    ...stage,
    db,
    counts: day.counts,
    recorder,
    strangers: strangers.personIds,
    hubs: () => [...day.hubs, operator.hub],
    lastOrders: () => day.lastOrders(),
    async placed(count) {
      // oxlint-disable-next-line no-await-in-loop -- looks again and again
      while (day.counts.placed < count) await delay(50, undefined, { signal: options.signal });
    },
  };
}

/** Until every order has come to its end and is concluded, or nothing more can be expected of the day. */
async function untilEnded(options: PlayInstanceOptions, { time }: Stage, db: Db, theatre: Theatre): Promise<void> {
  const { day, clock, operator } = theatre;
  const { instance } = options;
  let lastMin = time.lastMin;
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal: options.signal });
    const minute = time.minuteOf(clock.nowMs());
    const rawGaps = rawGapsOf(day, operator);
    const { planned: ofOrders, placed, ended, failed } = day.counts;
    options.onProgress?.({ minute, ...day.counts, ofOrders, rawGaps });
    // Called off: what was placed has as long as the last order of a whole day.
    if (ofOrders < instance.orders.length) lastMin = Math.min(lastMin, minute + instance.maxMin);
    if (minute > lastMin + CONCLUDED_WITHIN_MIN) return;
    const settled = placed === ofOrders && (ended + failed === ofOrders || minute >= lastMin);
    if (settled && (await isQuiet(db, minute > lastMin))) return;
  }
}

function rawGapsOf(day: PlayedDay, operator: Operator): number {
  return [...day.hubs, operator.hub].reduce((sum, hub) => sum + hub.stats.rawGaps, 0);
}

function zonesOf(instance: ReplayInstance): string[] {
  return [...new Set([...instance.restaurants, ...instance.orders].map(zoneOf))].slice(0, 500);
}

async function judge(
  options: PlayInstanceOptions,
  { system, time }: Stage,
  db: Db,
  theatre: Theatre,
  times: RequestTimes,
): Promise<ReplayResult> {
  const { day, operator, strangers, recorder } = theatre;
  const { verdict, events, orders, money, offers } = await tried({
    db,
    system,
    recorder,
    strangers: strangers.personIds,
    rawGaps: () => rawGapsOf(day, operator),
    clock: time.clock,
    logsIn: options.dir,
    signal: options.signal,
  });
  const figures = figuresOf({
    instanceOrders: day.counts.planned,
    packOrders: day.packOrders,
    orders,
    minuteOf: time.minuteOf,
    // A day in which things broke says nothing of the policy.
    policyOnly: options.faults ? undefined : playOffline(options.instance),
    offers,
    events: events.length,
    verdict,
    strangersAnswered: strangers.counts.answered,
    moneyMismatches: money.length,
    restMs: times.tookMs,
    commitToClientMs: commitToClientMs(events, recorder.log, time.wallOf),
  });
  const concluded = orders.filter((order) => order.status === "CONCLUDED").length;
  return {
    figures,
    faults: [...verdict.faults, ...strangers.answered.slice(0, 20), ...money.slice(0, 20)],
    conclusions: { concluded, open: orders.length - concluded },
    strangersRefused: strangers.counts.refused,
    placedLateMin: placedLateMin(orders, day.packOrders, time.minuteOf),
    watcherEvents: verdict.owed,
    zoneFrames: operator.counts.zoneFrames,
    durability: await durabilityOf(db),
  };
}
