import { setTimeout as delay } from "node:timers/promises";

import type { Db } from "#shared/server/db/connect.ts";

import type { RunningSystem } from "../../deploy/local/system.ts";
import type { Recorder } from "../actors/recorder.ts";
import { check, type Verdict } from "../check/checker.ts";
import { writeEvidence } from "../check/log-lines.ts";
import { evidenceOf } from "./day-evidence.ts";
import { heldIntents } from "./held-intents.ts";
import { moneyMismatches } from "./money-mismatches.ts";
import {
  countOffers,
  countOpen,
  countOwed,
  readEvents,
  readOrders,
  type CommittedEvent,
  type DayOrder,
} from "./read-day.ts";
import type { DayClock } from "./replay-time.ts";

/** What is compared when a play is over. */
export interface TrialOptions {
  readonly db: Db;
  readonly system: RunningSystem;
  readonly recorder: Recorder;
  /** Who were entitled to nothing. */
  readonly strangers: readonly string[];
  readonly rawGaps: () => number;
  readonly clock: DayClock;
  /** Gets the evidence as files, for `npm run verdict`. */
  readonly logsIn: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Trial {
  readonly verdict: Verdict;
  readonly events: readonly CommittedEvent[];
  readonly orders: readonly DayOrder[];
  /** Disagreements of provider, books and states, in words. */
  readonly money: readonly string[];
  readonly offers: number;
}

/** Wall ms in which watchers must have caught up once all is quiet: heads come every 10-15 s. */
const CATCH_UP_MS = 45_000;

/** What was heard against what is stored, and the money: looks until no watcher misses anything, or has had its time. */
export async function tried(options: TrialOptions): Promise<Trial> {
  const { db, system, recorder, strangers, rawGaps, clock, logsIn, signal } = options;
  const atOf = (wallMs: number) => clock.CLOCK_ORIGIN_MS + (wallMs - clock.CLOCK_WALL_ORIGIN_MS) * clock.CLOCK_RATE;
  const endMs = Date.now() + CATCH_UP_MS;
  const { evidence, verdict, events, orders } = await lookedUntilWhole(
    async () => {
      const [found, placed] = await Promise.all([readEvents(db), readOrders(db)]);
      const heard = evidenceOf({ events: found, orders: placed, recorder, atOf, strangers, rawGaps: rawGaps() });
      return { evidence: heard, verdict: check(heard), events: found, orders: placed };
    },
    async () => {
      await delay(1_000, undefined, { signal });
      return Date.now() <= endMs;
    },
  );
  writeEvidence(logsIn, evidence);
  const intents = await heldIntents(system.sandboxUrl ?? "", system.secrets.stripeSecretKey);
  return { verdict, events, orders, money: moneyMismatches(orders, intents), offers: await countOffers(db) };
}

/**
 * Looks again while something is missing that may be under way, or something was heard that was committed after the store had
 * been read: a shift ends after the last order. What is truly lost or invented is so at every look. [CHK12]
 *
 * @param again waits a moment; false when the time is over and the last look counts
 */
export async function lookedUntilWhole<T extends { readonly verdict: Pick<Verdict, "lost" | "invented"> }>(
  look: () => Promise<T>,
  again: () => Promise<boolean>,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found.verdict.lost + found.verdict.invented === 0 || !(await again())) return found;
  }
}

/** Whether nothing is to come any more; `late` counts open orders as given up. The store may be down: then it is not. */
export async function isQuiet(db: Db, late: boolean): Promise<boolean> {
  try {
    const { open, unconcluded } = await countOpen(db);
    return unconcluded === 0 && (open === 0 || late) && (await countOwed(db)) === 0;
  } catch {
    return false;
  }
}
