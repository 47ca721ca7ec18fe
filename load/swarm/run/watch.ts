import type { CrowdState } from "../crowd/crowd.ts";
import type { Sample } from "./figures.ts";
import { coresBetween, useOf, type Use } from "./machine.ts";
import type { Stage } from "./stage.ts";

/** All processes of the swarm together. */
export interface Together {
  readonly people: number;
  readonly joined: number;
  readonly live: number;
  readonly caughtUp: number;
  readonly unplanned: number;
  readonly deliveries: number;
  readonly commits: number;
  readonly refused: number;
  readonly idle: number;
  readonly fixes: number;
  readonly positionsTaken: number;
  readonly rest: number;
  readonly lateMs: number;
}

export function together(states: readonly CrowdState[]): Together {
  const sum = (of: (state: CrowdState) => number) => states.reduce((all, state) => all + of(state), 0);
  return {
    people: sum(({ people }) => people),
    joined: sum(({ joined }) => joined),
    live: sum(({ live }) => live),
    caughtUp: sum(({ caughtUp }) => caughtUp),
    unplanned: sum(({ network }) => network.unplanned),
    deliveries: sum(({ network: { frames } }) => frames["stream:event"] + frames.position + frames["zone:frame"]),
    commits: sum(({ commits }) => commits.answered),
    refused: sum(({ commits, rest }) => commits.refused + rest.refused),
    idle: sum(({ commits }) => commits.idle),
    fixes: sum(({ fixes }) => fixes),
    positionsTaken: sum(({ positionsTaken }) => positionsTaken),
    rest: sum(({ rest }) => rest.answered),
    lateMs: Math.max(0, ...states.map(({ lateMs }) => lateMs)),
  };
}

export interface Watch {
  phase: Sample["phase"];
  readonly samples: readonly Sample[];
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
/** Reading a large process' memory map takes the kernel a while. */
const MEMORY_EVERY = 10;
const SAY_EVERY = 5;

/** Looks at the run once a second, and says how it stands. */
export function watchRun(stage: Stage, say: (line: string) => void): Watch {
  const startMs = performance.now();
  const samples: Sample[] = [];
  let before: { state: Together; use: Use | null; atMs: number } | undefined;
  let turn = 0;
  let pssMb: number | null = null;
  const watch: { phase: Sample["phase"] } = { phase: "opening" };
  const look = (): void => {
    const state = together(stage.crowds.states);
    const withMemory = turn % MEMORY_EVERY === 0;
    const use = useOf(stage.hubPids(), withMemory);
    if (use && withMemory) pssMb = use.pssKb / 1024;
    const atMs = performance.now();
    const spanS = before ? (atMs - before.atMs) / 1000 : 1;
    const perS = (of: (all: Together) => number) => (before ? Math.max(0, of(state) - of(before.state)) / spanS : 0);
    const sample = {
      atS: Math.round((atMs - startMs) / 100) / 10,
      phase: watch.phase,
      live: state.live,
      deliveriesPerS: Math.round(perS((all) => all.deliveries)),
      commitsPerS: Math.round(perS((all) => all.commits)),
      hubCores: before ? coresBetween(before.use, use) : null,
      hubPssMb: pssMb,
    };
    samples.push(sample);
    before = { state, use, atMs };
    if (turn % SAY_EVERY === 0) say(lineOf(sample, state));
    turn += 1;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return Object.assign(watch, { samples, stop: () => clearInterval(timer) });
}

function lineOf(
  { atS, phase, live, deliveriesPerS, commitsPerS, hubCores, hubPssMb }: Sample,
  state: Together,
): string {
  return (
    `${Math.round(atS)} s ${phase}: ${live} of ${state.people} live, ${state.caughtUp} caught up, ${state.unplanned} lost; ` +
    `${commitsPerS} commits/s, ${deliveriesPerS} deliveries/s, ${state.refused} refused; ` +
    `hubs ${hubCores?.toFixed(2) ?? "?"} cores, ${hubPssMb?.toFixed(0) ?? "?"} MB; swarm late ${state.lateMs} ms`
  );
}
