import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import type { EtaTrials } from "#shared/contracts/eta.ts";
import type { FinishedOrder } from "#shared/domain/eta/learned/finished-order.ts";
import type { EtaPriors } from "#shared/domain/eta/parts.ts";

export interface LearnFrom {
  readonly priors: EtaPriors;
  /** The market's, an IANA name. */
  readonly timeZone: string;
}

export type ToThread = readonly FinishedOrder[] | "learn";

export interface Learned {
  readonly trials: EtaTrials;
  /** As JSON. */
  readonly models: string;
}

/** Orders handed over at a time: copying them takes this process about a millisecond. */
const AT_A_TIME = 250;
const MOST_MEMORY_MB = 512;

/**
 * Learns in a thread of its own: seconds of reckoning that hold up nothing else in this process. The thread ends with the
 * answer, at most {@link MOST_MEMORY_MB} large.
 *
 * @throws what the thread could not do
 */
export async function learnInThread(orders: readonly FinishedOrder[], from: LearnFrom): Promise<Learned> {
  const thread = new Worker(new URL("learn-thread.ts", import.meta.url), {
    workerData: from,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  const learned = new Promise<Learned>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`the learning thread ended with ${code} and no answer`)));
  });
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin; that is a window's
  const tell = (told: ToThread) => thread.postMessage(told);
  for (let at = 0; at < orders.length; at += AT_A_TIME) {
    tell(orders.slice(at, at + AT_A_TIME));
    // oxlint-disable-next-line no-await-in-loop -- what else there is to do comes in between
    await nextTurn();
  }
  tell("learn");
  return learned;
}
