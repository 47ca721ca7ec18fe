import { makeConformal } from "./conformal.ts";
import { askDurations, type DurationModel } from "./duration-model.ts";
import { climb } from "./ladder.ts";
import { playInOrder } from "./play-in-order.ts";
import { makePulse } from "./pulse.ts";
import type { Outcome, Task } from "./task.ts";

/** A model at work: asks it with the moment's pulse, and holds its quantiles true by what comes of it. */
export interface Estimator {
  /** Seconds at each of the model's levels. */
  ask(task: Task): readonly number[];
  /**
   * Asked for in earnest: from now on it counts among what is open.
   *
   * @param expectedS of a task that the model was learned from: what ladders that never saw its day expect of it. How well
   *   the model says it teaches nothing of how well it says others.
   */
  opened(id: number, task: Task, expectedS?: number): void;
  closed(id: number, outcome: Outcome): void;
}

/** @param shifts of the conformal calibration, where it left off */
export function makeEstimator(model: DurationModel, shifts?: readonly number[]): Estimator {
  const pulse = makePulse();
  const conformal = makeConformal(
    model.quantiles.map(({ level }) => level),
    shifts,
  );
  const told = new Map<number, readonly number[]>();
  const ask = (task: Task): readonly number[] =>
    conformal.held(askDurations(model, task, pulse.read(task), climb(model.ladder, task)));
  return {
    ask,
    opened: (id, task, expectedS) => {
      if (expectedS === undefined) told.set(id, ask(task));
      pulse.opened(id, task, expectedS ?? climb(model.ladder, task).expectedS);
    },
    closed: (id, outcome) => {
      const before = told.get(id);
      told.delete(id);
      if (before) conformal.learn(before, outcome.tookS);
      pulse.closed(id, outcome);
    },
  };
}

/** Outcomes that a model was learned from, and what ladders that never saw their days expect of each. */
export interface Fitted {
  readonly outcomes: readonly Outcome[];
  readonly expectedS: readonly number[];
}

/**
 * What the model would have said of each, at its moment: seconds at each level.
 *
 * @param fitted those that were over by then, or had begun, belong to what was known of the moment
 */
export function askInOrder(
  model: DurationModel,
  outcomes: readonly Outcome[],
  fitted: Fitted = { outcomes: [], expectedS: [] },
): (readonly number[])[] {
  const estimator = makeEstimator(model);
  const all = [...outcomes, ...fitted.outcomes];
  const said: (readonly number[])[] = outcomes.map(() => []);
  playInOrder(all, outcomes, {
    asked: (index) => {
      said[index] = estimator.ask(all[index]!);
    },
    opened: (index) => estimator.opened(index, all[index]!, fitted.expectedS[index - outcomes.length]),
    closed: (index) => estimator.closed(index, all[index]!),
  });
  return said;
}
