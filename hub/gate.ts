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
  /**
   * Runs a task that is soon done and would only be asked for again: where too many run it waits for its turn, behind those who came
   * before. [RTM55]
   *
   * @throws {Refusal} `hub.overloaded` when too many wait; and whatever the task throws
   */
  inTurn<T>(task: () => Promise<T>): Promise<T>;
  readonly running: number;
  /** Since the start. */
  readonly refused: number;
}

/** Who asks gives way first: the last quarter is kept for what is under way. */
const ASKS_SHARE = 0.75;
/**
 * So many times as may run may wait for their turn: as many as are done well before the first would give up, also where six hubs share two
 * processors with the whole of a storm. Longer queues were full of those who had asked again.
 */
const WAITING_TIMES = 2;

/**
 * Load shedding. Without it a hub that falls behind works through requests that their callers have given up and sent
 * again, and falls further behind: nothing is done in time any more, though everything is busy. With it what is begun is
 * answered within the time that `atOnce` requests take, and callers spread by their own back-off. [LOD1]
 *
 * @param atOnce most requests under way
 */
export function makeGate(atOnce: number): Gate {
  const most = { moves: atOnce, asks: Math.ceil(atOnce * ASKS_SHARE) } as const;
  /** While anybody waits, as many run as may ask. */
  const waiting: (() => void)[] = [];
  let running = 0;
  let refused = 0;

  function refuse(): never {
    refused += 1;
    throw new Refusal("hub.overloaded", "too much is asked of this hub at the moment; try again shortly");
  }

  /** Carries out what has been counted as running. */
  async function carryOut<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } finally {
      const next = running <= most.asks ? waiting.shift() : undefined;
      if (next) next();
      else running -= 1;
    }
  }

  return {
    get running() {
      return running;
    },
    get refused() {
      return refused;
    },
    async run(weight, task) {
      if (running >= most[weight]) refuse();
      running += 1;
      return await carryOut(task);
    },
    async inTurn(task) {
      if (running < most.asks) running += 1;
      else if (waiting.length >= atOnce * WAITING_TIMES) refuse();
      else await new Promise<void>((itsTurn) => waiting.push(itsTurn));
      return await carryOut(task);
    },
  };
}
