import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { writeWhole } from "../local/write-whole.ts";

/** The deployment's clock as hubs, workers and the twin are told of it. */
export interface DemoClock {
  readonly env: Readonly<Record<"CLOCK_RATE" | "CLOCK_ORIGIN_MS" | "CLOCK_WALL_ORIGIN_MS", string>>;
  readonly rate: number;
  /** Deployment time now, epoch ms. */
  nowMs(): number;
  /** Writes down where the clock stands and notes it no more. */
  stop(): void;
}

export interface DemoClockOptions {
  /** The data folder. */
  readonly dir: string;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  /** The market's: a first start finds it in the evening there. */
  readonly timeZone: string;
  /** When the newest event of the data happened, deployment time (epoch ms); undefined where nothing has happened. */
  readonly newestMs: () => Promise<number | undefined>;
  readonly wallNowMs?: () => number;
}

/** When people are hungry: a first start begins on this minute of the market's today. */
const FIRST_MINUTE = 19 * 60 + 30;
/** From then to then people order: a start at another hour sleeps until the next evening. */
const MEALS = { fromMinute: 10 * 60 + 30, toMinute: 22 * 60 + 30 };
const DAY_MINUTES = 24 * 60;
const NOTE_EVERY_MS = 5_000;

/**
 * A clock that goes `speed` times as fast as the wall's and on from where it stood at the last stop: never back, whatever
 * the speed. After a kill it goes on from the last note and what may have passed since. A start in the market's night goes
 * on in its next evening. Data whose clock left no note that can be read goes on in wall time, but not before its newest
 * event. [DMO6]
 */
export async function startDemoClock(options: DemoClockOptions): Promise<DemoClock> {
  const { dir, speed, timeZone, newestMs, wallNowMs = Date.now } = options;
  const file = join(dir, "clock.json");
  const stoodAtMs = standingAt(file);
  const newestAtMs = stoodAtMs === undefined ? await newestMs() : undefined;
  const wallOriginMs = wallNowMs();
  const firstMs = newestAtMs === undefined ? eveningOf(wallOriginMs, timeZone) : Math.max(wallOriginMs, newestAtMs);
  const originMs = stoodAtMs === undefined ? firstMs : awakeAt(stoodAtMs, timeZone);
  const nowMs = (): number => originMs + Math.floor((wallNowMs() - wallOriginMs) * speed);
  const note = (atMs: number): void => writeWhole(file, JSON.stringify({ stoodAtMs: atMs } satisfies Note));
  // What may pass before the next note, and as much again for a machine that was busy.
  const ahead = (): void => note(nowMs() + 2 * NOTE_EVERY_MS * speed);
  ahead();
  const timer = setInterval(ahead, NOTE_EVERY_MS);
  timer.unref();
  return {
    env: {
      CLOCK_RATE: String(speed),
      CLOCK_ORIGIN_MS: String(originMs),
      CLOCK_WALL_ORIGIN_MS: String(wallOriginMs),
    },
    rate: speed,
    nowMs,
    stop() {
      clearInterval(timer);
      note(nowMs());
    },
  };
}

const noteFile = z.object({ stoodAtMs: z.int() });
type Note = z.output<typeof noteFile>;

/** What the last note says; undefined without one, and of one that was cut short. */
function standingAt(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return noteFile.parse(JSON.parse(readFileSync(file, "utf8"))).stoodAtMs;
  } catch {
    return undefined;
  }
}

/** Half past seven in the evening of the zone's day in which the moment lies, epoch ms. */
function eveningOf(atMs: number, timeZone: string): number {
  return atMs - (atMs % 60_000) + (FIRST_MINUTE - minuteOfDay(atMs, timeZone)) * 60_000;
}

/** The moment itself when people order then, else the next evening. */
function awakeAt(atMs: number, timeZone: string): number {
  const minute = minuteOfDay(atMs, timeZone);
  if (minute >= MEALS.fromMinute && minute < MEALS.toMinute) return atMs;
  const isLate = minute >= MEALS.toMinute;
  return eveningOf(atMs, timeZone) + (isLate ? DAY_MINUTES * 60_000 : 0);
}

function minuteOfDay(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const [hour = 0, minute = 0] = format.format(atMs).split(":").map(Number);
  return hour * 60 + minute;
}
