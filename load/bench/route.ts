/**
 * `npm run bench:route -- --tsppd DIR [--json FILE]`: orders the stops of every instance of a folder with the code that orders
 * a courier's drops, and holds the routes against the optimum. The folder has `instances.jsonl.gz` (one route problem a line:
 * name, nodes `+0 -0 +1 -1 …`, cost matrix) and `optimal.tsv` (name, pairs, optimum).
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";

import { stopOrder } from "#shared/domain/dispatch/stop-order.ts";
import type { StopProblem } from "#shared/domain/dispatch/stop-problem.ts";

const USAGE = "npm run bench:route -- --tsppd DIR [--json FILE]";
/** Rounds over everything before times are taken: a worker has ordered stops before. */
const WARM_UP = 2;
const EXACT_PAIRS = 10;

interface Instance {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly edges: readonly (readonly number[])[];
}

interface Measured {
  readonly name: string;
  readonly pairs: number;
  readonly gapPct: number;
  readonly proven: boolean;
  readonly ms: number;
}

/** What `--json` writes down. */
export interface RouteFigures {
  readonly instances: number;
  /** Share of the routes of up to ten pairs that cost what the optimum costs, percent. */
  readonly optimalTo10Pct: number;
  /** Over the routes of more than ten pairs, and over all. */
  readonly meanGapPct: number;
  readonly meanGapAllPct: number;
  readonly worstMs: number;
  readonly byPairs: readonly {
    readonly pairs: number;
    readonly routes: number;
    readonly optimal: number;
    readonly proven: number;
    readonly meanGapPct: number;
    readonly worstMs: number;
  }[];
}

/** The route begins at +0 and may end anywhere: the ways to -0 cost nothing. */
function problemOf({ nodes, edges }: Instance): StopProblem {
  const stops = nodes.filter((node) => node !== "+0" && node !== "-0");
  const rows = ["+0", ...stops].map((node) => nodes.indexOf(node));
  return {
    ways: Float64Array.from(rows.flatMap((from) => rows.map((to) => edges[from]?.[to] ?? Number.NaN))),
    after: stops.map((node) => (node.startsWith("-") ? stops.indexOf(`+${node.slice(1)}`) : -1)),
    urgency: stops.map(() => 0),
    perWay: 1,
  };
}

function readInstances(dir: string): { instance: Instance; pairs: number; optimum: number }[] {
  const optima = new Map(
    readFileSync(path.join(dir, "optimal.tsv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"))
      .map(([name = "", pairs, optimum]) => [name, { pairs: Number(pairs), optimum: Number(optimum) }]),
  );
  const lines = gunzipSync(readFileSync(path.join(dir, "instances.jsonl.gz")))
    .toString("utf8")
    .trim()
    .split("\n");
  return lines.map((line) => {
    // Cast: a file of the form in the head of this one; a wrong one ends in costs that are no numbers.
    const instance = JSON.parse(line) as Instance;
    const known = optima.get(instance.name);
    if (!known) throw new Error(`optimal.tsv has no ${instance.name}`);
    return { instance, ...known };
  });
}

function measure({ instance, pairs, optimum }: ReturnType<typeof readInstances>[number]): Measured {
  const problem = problemOf(instance);
  const beganMs = performance.now();
  const { cost, proven } = stopOrder(problem);
  const ms = performance.now() - beganMs;
  if (!(cost >= optimum)) throw new Error(`${instance.name}: ${cost} against an optimum of ${optimum}`);
  return { name: instance.name, pairs, gapPct: 100 * (cost / optimum - 1), proven, ms };
}

function figuresOf(all: readonly Measured[]): RouteFigures {
  const small = all.filter(({ pairs }) => pairs <= EXACT_PAIRS);
  const large = all.filter(({ pairs }) => pairs > EXACT_PAIRS);
  return {
    instances: all.length,
    optimalTo10Pct: rounded((100 * small.filter(({ gapPct }) => gapPct === 0).length) / Math.max(1, small.length)),
    meanGapPct: meanGap(large),
    meanGapAllPct: meanGap(all),
    worstMs: worst(all),
    byPairs: [...Map.groupBy(all, ({ pairs }) => pairs)]
      .toSorted(([a], [b]) => a - b)
      .map(([pairs, own]) => ({
        pairs,
        routes: own.length,
        optimal: own.filter(({ gapPct }) => gapPct === 0).length,
        proven: own.filter(({ proven }) => proven).length,
        meanGapPct: meanGap(own),
        worstMs: worst(own),
      })),
  };
}

function meanGap(all: readonly Measured[]): number {
  return rounded(all.reduce((sum, { gapPct }) => sum + gapPct, 0) / Math.max(1, all.length));
}

function worst(all: readonly Measured[]): number {
  return rounded(Math.max(0, ...all.map(({ ms }) => ms)));
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

const { values } = parseArgs({ options: { tsppd: { type: "string" }, json: { type: "string" } } });
if (values.tsppd === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const instances = readInstances(values.tsppd);
for (let count = 0; count < WARM_UP; count++) {
  for (const each of instances) measure(each);
  process.stderr.write(`warm-up ${count + 1} of ${WARM_UP}\n`);
}
const figures = figuresOf(instances.map(measure));
for (const { pairs, routes, optimal, proven, meanGapPct, worstMs } of figures.byPairs)
  process.stderr.write(
    `${String(pairs).padStart(2)} pairs: ${optimal} of ${routes} optimal, ${proven} proven, gap ${meanGapPct} %, at most ${worstMs} ms\n`,
  );
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
