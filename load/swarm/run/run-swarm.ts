import { POSITION_TICK_MS } from "#shared/contracts/streams.ts";

import type { CommittedEvent } from "../../replay/read-day.ts";
import type { CrowdReport } from "../crowd/crowd.ts";
import { Histogram, type HistogramText } from "../histogram.ts";
import { judge, type Judged } from "./evidence.ts";
import { rounded, type Sample, type SwarmFigures } from "./figures.ts";
import { coresBetween, useOf, type Use } from "./machine.ts";
import { onStage, type Stage, type StageOptions } from "./stage.ts";
import { together, watchRun, type Together, type Watch } from "./watch.ts";

export interface SwarmOptions extends Omit<StageOptions, "commitsInAll"> {
  readonly minutes: number;
  readonly idleMinutes: number;
  /** Until the city is at its peak: it does not begin with a blow. */
  readonly rampMinutes: number;
  /** Whether all hubs are killed at the end and everybody comes back. */
  readonly recovery: boolean;
  /** Told how it stands, every few seconds. */
  readonly onProgress: (line: string) => void;
}

export interface SwarmOutcome {
  readonly figures: SwarmFigures;
  readonly samples: readonly Sample[];
  /** Everything that went wrong, in words. */
  readonly troubles: readonly string[];
}

const LOOK_EVERY_MS = 200;
/** Hubs that have just started are still busy with themselves. */
const SETTLE_MS = 3_000;
/** What is under way when the profile ends is answered. */
const QUIET_MS = 3_000;
/** Postgres counts what a backend has read once a second while it works, and else when it has been idle for ten seconds. */
const COUNTED_MS = 10_500;
/** Nobody new for so long: the rest will not come. */
const STALLED_MS = 60_000;
/** With fewer there is nothing to measure. */
const ENOUGH = 0.95;

/** Opens, holds and judges a swarm on a platform of its own. Up and down by itself. [SWM2-SWM8] */
export async function runSwarm(options: SwarmOptions, signal: AbortSignal): Promise<SwarmOutcome> {
  const commitsInAll = options.commitsPerS * (options.minutes + options.rampMinutes) * 60;
  return await onStage({ ...options, commitsInAll }, (stage) => playAndJudge(options, stage), signal);
}

async function playAndJudge(options: SwarmOptions, stage: Stage): Promise<SwarmOutcome> {
  const { tell } = options;
  const watch = watchRun(stage, options.onProgress);
  try {
    await stage.pause(SETTLE_MS);
    const empty = useOf(stage.hubPids());
    tell(`opening ${stage.plan.connections} connections`);
    await openAll(stage).catch((error: unknown) => goOn(stage, error, tell));
    const idle = await hold(options, stage, watch);
    const peak = await play(options, stage, watch);
    const recovery = options.recovery ? await recover(stage, watch, tell) : undefined;
    tell("comparing what was heard with what is stored");
    const reports = await stage.crowds.end();
    const judged = await judge(stage, reports, peak.before.wallMs);
    const figures = figuresOf({ stage, empty, idle, peak, recovery, reports, judged });
    return { figures, samples: watch.samples, troubles: troublesOf(reports, judged.verdict, peak.after.state) };
  } finally {
    watch.stop();
  }
}

interface Measured {
  readonly stage: Stage;
  readonly empty: Use | null;
  readonly idle: { readonly before: Use; readonly after: Use } | undefined;
  readonly peak: { readonly before: Look; readonly after: Look };
  readonly recovery: { readonly tookS: number; readonly rowsEach: number } | undefined;
  readonly reports: readonly CrowdReport[];
  readonly judged: Judged;
}

function figuresOf({ stage, empty, idle, peak, recovery, reports, judged }: Measured): SwarmFigures {
  const { verdict, events, commitToClientMs: heard } = judged;
  const { before, after } = peak;
  const spanS = (after.atMs - before.atMs) / 1000;
  const perS = (of: (all: Together) => number) => rounded((of(after.state) - of(before.state)) / spanS, 1);
  const untilMs = before.wallMs + spanS * 1000;
  const commits = events.filter(({ committedWallMs: ms }) => ms >= before.wallMs && ms < untilMs);
  const heldKb = idle && empty ? (idle.after.pssKb - empty.pssKb) / stage.plan.connections : null;
  return {
    connected: after.state.live,
    unplannedDisconnects: together(reports.map(({ state }) => state)).unplanned,
    hubRssPerConnectionKb: rounded(heldKb),
    hubIdleCores: idle ? rounded(coresBetween(idle.before, idle.after), 3) : null,
    fixToScreenP99Ms: merged(reports, ({ fixToScreenMs }) => fixToScreenMs).quantile(0.99),
    tickMs: POSITION_TICK_MS,
    commitToClientP50Ms: heard.quantile(0.5),
    commitToClientP99Ms: heard.quantile(0.99),
    commitToClientP999Ms: heard.quantile(0.999),
    restP99Ms: merged(reports, ({ restMs }) => restMs).quantile(0.99),
    commitsPerS: rounded(commits.length / spanS, 1),
    fixesPerS: perS(({ fixes }) => fixes),
    deliveriesPerS: perS(({ deliveries }) => deliveries),
    socketWritesPerS: after.use && before.use ? rounded((after.use.writes - before.use.writes) / spanS, 1) : null,
    redisMessagesPerPosition: messagesPerPosition(peak, events),
    lost: verdict.lost,
    doubled: verdict.doubled,
    disordered: verdict.disordered,
    leaked: verdict.leaked,
    recoverAllS: recovery?.tookS ?? null,
    pgRowsPerRecoveredClient: recovery?.rowsEach ?? null,
  };
}

function troublesOf(
  reports: readonly CrowdReport[],
  { invented, faults }: { readonly invented: number; readonly faults: readonly string[] },
  state: Together,
): string[] {
  const reasons = new Map<string, number>();
  for (const [why, count] of reports.flatMap(({ troubles }) => troubles))
    reasons.set(why, (reasons.get(why) ?? 0) + count);
  return [
    ...(invented > 0 ? [`${invented} events were given that the store does not hold`] : []),
    ...faults,
    ...(state.idle > 0 ? [`${state.idle} commits were due when nobody had anything left to say`] : []),
    ...[...reasons].map(([why, count]) => `${count} × ${why}`),
  ];
}

function merged(reports: readonly CrowdReport[], of: (report: CrowdReport) => HistogramText): Histogram {
  const all = new Histogram();
  for (const report of reports) all.merge(of(report));
  return all;
}

/**
 * Opens everybody's connection and waits until all of their watches are granted.
 *
 * @throws {Stalled}
 */
export async function openAll(stage: Stage): Promise<void> {
  stage.crowds.tell({ do: "open" });
  await untilAllCaughtUp(stage);
}

/** Nobody more has come for a while. */
class Stalled extends Error {}

/**
 * Waits until everybody is counted, as long as there is progress.
 *
 * @throws {Stalled}
 */
async function untilAllCaughtUp(stage: Stage): Promise<void> {
  let [most, movedAtMs] = [0, performance.now()];
  for (;;) {
    await stage.pause(LOOK_EVERY_MS);
    const state = together(stage.crowds.states);
    const now = state.caughtUp;
    if (state.people === stage.plan.connections && now >= state.people) return;
    if (now > most) [most, movedAtMs] = [now, performance.now()];
    if (performance.now() - movedAtMs > STALLED_MS) {
      throw new Stalled(
        `${now} of ${stage.plan.connections} connections are there, and for a minute no more have come`,
      );
    }
  }
}

/** With some few missing the others are measured all the same: `connected` says how many there were. */
function goOn(stage: Stage, error: unknown, tell: (sentence: string) => void): void {
  const { live } = together(stage.crowds.states);
  if (!(error instanceof Stalled) || live < stage.plan.connections * ENOUGH) throw error;
  tell(error.message);
}

/** Nobody says anything: what connections cost that do nothing. */
async function hold(
  options: SwarmOptions,
  stage: Stage,
  watch: Watch,
): Promise<{ before: Use; after: Use } | undefined> {
  if (options.idleMinutes === 0) return undefined;
  watch.phase = "idle";
  await stage.pause(SETTLE_MS);
  const before = useOf(stage.hubPids());
  await stage.pause(options.idleMinutes * 60_000);
  const after = useOf(stage.hubPids());
  return before && after ? { before, after } : undefined;
}

interface Look {
  readonly atMs: number;
  /** Wall time, epoch ms: commits are stamped in it. */
  readonly wallMs: number;
  readonly state: Together;
  readonly use: Use | null;
  /** Messages that Redis was given to pass on, positions and events. */
  readonly published: number | null;
}

async function look(stage: Stage): Promise<Look> {
  return {
    atMs: performance.now(),
    wallMs: Date.now(),
    state: together(stage.crowds.states),
    use: useOf(stage.hubPids()),
    published: await publishedBy(stage),
  };
}

async function publishedBy({ redis }: Stage): Promise<number | null> {
  // A cluster would have to be asked node by node.
  if (!("info" in redis)) return null;
  const calls = /^cmdstat_spublish:calls=(\d+)/mu.exec(await redis.info("commandstats"))?.[1];
  return calls === undefined ? 0 : Number(calls);
}

async function play(options: SwarmOptions, stage: Stage, watch: Watch): Promise<{ before: Look; after: Look }> {
  watch.phase = "ramp";
  const rampMs = options.rampMinutes * 60_000;
  options.tell(`couriers set out, orders begin to move: ${Math.round(rampMs / 1000)} s`);
  stage.crowds.tell({ do: "play", rampMs });
  await stage.pause(rampMs);
  watch.phase = "peak";
  options.tell(`the city at peak: ${options.commitsPerS} commits/s, ${options.restPerS} requests/s`);
  const before = await look(stage);
  stage.crowds.tell({ do: "measure" });
  await stage.pause(options.minutes * 60_000);
  stage.crowds.tell({ do: "rest" });
  const atMs = performance.now();
  await stage.pause(QUIET_MS);
  return { before, after: { ...(await look(stage)), atMs } };
}

/** Of what Redis was given in the profile, all that were no events, for each position that a hub took. */
function messagesPerPosition(
  { before, after }: { before: Look; after: Look },
  events: readonly CommittedEvent[],
): number | null {
  const positions = after.state.positionsTaken - before.state.positionsTaken;
  if (before.published === null || after.published === null || positions === 0) return null;
  const between = ({ committedWallMs }: CommittedEvent) =>
    committedWallMs >= before.wallMs && committedWallMs < after.wallMs;
  const places = events
    .filter(between)
    .reduce(
      (sum, { orderSeq, restaurantSeq, courierSeq }) =>
        sum + [orderSeq, restaurantSeq, courierSeq].filter((seq) => seq !== null).length,
      0,
    );
  return rounded(Math.max(0, after.published - before.published - places) / positions);
}

/** Kills every hub at once, starts all again, and waits until everybody is back and has caught up. */
async function recover(
  stage: Stage,
  watch: Watch,
  tell: (sentence: string) => void,
): Promise<{ readonly tookS: number; readonly rowsEach: number } | undefined> {
  const { system, crowds } = stage;
  const names = system.names.filter((name) => name.startsWith("hub-"));
  watch.phase = "recovery";
  // What was read before is no part of it.
  await stage.pause(COUNTED_MS);
  tell("killing all hubs");
  crowds.tell({ do: "brace" });
  await stage.pause(LOOK_EVERY_MS);
  const rowsBefore = await rowsRead(stage);
  const startMs = performance.now();
  await Promise.all(names.map((name) => system.kill(name)));
  await Promise.all(names.map((name) => system.restart(name)));
  tell(`hubs are there again after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  // The word of a process is up to a second old: one from before the kill would say that all are there.
  await stage.pause(1_100);
  try {
    await untilAllCaughtUp(stage);
  } catch (error) {
    if (!(error instanceof Stalled)) throw error;
    // What was measured before is worth telling; how long it took is not known.
    tell(error.message);
    return undefined;
  }
  const tookS = (performance.now() - startMs) / 1000;
  await stage.pause(COUNTED_MS);
  const read = [...(await rowsRead(stage))]
    .map(([table, rows]) => ({ table, rows: rows - (rowsBefore.get(table) ?? 0) }))
    .filter(({ rows }) => rows > 0)
    .toSorted((a, b) => b.rows - a.rows);
  tell(`rows read meanwhile: ${read.map(({ table, rows }) => `${rows} of ${table}`).join(", ") || "none"}`);
  const rows = read.reduce((sum, each) => sum + each.rows, 0);
  return { tookS: rounded(tookS, 1), rowsEach: rounded(rows / stage.plan.connections, 4) };
}

/** Rows of each table that Postgres has read so far, by scans and by indices. */
async function rowsRead({ db }: Stage): Promise<ReadonlyMap<string, number>> {
  const rows = await db.sql<{ table: string; rows: number }[]>`
    select relname as table, (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_user_tables`;
  return new Map(rows.map(({ table, rows: read }) => [table, read]));
}
