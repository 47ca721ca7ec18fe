import { Refusal } from "#shared/contracts/errors.ts";

/** What a request is to those who wait for food: it moves what is under way, or asks for more. */
export type Weight = "moves" | "asks";

/** The hub's door: so many requests run at a time, and the others are told to come back. */
export interface Gate {
  /**
   * Runs the task, or refuses it at once without having begun.
   *
   * @throws {Refusal} `hub.overloaded` when too many run; and whatever the task throws
   */
  run<T>(weight: Weight, task: () => Promise<T>): Promise<T>;
  readonly running: number;
  /** Since the start. */
  readonly refused: number;
}

/** Who asks gives way first: the last quarter is kept for what is under way. */
const ASKS_SHARE = 0.75;

/**
 * Load shedding. Without it a hub that falls behind works through requests that their callers have given up and sent
 * again, and falls further behind: nothing is done in time any more, though everything is busy. With it what is begun is
 * answered within the time that `atOnce` requests take, and callers spread by their own back-off. [LOD1]
 *
 * @param atOnce most requests under way
 */
export function makeGate(atOnce: number): Gate {
  const most = { moves: atOnce, asks: Math.ceil(atOnce * ASKS_SHARE) } as const;
  let running = 0;
  let refused = 0;
  return {
    get running() {
      return running;
    },
    get refused() {
      return refused;
    },
    async run(weight, task) {
      if (running >= most[weight]) {
        refused += 1;
        throw new Refusal("hub.overloaded", "too much is asked of this hub at the moment; try again shortly");
      }
      running += 1;
      try {
        return await task();
      } finally {
        running -= 1;
      }
    },
  };
}
