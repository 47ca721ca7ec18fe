import { covers, type City } from "#shared/domain/city/city.ts";
import { coveredRouter } from "#shared/domain/router/covered-router.ts";
import { makeCityRouter } from "#shared/domain/router/graph/city-router.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Router } from "#shared/domain/router/router.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { makeSimPlatform, type SimPlatform } from "#shared/sim/platform.ts";
import { makeSimIds } from "#shared/sim/sim-ids.ts";

import { makeRecorder, type Recorder } from "../../actors/recorder.ts";
import { check } from "../../check/checker.ts";
import { evidenceOf } from "../../replay/day-evidence.ts";
import { makeBook } from "../play/book.ts";
import { startTwin, type Twin } from "../play/twin.ts";
import { makeWorld } from "../play/world.ts";
import type { Pace } from "../world/pace.ts";
import type { Ways } from "../world/ways.ts";
import { watchMachine } from "./machine.ts";
import { MARKET, openTown, TWIN_ADMIN, usualPayMinor, type FrontDoor } from "./office.ts";
import type { TwinProgress } from "./play-live.ts";
import type { Town } from "./town.ts";
import { makePaceMeter } from "./pace-meter.ts";
import { outcomeOf, type EndedOrder, type TwinOutcome } from "./twin-figures.ts";
import { twinTime, type TwinTime } from "./twin-time.ts";

export interface PlaySimulatedOptions {
  readonly seed: number;
  readonly city: City;
  readonly town: Town;
  readonly minutes: number;
  readonly ordersPerHour: number;
  readonly ways: Ways;
  readonly pace: Pace;
  /** Deployment ms between a courier's fixes on the way. */
  readonly fixEveryMs: number;
  readonly tell: (sentence: string) => void;
  readonly onProgress?: (progress: TwinProgress) => void;
  readonly signal?: AbortSignal;
}

/** Every run begins at this moment, so that seed and size are all that differs. */
const STARTS_AT_MS = Date.UTC(2026, 0, 1);
const CURTAIN_MS = 5 * 60_000;
const LOOK_EVERY_MS = 60_000;
/** Deployment minutes after the last order's moment; whoever is not done then never is. */
const TAIL_MIN = 150;
const CONCLUDE_AFTER_MS = 5 * 60_000;

/** The same twin on a platform in this process, as fast as it goes: the same seed gives the same log. [TWN1] */
export async function playSimulated(options: PlaySimulatedOptions): Promise<TwinOutcome> {
  const { seed, town, minutes, ordersPerHour, tell } = options;
  const time = twinTime({ startWallMs: STARTS_AT_MS, curtainWallMs: CURTAIN_MS, minutes, speed: 1 });
  const platform = platformOf(options, time);
  const { clock } = platform;
  const company = await openTown({ door: doorOf(platform, seed), tell, signal: options.signal }, town);
  const [recorder, book] = [makeRecorder(), makeBook()];
  const machine = watchMachine();
  const pace = makePaceMeter();
  const twin = startTwin({
    stage: {
      marketId: MARKET.id,
      cast: company.cast,
      clock,
      means: { patience: clock, newKey: idsOf(platform, seed + 1) },
      pay: (secret, card) => platform.pay(secret, card),
      recorder,
    },
    world: makeWorld({ seed, timeZone: MARKET.timeZone, ways: options.ways, pace: options.pace }),
    perHour: ordersPerHour,
    fromMs: time.fromMs,
    untilMs: time.untilMs,
    fixEveryMs: options.fixEveryMs,
    usualPayMinor,
    book,
    tell,
    onPlaced: (order) => pace.placed(order.wantedAtMs),
  });
  try {
    await untilEnded(options, time, platform, twin);
    return outcomeOf({
      ...judged(platform, recorder, twin.rawGaps()),
      book,
      positions: recorder.positions,
      counts: twin.counts,
      time,
      speedReached: pace.speed(),
      use: machine.use(),
      tookMs: [],
      commitToClientMs: [],
      strangersAnswered: [],
    });
  } finally {
    machine.stop();
    twin.close();
  }
}

function platformOf({ seed, city, town }: PlaySimulatedOptions, time: TwinTime): SimPlatform {
  return makeSimPlatform({
    seed,
    startAtMs: time.clock.CLOCK_ORIGIN_MS,
    market: { ...MARKET, center: town.center, router: routerOf(city) },
    settings: { concludeAfterMs: CONCLUDE_AFTER_MS },
  });
}

/** Each courier by his own vehicle, as live. */
function routerOf(city: City): Router {
  const ground = { covers: (point: Point) => covers(city.meta, point), by: makeCityRouter(city).by };
  return coveredRouter(ground, haversineRouter({ speedMps: 6, detour: 1.3 }), "motorbike", () => undefined);
}

function doorOf(platform: SimPlatform, seed: number): FrontDoor {
  const adminId = platform.person(TWIN_ADMIN, { role: "admin", marketId: MARKET.id, restaurantId: null });
  return {
    admin: { call: (name, input) => Promise.resolve(platform.ask(name, input, adminId)) },
    register: (account) => Promise.resolve(platform.session(platform.ask("account.register", account).person.id)),
    signIn: ({ email, password }) =>
      Promise.resolve(platform.session(platform.ask("session.open", { email, password }).person.id)),
    newId: idsOf(platform, seed),
  };
}

/** UUIDs that are the same in every run. */
function idsOf({ clock }: SimPlatform, seed: number): () => string {
  return makeSimIds(() => clock.nowMs(), seededRng(seed));
}

async function untilEnded(
  options: PlaySimulatedOptions,
  time: TwinTime,
  { clock, store }: SimPlatform,
  twin: Twin,
): Promise<void> {
  const served = { all: false };
  void twin.over.then(() => (served.all = true));
  const isOpen = () => store.openOrders.size > 0;
  while (clock.nowMs() < time.untilMs + TAIL_MIN * 60_000 && !(served.all && !isOpen())) {
    options.signal?.throwIfAborted();
    // oxlint-disable-next-line no-await-in-loop -- minute after minute
    await clock.advance(LOOK_EVERY_MS);
    const minute = (clock.nowMs() - time.fromMs) / 60_000;
    options.onProgress?.({ ...twin.counts, minute, rawGaps: twin.rawGaps() });
  }
}

/** Nothing is late between a commit and its event here, and there are no strangers; the rest is judged as it is live. */
function judged(platform: SimPlatform, recorder: Recorder, rawGaps: number) {
  const orders = [...platform.store.allOrders()].map(({ order }) => order);
  const events = platform.events().map((event) => ({ ...event, committedWallMs: event.atMs }));
  const verdict = check(evidenceOf({ events, orders, recorder, strangers: [], rawGaps, atOf: (ms) => ms }));
  const sums = new Map<string, number>();
  for (const { orderId, amountMinor } of platform.ledger()) {
    sums.set(orderId, (sums.get(orderId) ?? 0) + amountMinor);
  }
  const money = [...sums].flatMap(([id, sum]) => (sum === 0 ? [] : [`order ${id}: its books are off by ${sum}`]));
  const ended: readonly EndedOrder[] = orders;
  return { verdict, orders: ended, eventCount: events.length, money, offers: platform.store.offers.size };
}
