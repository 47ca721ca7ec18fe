import type { Core } from "./load-core.ts";
import { planOf } from "./plan.ts";
import { runSchedule } from "./run-schedule.ts";

/** Schedules within which a planted bug must be found. [SIM6] */
export const FOUND_WITHIN = 4_000;

/** What schedules showed. */
export interface Played {
  readonly schedules: number;
  /** Schedules in which something was wrong. */
  readonly violations: number;
  /** Of the lowest seed in which something was wrong: what was wrong first. */
  readonly first: { readonly seed: number; readonly fault: string } | undefined;
  readonly deliveries: number;
  /** Each from the last fault until everybody had caught up, deployment time. */
  readonly catchUpsMs: readonly number[];
}

/** One seed after the other. */
export interface Seeds {
  readonly fromSeed: number;
  readonly schedules: number;
  /** Ends with the first violation. */
  readonly untilFound?: boolean;
}

export async function play(core: Core, { fromSeed, schedules, untilFound = false }: Seeds): Promise<Played> {
  const catchUpsMs: number[] = [];
  let [violations, deliveries] = [0, 0];
  let first: Played["first"];
  for (let seed = fromSeed; seed < fromSeed + schedules; seed += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a schedule has the thread for itself
    const outcome = await runSchedule(core, planOf(seed));
    catchUpsMs.push(outcome.catchUpMs);
    deliveries += outcome.deliveries;
    const [fault] = outcome.violations;
    if (fault === undefined) continue;
    violations += 1;
    first ??= { seed, fault };
    if (untilFound) break;
  }
  return { schedules: catchUpsMs.length, violations, first, deliveries, catchUpsMs };
}

/** What was played apart, together. */
export function together(parts: readonly Played[]): Played {
  const sumOf = (value: (part: Played) => number) => parts.reduce((sum, part) => sum + value(part), 0);
  const firsts = parts.flatMap(({ first }) => first ?? []);
  return {
    schedules: sumOf((part) => part.schedules),
    violations: sumOf((part) => part.violations),
    first: firsts.toSorted((a, b) => a.seed - b.seed)[0],
    deliveries: sumOf((part) => part.deliveries),
    catchUpsMs: parts.flatMap((part) => part.catchUpsMs),
  };
}

export function p99Of(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}
