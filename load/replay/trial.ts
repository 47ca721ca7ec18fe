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
  for (;;) {
    const [events, orders] = await Promise.all([readEvents(db), readOrders(db)]);
    const evidence = evidenceOf({ events, orders, recorder, atOf, strangers, rawGaps: rawGaps() });
    const verdict = check(evidence);
    if (verdict.lost > 0 && Date.now() <= endMs) {
      await delay(1_000, undefined, { signal });
      continue;
    }
    writeEvidence(logsIn, evidence);
    const intents = await heldIntents(system.sandboxUrl ?? "", system.secrets.stripeSecretKey);
    return { verdict, events, orders, money: moneyMismatches(orders, intents), offers: await countOffers(db) };
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
