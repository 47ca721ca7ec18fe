import type { ReplayFigures } from "../replay/figures.ts";
import {
  isGood,
  phaseFigures,
  type HeldChange,
  type PhaseFigures,
  type ProbeResult,
  type Span,
} from "./availability.ts";
import type { MigrationFigures } from "./expand-contract.ts";

/** Below this share of good probes, or with anything lost, a rollout is not clean. */
export const AVAILABLE_PCT = 99.9;
const MOST_BAD_TOLD = 50;

export interface Phase extends Span {
  readonly name: string;
}

/** What was measured while the phases went by. */
export interface PlayedRollout {
  readonly phases: readonly Phase[];
  readonly results: readonly ProbeResult[];
  readonly held: readonly HeldChange[];
  readonly migrations: readonly MigrationFigures[];
  /** Processes. */
  readonly replaced: number;
}

/** A probe that was not good, with its phase. */
export interface BadProbe {
  readonly phase: string;
  readonly name: string;
  readonly tookMs: number;
  readonly why: string;
}

/** What `--json` writes down. */
export interface RolloutFigures extends PhaseFigures {
  readonly seed: number;
  readonly replaced: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly leaked: number;
  readonly moneyMismatches: number;
  readonly placed: number;
  readonly delivered: number;
  readonly events: number;
  readonly phases: Readonly<Record<string, PhaseFigures>>;
  readonly migrations: readonly MigrationFigures[];
  /** The first of them. */
  readonly badProbes: readonly BadProbe[];
}

/** The figures of all phases together, and of each. [ROL10] */
export function rolloutFiguresOf(seed: number, played: PlayedRollout, day: ReplayFigures): RolloutFigures {
  const { phases, results, held, migrations, replaced } = played;
  const whole = { fromMs: phases.at(0)?.fromMs ?? 0, untilMs: phases.at(-1)?.untilMs ?? 0 };
  const { lost, doubled, disordered, leaked, moneyMismatches, placed, delivered, eventsPublished } = day;
  return {
    seed,
    ...phaseFigures(results, held, whole),
    replaced,
    lost,
    doubled,
    disordered,
    leaked,
    moneyMismatches,
    placed,
    delivered,
    events: eventsPublished,
    phases: Object.fromEntries(phases.map((phase) => [phase.name, phaseFigures(results, held, phase)])),
    migrations,
    badProbes: badIn(phases, results).slice(0, MOST_BAD_TOLD),
  };
}

function badIn(phases: readonly Phase[], results: readonly ProbeResult[]): BadProbe[] {
  const bad = results.filter((probe) => !isGood(probe)).toSorted((a, b) => a.dueMs - b.dueMs);
  return bad.flatMap(({ name, dueMs, tookMs, why = "too late" }) => {
    const phase = phases.find(({ fromMs, untilMs }) => dueMs >= fromMs && dueMs < untilMs);
    return phase ? [{ phase: phase.name, name, tookMs: Math.round(tookMs), why }] : [];
  });
}

/** Why a rollout is not clean, in words. [ROL11] */
export function wrongIn(figures: RolloutFigures): string[] {
  const { availabilityPct, bad, probes, lost, doubled, disordered, leaked, moneyMismatches, migrations } = figures;
  const differing = migrations.reduce((sum, migration) => sum + migration.differing, 0);
  const faults: [boolean, string][] = [
    [
      (availabilityPct ?? 0) < AVAILABLE_PCT,
      `${bad} of ${probes} probes were bad: ${availabilityPct ?? 0} % available`,
    ],
    [
      lost + doubled + disordered + leaked > 0,
      `${lost} lost, ${doubled} doubled, ${disordered} disordered, ${leaked} leaked`,
    ],
    [moneyMismatches > 0, `${moneyMismatches} orders whose money does not agree`],
    [differing > 0, `${differing} rows differ between the old column and the new one`],
    [figures.events === 0, "nothing happened meanwhile, so it shows nothing"],
    [figures.replaced === 0, "nothing was replaced, so it shows nothing"],
  ];
  const unseen = Object.entries(figures.phases).filter(([, phase]) => phase.probes === 0);
  return [
    ...faults.filter(([is]) => is).map(([, words]) => words),
    ...unseen.map(([name]) => `${name}: no probe was due`),
  ];
}

/** One phase in a line. */
export function lineOf(name: string, phase: PhaseFigures): string {
  const { availabilityPct, probes, bad, restP50Ms, restP99Ms, socketP99Ms, longestOutageMs, secondsNotLive } = phase;
  return (
    `${name}: ${availabilityPct ?? "?"} % of ${probes} probes, ${bad} bad, longest outage ${longestOutageMs} ms; ` +
    `REST p50 ${restP50Ms ?? "?"} p99 ${restP99Ms ?? "?"} ms, order over a socket p99 ${socketP99Ms ?? "?"} ms; ` +
    `held connection away ${secondsNotLive} s`
  );
}
