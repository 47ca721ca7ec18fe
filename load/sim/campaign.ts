import type { Core } from "./load-core.ts";
import { loadCore } from "./load-core.ts";
import { planOf } from "./plan.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { runSchedule } from "./run-schedule.ts";

/** Schedules within which a planted bug must be found. [SIM6] */
export const FOUND_WITHIN = 4_000;

/** What many schedules showed. */
export interface Campaign {
  readonly schedules: number;
  /** Schedules in which something was wrong. */
  readonly violations: number;
  readonly firstBadSeed: number | undefined;
  readonly firstFault: string | undefined;
  readonly deliveries: number;
  /** After the last fault, deployment time. */
  readonly catchUpP99Ms: number;
  /** Of all processors together. */
  readonly cpuS: number;
}

export interface CampaignOptions {
  readonly core: Core;
  readonly fromSeed: number;
  /** Asked before each schedule. */
  readonly goOn: (played: number) => boolean;
  /** Ends with the first violation. */
  readonly untilFound?: boolean;
  readonly onProgress?: (played: number, violations: number) => void;
}

/** Plays one seed after the other. */
export async function play(options: CampaignOptions): Promise<Campaign> {
  const { core, fromSeed, goOn, untilFound = false, onProgress } = options;
  const cpuBefore = process.cpuUsage();
  const catchUps: number[] = [];
  let [violations, deliveries] = [0, 0];
  let first: { seed: number; fault: string | undefined } | undefined;
  const over = () => untilFound && first !== undefined;
  for (let seed = fromSeed; goOn(seed - fromSeed) && !over(); seed += 1) {
    const outcome = await runSchedule(core, planOf(seed));
    catchUps.push(outcome.catchUpMs);
    deliveries += outcome.deliveries;
    if (outcome.violations.length > 0) {
      violations += 1;
      first ??= { seed, fault: outcome.violations[0] };
    }
    onProgress?.(seed - fromSeed + 1, violations);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    schedules: catchUps.length,
    violations,
    firstBadSeed: first?.seed,
    firstFault: first?.fault,
    deliveries,
    catchUpP99Ms: p99Of(catchUps),
    cpuS: (user + system) / 1e6,
  };
}

function p99Of(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}

export interface BugHunt {
  readonly name: string;
  readonly found: boolean;
  readonly afterSchedules: number;
  readonly seed: number | undefined;
  readonly fault: string | undefined;
}

/** Looks for one planted bug. [SIM6] */
export async function hunt(bug: PlantedBug, fromSeed: number): Promise<BugHunt> {
  const core = await loadCore(bug);
  const { schedules, firstBadSeed, firstFault } = await play({
    core,
    fromSeed,
    goOn: (played) => played < FOUND_WITHIN,
    untilFound: true,
  });
  return {
    name: bug.name,
    found: firstBadSeed !== undefined,
    afterSchedules: schedules,
    seed: firstBadSeed,
    fault: firstFault,
  };
}
