import { setImmediate as nextTurn } from "node:timers/promises";

import { Refusal } from "#shared/contracts/errors.ts";
import { inSlices, type Work } from "#shared/lib/work.ts";

/** How long everything else of this process waits for the router, ms, and a step more. */
const SLICE_MS = 5;

/**
 * One piece of work at a time, in slices; the others wait in line, so many in all and fewer of one person.
 *
 * @throws {Refusal} `hub.overloaded` when the line is full, `rate.limited` when it holds enough of this person's
 */
export function makeLine({ most, ofOne }: { readonly most: number; readonly ofOne: number }) {
  const waiting = new Map<string, number>();
  let count = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(personId: string, begin: () => Work<T>): Promise<T> => {
    const own = waiting.get(personId) ?? 0;
    if (own >= ofOne) throw new Refusal("rate.limited", `ask the router ${ofOne} questions at a time`);
    if (count >= most) throw new Refusal("hub.overloaded", "too many questions wait for the router; try again");
    waiting.set(personId, own + 1);
    count += 1;
    const done = last.then(() =>
      inSlices(begin(), { sliceMs: SLICE_MS, nowMs: () => performance.now(), pause: () => nextTurn() }),
    );
    last = done.catch(() => {});
    try {
      return await done;
    } finally {
      count -= 1;
      const left = (waiting.get(personId) ?? 1) - 1;
      if (left > 0) waiting.set(personId, left);
      else waiting.delete(personId);
    }
  };
}
