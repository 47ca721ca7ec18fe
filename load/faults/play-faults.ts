import { setTimeout as delay } from "node:timers/promises";

import { seededRng } from "#shared/lib/rng.ts";
import type { Db } from "#shared/server/db/connect.ts";

import { check } from "../check/checker.ts";
import { evidenceOf } from "../replay/day-evidence.ts";
import { playInstance, type FaultHands } from "../replay/play-instance.ts";
import { readEvents, readOrders, type CommittedEvent } from "../replay/read-day.ts";
import { busyCity } from "./busy-city.ts";
import { behind, headsOf, heardNew, offline } from "./catch-up.ts";
import type { Planned } from "./draw.ts";
import { faultFiguresOf, since, type FaultFigures, type FaultRow, type Wrong } from "./fault-figures.ts";
import { makeLinks, type Links } from "./links.ts";
import { Scene, type FaultKind } from "./scene.ts";

export interface PlayFaultsOptions {
  readonly seed: number;
  /** One after the other. */
  readonly schedule: readonly Planned<FaultKind>[];
  /** An empty folder for everything that is kept; the watchers' logs and the events stay there. */
  readonly dir: string;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

export interface FaultOutcome {
  readonly figures: FaultFigures;
  /** What was wrong in words; the first of each. */
  readonly faults: readonly string[];
}

const HUBS = 2;
const WORKERS = 2;
/** Wall seconds for which orders are at hand: in any case, and for each kind. */
const AT_HAND_S = 180;
const AT_HAND_A_KIND_S = 60;
/** Orders under way before the first fault. */
const BUSY_WITH = 5;
/** Wall ms after which breaking and mending is given up, and after which nobody catches up any more. */
const KIND_WITHIN_MS = 240_000;
const CAUGHT_UP_WITHIN_MS = 120_000;
/** Wall ms after which an event that has not come is lost. */
const LOST_AFTER_MS = 30_000;
const READ_TRIES = 10;
const LOOK_EVERY_MS = 20;
/** Wall ms between one kind and the next: the city goes on undisturbed. */
const BREATH_MS = 1_500;

/**
 * Plays a small city through a deployment whose every link goes through a proxy, and the schedule's faults beneath it. After
 * each it waits until everybody has caught up, and asks the checker. Up and down by itself. [FLT5-FLT8]
 */
export async function playFaults(options: PlayFaultsOptions): Promise<FaultOutcome> {
  const { seed, schedule, dir, speed, tell, signal } = options;
  const links = makeLinks(seededRng(seed));
  const rows: FaultRow[] = [];
  try {
    const day = await playInstance({
      instance: busyCity({ seed, speed, forS: AT_HAND_S + schedule.length * AT_HAND_A_KIND_S }),
      speed,
      dir,
      hubs: HUBS,
      workers: WORKERS,
      links,
      tell,
      ...(signal && { signal }),
      async faults(hands) {
        await hands.placed(BUSY_WITH);
        const court = new Court(hands);
        for (const planned of schedule) {
          // oxlint-disable-next-line no-await-in-loop -- one disaster after the other
          rows.push(await playOne(options, { hands, links, court }, planned));
          // oxlint-disable-next-line no-await-in-loop
          await delay(BREATH_MS, undefined, { signal });
        }
        hands.lastOrders();
        tell("no more faults; the orders under way are played to their end");
      },
    });
    return { figures: faultFiguresOf(seed, rows, day.figures), faults: day.faults };
  } finally {
    await links.close();
  }
}

interface Stand {
  readonly hands: FaultHands;
  readonly links: Links;
  readonly court: Court;
}

async function playOne(
  options: PlayFaultsOptions,
  { hands, links, court }: Stand,
  { kind, draw }: Planned<FaultKind>,
): Promise<FaultRow> {
  const { dir, tell } = options;
  const tooLong = AbortSignal.timeout(KIND_WITHIN_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, tooLong]) : tooLong;
  const scene = new Scene({ hands, links, dir, draw, hold: kind.hold, signal });
  tell(`${kind.name}: ${kind.what}`);
  const before = await readAll(hands.db);
  const beganAtMs = performance.now();
  try {
    await kind.run(scene);
  } catch (error) {
    const why = tooLong.aborted ? `it was not over after ${KIND_WITHIN_MS / 1_000} s` : String(error);
    throw new Error(`${kind.name} could not be played (${scene.done.join("; ")}): ${why}`, { cause: error });
  }
  const wholeAtMs = performance.now();
  const caught = await caughtUp(hands, wholeAtMs, options.signal);
  const wrong = await court.judge();
  const after = await readAll(hands.db);
  const row: FaultRow = {
    name: kind.name,
    seed: draw.seed,
    done: scene.done.join("; "),
    brokenMs: Math.round(wholeAtMs - beganAtMs),
    events: after.length - before.length,
    ...caught,
    ...wrong,
  };
  tell(`  ${row.done}`);
  tell(
    `  caught up after ${row.catchUpMs} ms, went on after ${row.goesOnMs} ms, ${row.events} events: ` +
      `${wrong.lost} lost, ${wrong.doubled} doubled, ${wrong.disordered} disordered, ${wrong.leaked} leaked`,
  );
  return row;
}

/** Reads, a few times if need be: the store may just have come up, and old connections to it are found dead one by one. */
async function readAll(db: Db): Promise<CommittedEvent[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      return await readEvents(db);
    } catch (error) {
      if (attempt === READ_TRIES) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await delay(LOOK_EVERY_MS * attempt);
    }
  }
}

type CaughtUp = Pick<FaultRow, "catchUpMs" | "goesOnMs" | "stuck">;

/**
 * Waits until everybody is connected and has been given all that was committed when all was whole, and until something that
 * was committed afterwards has been heard. [FLT7]
 */
async function caughtUp(hands: FaultHands, wholeAtMs: number, signal: AbortSignal | undefined): Promise<CaughtUp> {
  const { db, recorder } = hands;
  const events = await readAll(db);
  const heads = headsOf(events);
  const known = new Set(events.map(({ id }) => id));
  let stuck: string | undefined;
  const whenIsNone = async (missing: () => readonly string[]): Promise<number> => {
    for (;;) {
      const words = missing();
      const tookMs = Math.round(performance.now() - wholeAtMs);
      if (words.length === 0) return tookMs;
      if (tookMs > CAUGHT_UP_WITHIN_MS) {
        stuck = `after ${tookMs} ms ${words.slice(0, 5).join("; ")}`;
        return tookMs;
      }
      // oxlint-disable-next-line no-await-in-loop -- looks again and again
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  };
  const [catchUpMs, goesOnMs] = await Promise.all([
    whenIsNone(() => [...offline(hands.hubs()), ...behind(recorder.log, heads)]),
    whenIsNone(() => (heardNew(recorder.log, known) ? [] : ["nothing new was heard"])),
  ]);
  return { catchUpMs, goesOnMs, ...(stuck !== undefined && { stuck }) };
}

/** Judges a run that goes on: what was committed before the look and has not come some seconds later is lost. */
class Court {
  readonly #hands: FaultHands;
  #before: Wrong = { lost: 0, doubled: 0, disordered: 0, leaked: 0 };

  constructor(hands: FaultHands) {
    this.#hands = hands;
  }

  /** What is wrong more than when it was asked last. */
  async judge(): Promise<Wrong> {
    const lookedAtMs = Date.now();
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- looks again until nothing is under way any more
      const now = await this.#verdict(lookedAtMs);
      if (now.lost > this.#before.lost && Date.now() < lookedAtMs + LOST_AFTER_MS) {
        // oxlint-disable-next-line no-await-in-loop
        await delay(500);
        continue;
      }
      const more = since(this.#before, now);
      this.#before = now;
      return more;
    }
  }

  /** Over what was committed by then, and all that anybody was given. */
  async #verdict(byWallMs: number): Promise<Wrong> {
    const { db, recorder, strangers, time } = this.#hands;
    const { CLOCK_ORIGIN_MS, CLOCK_WALL_ORIGIN_MS, CLOCK_RATE } = time.clock;
    const watches = recorder.log.map((watch) => ({ ...watch, events: [...watch.events] }));
    const positions = [...recorder.positions];
    const given = new Set(watches.flatMap((watch) => watch.events.map(({ id }) => id)));
    // Read after the copy: all that was given is among it.
    const [all, orders] = await Promise.all([readAll(db), readOrders(db)]);
    const events = all.filter((event) => event.committedWallMs <= byWallMs || given.has(event.id));
    const evidence = evidenceOf({
      events: all,
      orders,
      recorder: { ...recorder, log: watches, positions },
      atOf: (wallMs) => CLOCK_ORIGIN_MS + (wallMs - CLOCK_WALL_ORIGIN_MS) * CLOCK_RATE,
      strangers,
      rawGaps: 0,
    });
    return check({ ...evidence, stored: events });
  }
}
