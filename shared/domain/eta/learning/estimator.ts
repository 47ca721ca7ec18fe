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
  /** Asked for in earnest: from now on it counts among what is open. */
  opened(id: number, task: Task): void;
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
    opened: (id, task) => {
      told.set(id, ask(task));
      pulse.opened(id, task, climb(model.ladder, task).expectedS);
    },
    closed: (id, outcome) => {
      const before = told.get(id);
      told.delete(id);
      if (before) conformal.learn(before, outcome.tookS);
      pulse.closed(id, outcome);
    },
  };
}

/** What the model would have said of each, at its moment: seconds at each level. */
export function askInOrder(model: DurationModel, outcomes: readonly Outcome[]): (readonly number[])[] {
  const estimator = makeEstimator(model);
  const said: (readonly number[])[] = outcomes.map(() => []);
  playInOrder(outcomes, outcomes, {
    asked: (index) => {
      said[index] = estimator.ask(outcomes[index]!);
    },
    opened: (index) => estimator.opened(index, outcomes[index]!),
    closed: (index) => estimator.closed(index, outcomes[index]!),
  });
  return said;
}
