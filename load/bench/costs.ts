import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import type { CrowdCommand } from "../swarm/crowd/orders.ts";
import { rounded } from "../swarm/run/figures.ts";
import { coresBetween, machineLine } from "../swarm/run/machine.ts";
import { openAll } from "../swarm/run/run-swarm.ts";
import { onStage, usesOf, type Stage } from "../swarm/run/stage.ts";
import { together, type Together } from "../swarm/run/watch.ts";
import { runBench, say } from "./run-bench.ts";

const USAGE =
  "usage: npm run bench:costs -- [--connections 10000] [--hubs 2] [--commits-per-s 40] [--rest-per-s 40] [--seconds 20] [--json FILE]";

const args = z.object({
  connections: z.coerce.number().int().min(50).max(32_000).default(10_000),
  hubs: z.coerce.number().int().min(1).max(16).default(2),
  "commits-per-s": z.coerce.number().positive().default(40),
  "rest-per-s": z.coerce.number().positive().default(40),
  seconds: z.coerce.number().min(5).max(600).default(20),
  json: z.string().min(1).optional(),
});
type Asked = z.output<typeof args>;

/** So long each kind of work goes on before it is measured: code is compiled, couriers have set out. */
const WARM_MS = 30_000;
/** A process tells how it stands once a second. */
const TOLD_MS = 1_100;

/** Cores kept busy by each kind of process. */
type Cores = Readonly<Record<string, number>>;

interface Span {
  readonly cores: Cores;
  readonly perS: (of: (all: Together) => number) => number;
}

/** Looks at all processes for a while. */
async function spanOf(stage: Stage, ms: number): Promise<Span> {
  await delay(TOLD_MS);
  const [before, stateBefore, startMs] = [usesOf(stage), together(stage.crowds.states), performance.now()];
  await delay(ms);
  const [after, state] = [usesOf(stage), together(stage.crowds.states)];
  const spanS = (performance.now() - startMs) / 1000;
  const kinds = Object.keys(before) as (keyof typeof before)[]; // Cast: its own keys.
  return {
    cores: Object.fromEntries(kinds.map((kind) => [kind, coresBetween(before[kind], after[kind]) ?? 0])),
    perS: (of) => (of(state) - of(stateBefore)) / spanS,
  };
}

/** Of one kind of work: how often, and what each costs, ms of processor, beyond what idle connections do. */
async function costOf(
  stage: Stage,
  { seconds }: Asked,
  idle: Cores,
  work: Extract<CrowdCommand, { do: "play" }>,
  count: (all: Together) => number,
) {
  stage.crowds.tell({ ...work, rampMs: WARM_MS / 2 });
  await delay(WARM_MS);
  const { cores, perS } = await spanOf(stage, seconds * 1000);
  stage.crowds.tell({ do: "rest" });
  await delay(WARM_MS / 4);
  const each = perS(count);
  const ms = Object.entries(cores).map(
    ([kind, busy]) => [kind, rounded(((busy - (idle[kind] ?? 0)) * 1000) / each, 3)] as const,
  );
  return {
    perS: rounded(each, 1),
    ms: Object.fromEntries(ms),
    allMs: rounded(
      ms.reduce((sum, [, one]) => sum + one, 0),
      2,
    ),
  };
}

async function measure(asked: Asked, dir: string, signal: AbortSignal) {
  const { connections, hubs, seconds } = asked;
  const crowds = Math.max(2, Math.ceil(connections / 17_000));
  const [commitsPerS, restPerS] = [asked["commits-per-s"] / crowds, asked["rest-per-s"] / crowds];
  const commitsInAll = asked["commits-per-s"] * (seconds + WARM_MS / 1000);
  const options = {
    connections,
    hubs,
    crowds,
    workers: 0,
    connectPerS: 500,
    commitsPerS: 0,
    restPerS: 0,
    commitsInAll,
  };
  const nothing = { do: "play", commitsPerS: 0, restPerS: 0, riding: false } as const;
  return await onStage(
    { ...options, dir, tell: say },
    async (stage) => {
      await openAll(stage);
      say(`${connections} connections are there; ${machineLine()}`);
      await delay(WARM_MS / 4);
      const { cores: idle } = await spanOf(stage, seconds * 1000);
      say(`idle: ${JSON.stringify(idle)}`);
      const riding = await costOf(stage, asked, idle, { ...nothing, riding: true }, ({ fixes }) => fixes);
      say(`a fix: ${JSON.stringify(riding)}`);
      const browsing = await costOf(stage, asked, idle, { ...nothing, restPerS }, ({ rest }) => rest);
      say(`a request: ${JSON.stringify(browsing)}`);
      const commits = await costOf(stage, asked, idle, { ...nothing, commitsPerS }, (all) => all.commits);
      say(`a commit: ${JSON.stringify(commits)}`);
      const idleMs = Object.entries(idle).map(([kind, busy]) => [kind, rounded((busy * 60_000) / connections, 3)]);
      return {
        connections,
        idleConnectionMinuteMs: Object.fromEntries(idleMs),
        fix: riding,
        request: browsing,
        commit: commits,
      };
    },
    signal,
  );
}

process.exit(await runBench({ name: "costs", usage: USAGE, args }, measure));
