import { setTimeout as delay } from "node:timers/promises";

import type postgres from "postgres";

import { failedWith } from "#shared/lib/causes.ts";

/**
 * Wall ms that a change of a live schema waits for its lock. Whoever asks the table meanwhile waits behind it, so this is what
 * a change may cost anybody.
 */
export const LOCK_WITHIN_MS = 250;

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const WITHIN_MS = 300_000;
/** Postgres' codes: a lock that was not to be had in time, and a deadlock, which takes everything back as well. */
const LATER: ReadonlySet<string> = new Set(["55P03", "40P01"]);

export interface UnlockedOptions {
  /** Wall ms after which it is given up, default five minutes. */
  readonly withinMs?: number;
  /** Told of each time that the lock was not to be had, from 1. */
  readonly onWait?: (times: number) => void;
  readonly random?: () => number;
}

/**
 * Changes the schema of a database that is in use: waits {@link LOCK_WITHIN_MS} for the lock, lets everybody pass who has
 * queued up behind, and tries again. Without that one long query would stand before the change, and all that is asked of the
 * table behind it. [ROL6]
 *
 * @param sql one connection; its `lock_timeout` is set
 * @param change all or nothing, as a transaction is
 * @returns how often the lock was not to be had
 */
export async function whenUnlocked(
  sql: postgres.Sql,
  change: () => Promise<unknown>,
  options: UnlockedOptions = {},
): Promise<number> {
  const { withinMs = WITHIN_MS, onWait, random = Math.random } = options;
  const endMs = performance.now() + withinMs;
  for (let waits = 0; ; waits += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      await sql.unsafe(`set lock_timeout = ${LOCK_WITHIN_MS}`);
      // oxlint-disable-next-line no-await-in-loop
      await change();
      return waits;
    } catch (error) {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(waits, 10)) * (0.5 + random());
      if (!failedWith(error, LATER) || performance.now() + pauseMs > endMs) throw error;
      onWait?.(waits + 1);
      // oxlint-disable-next-line no-await-in-loop
      await delay(pauseMs);
    }
  }
}
