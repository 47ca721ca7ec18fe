import { setTimeout as after } from "node:timers/promises";

import { quantile } from "../../replay/offline.ts";
import type { Kind } from "./messages.ts";
import {
  closeSide,
  openSide,
  settledCountsOf,
  withServices,
  type Counted,
  type Side,
  type Where,
} from "./processes.ts";

const HUBS = 2;
/** Of each courier's order, over the hubs. */
const WATCHERS_EACH = 3;
/** Of what two stalls of a crowded machine bring together a screen is shown the newest, and some may come after the turn. */
const UNSHOWN_SHARE = 0.05;

export interface CpuAsked {
  readonly couriers: number;
  /** Of a turn of one side. */
  readonly seconds: number;
  readonly rounds: number;
  readonly traces: string | undefined;
}

/** Processor time of all hubs of a side, by what a courier has done in a minute. */
export interface CpuFigures {
  readonly cpuRatioVsPlain: number;
  /** Microseconds a courier-minute. */
  readonly cpuUsPerCourierMinute: number;
  readonly plainCpuUsPerCourierMinute: number;
  /** Motions and traces that phones sent to our hubs, and fixes that they sent to the plain ones, a courier-minute. */
  readonly cpuIngressPerMinute: number;
  readonly plainIngressPerMinute: number;
  readonly cpuRounds: readonly { readonly oursUs: number; readonly plainUs: number }[];
}

/**
 * What it costs hubs to take couriers' places and to show each to three customers: ours against plain Socket.IO with its
 * Redis adapter, which emits every fix to the order's room. Two hubs each, so that Redis is used; the same rides; turn by
 * turn in one run.
 */
export async function measureCpu(asked: CpuAsked, tell: (sentence: string) => void): Promise<CpuFigures> {
  return await withServices(asked.couriers, (where) => compare(where, asked, tell));
}

async function compare(where: Where, asked: CpuAsked, tell: (sentence: string) => void): Promise<CpuFigures> {
  const crowd = { hubs: HUBS, watchersEach: WATCHERS_EACH, couriers: asked.couriers, traces: asked.traces };
  const sides: Side[] = [];
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: they share the machine
    for (const kind of ["ours", "plain"] as const) sides.push(await openSide({ kind, ...where }, crowd));
    return figuresOf(await playRounds(asked, sides, tell));
  } finally {
    sides.forEach(closeSide);
  }
}

interface Turn {
  readonly us: number;
  readonly ingress: number;
}

async function playRounds(asked: CpuAsked, sides: readonly Side[], tell: (sentence: string) => void) {
  const rounds: Record<Kind, Turn>[] = [];
  // The first is thrown away: code is compiled in it.
  for (let round = 0; round <= asked.rounds; round += 1) {
    const turns = new Map<Kind, Turn>();
    for (const side of sides) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: they share the machine
      const turn = await playTurn(asked, side);
      turns.set(side.kind, turn);
      const name = round === 0 ? "warm-up" : `round ${round}`;
      tell(`${name}, ${side.kind}: ${turn.us.toFixed(0)} µs a courier-minute, ${turn.ingress.toFixed(2)} messages in`);
    }
    const [ours, plain] = [turns.get("ours"), turns.get("plain")];
    if (round > 0 && ours && plain) rounds.push({ ours, plain });
  }
  return rounds;
}

async function playTurn({ couriers, seconds }: CpuAsked, side: Side): Promise<Turn> {
  const before = await settledCountsOf(side);
  side.phones.send("go");
  await after(seconds * 1000);
  side.phones.send("stand");
  const now = await settledCountsOf(side);
  const minutes = (couriers * seconds) / 60;
  const since = (what: keyof Counted) => now[what] - before[what];
  const said = side.kind === "ours" ? since("motions") : since("fixes");
  const shownShare = since("shown") / (said * WATCHERS_EACH);
  if (Math.abs(1 - shownShare) > UNSHOWN_SHARE)
    throw new Error(`${side.kind}: of ${said} positions ${WATCHERS_EACH} watchers each were shown ${since("shown")}`);
  const ingress = side.kind === "ours" ? since("motions") + since("traces") : since("fixes");
  return { us: since("cpuUs") / minutes, ingress: ingress / minutes };
}

function figuresOf(rounds: readonly Record<Kind, Turn>[]): CpuFigures {
  const median = (of: (round: Record<Kind, Turn>) => number, digits: number) =>
    Math.round(quantile(rounds.map(of), 0.5) * 10 ** digits) / 10 ** digits;
  return {
    cpuRatioVsPlain: median(({ ours, plain }) => ours.us / plain.us, 3),
    cpuUsPerCourierMinute: median(({ ours }) => ours.us, 0),
    plainCpuUsPerCourierMinute: median(({ plain }) => plain.us, 0),
    cpuIngressPerMinute: median(({ ours }) => ours.ingress, 2),
    plainIngressPerMinute: median(({ plain }) => plain.ingress, 2),
    cpuRounds: rounds.map(({ ours, plain }) => ({ oursUs: Math.round(ours.us), plainUs: Math.round(plain.us) })),
  };
}
