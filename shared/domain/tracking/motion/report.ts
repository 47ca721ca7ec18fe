import type { Fix } from "../../../contracts/geo.ts";
import { apartM, motionOf, recent, type Motion } from "./motion.ts";

/** What one who follows a courier's fixes knows, to say when a screen must be told. */
export interface Reporter {
  /** The fixes that the next motion is made of, oldest first. */
  readonly history: readonly Fix[];
  /** What the screens draw now; undefined before the first. */
  readonly reported: Motion | undefined;
  /** How far and how long they have been wrong since then, metre-seconds. */
  readonly wrongMS: number;
}

export const NO_REPORTS: Reporter = { history: [], reported: undefined, wrongMS: 0 };

export interface ReportLimits {
  /** The screen is told when it is further off than this, by the measure of {@link reportAfter}, metres. */
  readonly offM: number;
  /** And at the latest after so long, so that a phone that fell silent is noticed, ms. */
  readonly silentMs: number;
}

/** About three reports a minute for a courier at work. */
export const REPORT_LIMITS: ReportLimits = { offM: 22, silentMs: 60_000 };

/** How far ahead two motions are held against each other, ms: about the time until the next fix. */
const AHEAD_MS = 5_000;
/** The share of now in what counts as off; the rest is what will be after {@link AHEAD_MS}. */
const NOW_SHARE = 0.7;
/** What being wrong for long adds, each second: a small error that stays is worth a word after a while. */
const PATIENCE_PER_S = 0.01;
/** A fix comes so often: the last word is said with the fix before the silence would be too long, not after it. */
const HALF_A_FIX_MS = 2_600;

/**
 * Takes the next fix and says whether the screens must be told. Dead reckoning (the term of IEEE 1278.1), by the error that
 * the screen makes now, will make until the next fix, and has made since the last word. [MOT3-MOT6]
 *
 * @param fix newer than all before it; the caller has screened it
 * @returns the motion to send, or undefined while the screen is right enough
 */
export function reportAfter(
  before: Reporter,
  fix: Fix,
  limits: ReportLimits = REPORT_LIMITS,
): { readonly reporter: Reporter; readonly report: (Motion & Fix) | undefined } {
  const history = [...before.history, fix];
  const motion = motionOf(history);
  const { reported } = before;
  const kept = recent(history);
  if (!reported) return { reporter: { history: kept, reported: motion, wrongMS: 0 }, report: motion };
  const offM = apartM(reported, motion, fix.takenAtMs);
  const aheadM = apartM(reported, motion, fix.takenAtMs + AHEAD_MS);
  const sinceS = (fix.takenAtMs - (before.history.at(-1) ?? fix).takenAtMs) / 1000;
  const wrongMS = before.wrongMS + offM * sinceS;
  const score = NOW_SHARE * offM + (1 - NOW_SHARE) * aheadM + PATIENCE_PER_S * wrongMS;
  const silentMs = fix.takenAtMs - reported.takenAtMs;
  if (score <= limits.offM && silentMs < limits.silentMs - HALF_A_FIX_MS)
    return { reporter: { history: kept, reported, wrongMS }, report: undefined };
  return { reporter: { history: kept, reported: motion, wrongMS: 0 }, report: motion };
}

/** Takes several fixes at once: when any of them was worth a word, the word is the newest motion. [MOT6] */
export function reportAfterAll(
  before: Reporter,
  fixes: readonly Fix[],
): { readonly reporter: Reporter; readonly report: (Motion & Fix) | undefined } {
  let reporter = before;
  let worth = false;
  for (const fix of fixes) {
    const next = reportAfter(reporter, fix);
    reporter = next.reporter;
    worth ||= next.report !== undefined;
  }
  if (!worth) return { reporter, report: undefined };
  const report = motionOf(reporter.history);
  return { reporter: { ...reporter, reported: report, wrongMS: 0 }, report };
}

/** The next fix is told whatever it says: who may see it has changed. [MOT9] */
export function toldAnew(reporter: Reporter): Reporter {
  return { ...reporter, reported: undefined };
}
