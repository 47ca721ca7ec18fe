import { endedAtMs, type Outcome, type Task } from "./task.ts";

export interface Listener {
  /** Asked, knowing what was told before. */
  asked(question: number): void;
  opened(outcome: number): void;
  closed(outcome: number): void;
}

/**
 * Plays outcomes in the order of time, and each question before anything that begins at its moment or later: what answers
 * knows only what was over or begun before it was asked.
 */
export function playInOrder(outcomes: readonly Outcome[], questions: readonly Task[], listener: Listener): void {
  const begun = inTurn(byTime(outcomes, ({ askedAtMs }) => askedAtMs));
  const ended = inTurn(byTime(outcomes, endedAtMs));
  for (const { index, atMs } of byTime(questions, ({ askedAtMs }) => askedAtMs)) {
    begun.each(
      (beganAtMs) => beganAtMs < atMs,
      (outcome) => listener.opened(outcome),
    );
    ended.each(
      (endAtMs) => endAtMs <= atMs,
      (outcome) => listener.closed(outcome),
    );
    listener.asked(index);
  }
}

interface Moment {
  readonly index: number;
  readonly atMs: number;
}

/** Goes through moments once, each time as far as they are due. */
function inTurn(moments: readonly Moment[]) {
  let next = 0;
  return {
    each: (due: (atMs: number) => boolean, tell: (index: number) => void): void => {
      for (let moment = moments[next]; moment && due(moment.atMs); moment = moments[++next]) tell(moment.index);
    },
  };
}

function byTime<T>(all: readonly T[], atMs: (each: T) => number): Moment[] {
  return all.map((each, index) => ({ index, atMs: atMs(each) })).toSorted((a, b) => a.atMs - b.atMs);
}
