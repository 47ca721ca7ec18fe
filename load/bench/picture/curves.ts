import type { Fix } from "#shared/contracts/geo.ts";
import { motionPlace, type Motion } from "#shared/domain/tracking/motion/motion.ts";
import { NO_REPORTS, REPORT_LIMITS, reportAfter } from "#shared/domain/tracking/motion/report.ts";

import { quantile } from "../../replay/offline.ts";
import { errorsM } from "./errors.ts";
import { ON_THE_WAY_MS } from "./play-trace.ts";
import { planeOf, type Trace } from "./read-traces.ts";

/** What a limit costs and what it brings, over all traces. */
export interface CurvePoint {
  /** The sender says a word when the screen is off by so much, metres. */
  readonly offM: number;
  readonly messagesPerMinute: number;
  readonly errorMeanM: number;
  readonly errorP95M: number;
}

export interface Curve {
  readonly name: string;
  /** By rising limit. */
  readonly points: readonly CurvePoint[];
}

type Plane = readonly [x: number, y: number];

/** Who decides what is sent, and how it is drawn until the next one. */
interface Way {
  readonly name: string;
  readonly limitsM: readonly number[];
  /** For one trace: the message to send with this fix, if any. */
  sender(offM: number): (fix: Fix) => Shown | undefined;
}

/** A message as a screen draws it. */
type Shown = (atMs: number) => Plane;

/** The baselines say a word after so long in any case, ms, and draw nobody on for longer. */
const SILENT_MS = 30_000;

const OURS: Way = {
  name: "Tiffin",
  limitsM: [5, 8, 12, 15, 18, REPORT_LIMITS.offM, 30, 40],
  sender(offM) {
    let reporter = NO_REPORTS;
    return (fix) => {
      const next = reportAfter(reporter, fix, { ...REPORT_LIMITS, offM });
      reporter = next.reporter;
      return next.report && drawn(next.report);
    };
  },
};

const VELOCITY: Way = byException("constant velocity", (fix, before) => {
  const [at, from] = [planeOf(fix), planeOf(before ?? fix)];
  const spanMs = Math.max(100, fix.takenAtMs - (before ?? fix).takenAtMs);
  return (atMs) => {
    const share = Math.min(SILENT_MS, atMs - fix.takenAtMs) / spanMs;
    return [at.x + share * (at.x - from.x), at.y + share * (at.y - from.y)];
  };
});

const HELD: Way = byException("the last place held", (fix) => {
  const { x, y } = planeOf(fix);
  return () => [x, y];
});

/** Each way of telling a screen where a courier is, with the limit varied: the same traces, 0.2 s to the screen. */
export function curvesOf(traces: readonly Trace[]): readonly Curve[] {
  return [OURS, VELOCITY, HELD].map((way) => ({
    name: way.name,
    points: way.limitsM.map((offM) => pointOf(traces, way, offM)),
  }));
}

function pointOf(traces: readonly Trace[], way: Way, offM: number): CurvePoint {
  const errors: number[] = [];
  let [messages, minutes] = [0, 0];
  for (const trace of traces) {
    const { sent, shown } = play(trace, way.sender(offM));
    messages += sent;
    minutes += ((trace.fixes.at(-1)?.takenAtMs ?? trace.startMs) - trace.startMs) / 60_000;
    for (const each of errorsM(trace, { shown })) errors.push(each);
  }
  return {
    offM,
    messagesPerMinute: messages / minutes,
    errorMeanM: errors.reduce((total, each) => total + each, 0) / errors.length,
    errorP95M: quantile(errors, 0.95),
  };
}

/** What is sent, and what the screen shows each second after the first fix. */
function play({ startMs, fixes }: Trace, send: (fix: Fix) => Shown | undefined) {
  const sent = fixes.flatMap((fix) => {
    const show = send(fix);
    return show ? [{ heardAtMs: fix.takenAtMs + ON_THE_WAY_MS, show }] : [];
  });
  const endMs = fixes.at(-1)?.takenAtMs ?? startMs;
  const shown: Plane[] = [];
  let known = 0;
  for (let atMs = startMs + 1000; atMs <= endMs; atMs += 1000) {
    while ((sent[known + 1]?.heardAtMs ?? Infinity) <= atMs) known += 1;
    const now = sent[known];
    if (!now) throw new Error("the first fix is told at once");
    shown.push(now.show(atMs));
  }
  return { sent: sent.length, shown };
}

/** Says a word when what it said last is off by the limit now, or was said too long ago. */
function byException(name: string, shownOf: (fix: Fix, before: Fix | undefined) => Shown): Way {
  return {
    name,
    limitsM: [5, 10, 15, 20, 30, 50],
    sender(offM) {
      let before: Fix | undefined;
      let said: { readonly atMs: number; readonly show: Shown } | undefined;
      return (fix) => {
        const isDue = !said || fix.takenAtMs - said.atMs >= SILENT_MS || apart(said.show(fix.takenAtMs), fix) > offM;
        if (isDue) said = { atMs: fix.takenAtMs, show: shownOf(fix, before) };
        before = fix;
        return isDue ? said?.show : undefined;
      };
    },
  };
}

function drawn(motion: Motion): Shown {
  return (atMs) => {
    const { x, y } = planeOf(motionPlace(motion, atMs));
    return [x, y];
  };
}

function apart([x, y]: Plane, fix: Fix): number {
  const at = planeOf(fix);
  return Math.hypot(at.x - x, at.y - y);
}
