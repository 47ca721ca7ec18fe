import type { Fix } from "../contracts/geo.ts";
import type { Motion } from "../domain/tracking/motion/motion.ts";
import { NO_REPORTS, reportAfter, toldAnew, type Reporter } from "../domain/tracking/motion/report.ts";
import { encodeTrace } from "../domain/tracking/motion/trace-text.ts";
import { Refusal } from "../contracts/errors.ts";
import { fnv1a32 } from "../lib/fnv.ts";
import type { HubClient } from "./hub-client.ts";

/** Fixes that the hub has not got yet, oldest first. */
export interface TraceQueue {
  readonly size: number;
  /** The oldest ones, at most `count`; they stay until `sent`. */
  next(count: number): readonly Fix[];
  /** These have arrived. */
  sent(fixes: readonly Fix[]): void;
}

export interface WhereaboutsDeps {
  readonly hub: Pick<HubClient, "command">;
  readonly marketId: string;
  /** Keeps the trace; whoever reads the GPS puts the fixes in, before they are told to {@link Whereabouts.took}. */
  readonly queue: TraceQueue;
  /** Deployment time, epoch ms. */
  readonly nowMs: () => number;
  /** Whether the hub can be asked now. */
  readonly online: () => boolean;
  /** Wall ms for one try. */
  readonly tryMs: number;
  /**
   * This phone's own, from 0 to less than 1, the same as long as it runs: phones with different ones send their traces at different
   * moments of the minute and try again at different moments, so that a hub hears of many couriers evenly.
   */
  readonly phase: number;
}

/** What of a courier's place leaves the phone: a motion when the screens need one, the trace once a minute. */
export interface Whereabouts {
  /** The next fix, newer than all before. */
  took(fix: Fix): void;
  /** A step of a delivery was made: the next fix is told in any case. */
  stepped(): void;
  /** Tries again what waits; asked now and then, and when the connection is back. */
  send(): Promise<void>;
}

const MINUTE_MS = 60_000;
/** A trace whose minute is over waits so long for its last fixes, ms, and by the phone's phase up to so much longer. */
const LATE_MS = 10_000;
const SPREAD_MS = 45_000;
/** Until what was not answered is tried again, ms, as a middle; twice as long after each failure. */
const AGAIN_MS = 4_000;
const AGAIN_MOST_MS = 60_000;
/** Fixes in one command. */
const BATCH = 240;

/** [MOT4, MOT9, MOT10, MOT14] */
export function makeWhereabouts(deps: WhereaboutsDeps): Whereabouts {
  const { hub, marketId, queue, tryMs, phase } = deps;
  let reporter: Reporter = NO_REPORTS;
  /** The newest motion that was not answered. */
  let unsaid: (Motion & Fix) | undefined;

  async function say(): Promise<boolean> {
    while (unsaid && deps.online()) {
      const motion = unsaid;
      const { speedMps, headingDeg } = motion;
      const input = { marketId, motion: { ...motion, speedMps: speedMps ?? 0, headingDeg: headingDeg ?? 0 } };
      if (!(await answered(hub.command("motion.push", input, { deadlineMs: tryMs })))) return false;
      if (unsaid === motion) unsaid = undefined;
    }
    return true;
  }

  /** Whole minutes of the trace: what belongs in one row goes in one command. */
  async function sendTrace(): Promise<boolean> {
    for (let batch = due(); batch.length > 0 && deps.online(); batch = due()) {
      const input = { marketId, trace: encodeTrace(batch) };
      if (!(await answered(hub.command("trace.push", input, { deadlineMs: tryMs })))) return false;
      queue.sent(batch);
    }
    return true;
  }

  function due(): readonly Fix[] {
    const wholeBeforeMs = Math.floor((deps.nowMs() - LATE_MS - phase * SPREAD_MS) / MINUTE_MS) * MINUTE_MS;
    return queue.next(BATCH).filter((fix) => fix.takenAtMs < wholeBeforeMs);
  }

  const [sayPatiently, sendTracePatiently] = [patient(say, deps), patient(sendTrace, deps)];
  const send = async () => {
    await Promise.all([sayPatiently(), sendTracePatiently()]);
  };
  return {
    took(fix) {
      const next = reportAfter(reporter, fix);
      reporter = next.reporter;
      if (next.report) unsaid = next.report;
      void send();
    },
    stepped() {
      reporter = toldAnew(reporter);
    },
    send,
  };
}

/** Whether it arrived, or was refused for good and would stand in the way of all that follow. */
async function answered(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    return error instanceof Refusal && error.code === "payload.invalid";
  }
}

/** The phase of a courier's phone: as good as random, and the same for the same courier. */
export function phaseOf(courierKey: string): number {
  return fnv1a32(new TextEncoder().encode(courierKey)) / 2 ** 32;
}

/** Runs a task that says whether it was answered, unless it is still under way or was not answered a moment ago. */
function patient(
  task: () => Promise<boolean>,
  { nowMs, phase }: Pick<WhereaboutsDeps, "nowMs" | "phase">,
): () => Promise<void> {
  let running = false;
  let failed = 0;
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (running || nowMs() < notBeforeMs) return;
    running = true;
    try {
      failed = (await task()) ? 0 : failed + 1;
      if (failed > 0) notBeforeMs = nowMs() + Math.min(AGAIN_MS * 2 ** (failed - 1), AGAIN_MOST_MS) * (0.5 + phase);
    } finally {
      running = false;
    }
  };
}
