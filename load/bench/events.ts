import { writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { commitToClientMs } from "../replay/day-evidence.ts";
import { Histogram } from "../swarm/histogram.ts";
import { judge, type Judged } from "../swarm/run/evidence.ts";
import { rounded } from "../swarm/run/figures.ts";
import { coresBetween, machineLine, type Use } from "../swarm/run/machine.ts";
import { openAll } from "../swarm/run/run-swarm.ts";
import { onStage, usesOf, type Stage } from "../swarm/run/stage.ts";
import { eventsChart, type Step } from "./events-chart.ts";
import { runBench, say } from "./run-bench.ts";
import { together, type Together } from "../swarm/run/watch.ts";

const USAGE =
  "usage: npm run bench:events -- [--connections 2000] [--hubs 2] [--rates 100,200,400,700,1000,1500] [--seconds 15] [--json FILE] [--chart FILE]";

const args = z.object({
  connections: z.coerce.number().int().min(50).max(16_000).default(2_000),
  hubs: z.coerce.number().int().min(1).max(16).default(2),
  rates: z
    .string()
    .default("100,200,400,700,1000,1500")
    .transform((text) => text.split(",").map(Number))
    .pipe(z.array(z.number().positive()).min(1)),
  seconds: z.coerce.number().min(2).max(600).default(15),
  json: z.string().min(1).optional(),
  /** An SVG of the curve. */
  chart: z.string().min(1).optional(),
});

const LOOK_EVERY_MS = 250;
/** Commits that wait are answered by then, or never. */
const DRAIN_MS = 35_000;
/** What comes out is less than this share of what was asked, or takes so many times as long: behind the knee. */
const KEPT_UP = 0.95;
const TIMES_AS_LONG = 5;

interface Window {
  readonly rate: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** When all that was asked had been answered. */
  readonly drainedMs: number;
  readonly refused: number;
  readonly cores: Step["cores"];
}

/** Plays one rate for a while and waits until what it asked is answered. */
async function playRate(stage: Stage, rate: number, seconds: number, crowds: number): Promise<Window> {
  const before: { readonly uses: Readonly<Record<string, Use | null>>; readonly state: Together } = {
    uses: usesOf(stage),
    state: together(stage.crowds.states),
  };
  const fromMs = Date.now();
  stage.crowds.tell({ do: "play", commitsPerS: rate / crowds });
  stage.crowds.tell({ do: "measure" });
  await delay(seconds * 1000);
  const cores = Object.fromEntries(
    Object.entries(usesOf(stage)).map(([kind, use]) => [kind, rounded(coresBetween(before.uses[kind] ?? null, use))]),
  );
  const untilMs = Date.now();
  stage.crowds.tell({ do: "rest" });
  // The word of a process is up to a second old.
  await delay(1_100);
  const open = () =>
    stage.crowds.states.reduce((sum, { commits }) => sum + commits.asked - commits.answered - commits.refused, 0);
  // oxlint-disable-next-line no-await-in-loop -- looks again
  while (open() > 0 && Date.now() - untilMs < DRAIN_MS) await delay(LOOK_EVERY_MS);
  const refused = together(stage.crowds.states).refused - before.state.refused;
  return { rate, fromMs, untilMs, drainedMs: Date.now(), refused, cores };
}

function stepOf({ rate, fromMs, untilMs, drainedMs, refused, cores }: Window, { events, log }: Judged): Step {
  const mine = events.filter(({ committedWallMs: ms }) => ms >= fromMs && ms < drainedMs);
  const took = new Histogram();
  for (const ms of commitToClientMs(mine, log, (atMs) => atMs)) took.add(ms);
  const inTime = mine.filter(({ committedWallMs }) => committedWallMs < untilMs).length;
  return {
    asked: rate,
    committedPerS: rounded((inTime * 1000) / (untilMs - fromMs), 1),
    commitToClientP50Ms: took.quantile(0.5),
    commitToClientP99Ms: took.quantile(0.99),
    commitToClientP999Ms: took.quantile(0.999),
    refused,
    cores,
  };
}

/** The last rate that was kept up with. */
function kneeOf(curve: readonly Step[]): number | null {
  const least = Math.min(...curve.map(({ commitToClientP99Ms }) => commitToClientP99Ms ?? Infinity));
  const kept = curve.filter(
    ({ asked, committedPerS, commitToClientP99Ms }) =>
      committedPerS >= asked * KEPT_UP && (commitToClientP99Ms ?? Infinity) <= least * TIMES_AS_LONG,
  );
  return kept.at(-1)?.asked ?? null;
}

function figuresOf(connected: number, curve: readonly Step[], { verdict }: Judged) {
  const { lost, doubled, disordered, leaked } = verdict;
  const kneeCommitsPerS = kneeOf(curve);
  const at = curve.find((step) => step.asked === kneeCommitsPerS);
  return {
    connected,
    commitsPerS: at?.committedPerS ?? null,
    commitToClientP50Ms: at?.commitToClientP50Ms ?? null,
    commitToClientP99Ms: at?.commitToClientP99Ms ?? null,
    commitToClientP999Ms: at?.commitToClientP999Ms ?? null,
    lost,
    doubled,
    disordered,
    leaked,
    kneeCommitsPerS,
    curve,
  };
}

async function measure(asked: z.output<typeof args>, dir: string, signal: AbortSignal) {
  const { connections, hubs, rates, seconds, chart } = asked;
  const crowds = Math.max(2, Math.ceil(connections / 10_000));
  const commitsInAll = rates.reduce((sum, rate) => sum + rate * seconds, 0);
  const options = {
    connections,
    hubs,
    crowds,
    workers: 1,
    connectPerS: 500,
    commitsPerS: 0,
    restPerS: 0,
    commitsInAll,
  };
  return await onStage(
    { ...options, dir, tell: say },
    async (stage) => {
      await openAll(stage);
      say(`${connections} connections are there; ${machineLine()}`);
      const windows: Window[] = [];
      for (const rate of rates) {
        // oxlint-disable-next-line no-await-in-loop -- one rate after the other
        windows.push(await playRate(stage, rate, seconds, crowds));
        say(`asked for ${rate} commits/s`);
      }
      const reports = await stage.crowds.end();
      const judged = await judge(stage, reports);
      const curve = windows.map((window) => stepOf(window, judged));
      for (const fault of judged.verdict.faults) say(fault);
      const figures = figuresOf(connections, curve, judged);
      if (chart !== undefined) {
        const title = `Order events, ${connections} connections, ${hubs} hubs, ${machineLine()}`;
        writeFileSync(chart, eventsChart(curve, figures.kneeCommitsPerS, title));
      }
      return figures;
    },
    signal,
  );
}

process.exit(
  await runBench(
    { name: "events", usage: USAGE, args },
    measure,
    ({ lost, doubled, disordered, leaked }) => lost + doubled + disordered + leaked === 0,
  ),
);
