import type { Fix } from "../contracts/geo.ts";
import type { Motion } from "../domain/tracking/motion/motion.ts";
import { NO_REPORTS, reportAfter, toldAnew, type Reporter } from "../domain/tracking/motion/report.ts";
import { encodeTrace } from "../domain/tracking/motion/trace-text.ts";
import { Refusal } from "../contracts/errors.ts";
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
/** A trace whose minute is over waits so long for its last fixes, ms. */
const LATE_MS = 10_000;
/** Fixes in one command. */
const BATCH = 240;

/** [MOT4, MOT9, MOT10] */
export function makeWhereabouts(deps: WhereaboutsDeps): Whereabouts {
  const { hub, marketId, queue, tryMs } = deps;
  let reporter: Reporter = NO_REPORTS;
  /** The newest motion that was not answered. */
  let unsaid: (Motion & Fix) | undefined;
  const [once, onceTrace] = [oneAtATime(), oneAtATime()];

  async function say(): Promise<void> {
    while (unsaid && deps.online()) {
      const motion = unsaid;
      const { speedMps, headingDeg } = motion;
      const input = { marketId, motion: { ...motion, speedMps: speedMps ?? 0, headingDeg: headingDeg ?? 0 } };
      if (!(await answered(hub.command("motion.push", input, { deadlineMs: tryMs })))) return;
      if (unsaid === motion) unsaid = undefined;
    }
  }

  /** Whole minutes of the trace: what belongs in one row goes in one command. */
  async function sendTrace(): Promise<void> {
    for (let batch = due(); batch.length > 0 && deps.online(); batch = due()) {
      const input = { marketId, trace: encodeTrace(batch) };
      if (!(await answered(hub.command("trace.push", input, { deadlineMs: tryMs })))) return;
      queue.sent(batch);
    }
  }

  function due(): readonly Fix[] {
    const wholeBeforeMs = Math.floor((deps.nowMs() - LATE_MS) / MINUTE_MS) * MINUTE_MS;
    return queue.next(BATCH).filter((fix) => fix.takenAtMs < wholeBeforeMs);
  }

  const send = async () => {
    await Promise.all([once(say), onceTrace(sendTrace)]);
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

/** Runs a task unless it is still under way. */
function oneAtATime(): (task: () => Promise<void>) => Promise<void> {
  let running = false;
  return async (task) => {
    if (running) return;
    running = true;
    try {
      await task();
    } finally {
      running = false;
    }
  };
}
