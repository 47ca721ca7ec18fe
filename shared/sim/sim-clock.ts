import type { Clock } from "../lib/clock.ts";

interface Timer {
  readonly atMs: number;
  /** Counts timers: those of one time run in the order in which they were asked for. */
  readonly order: number;
  task: (() => void) | undefined;
}

/** Makes a function that calls `then` when no promise that could run on is left: one of them serves a whole run. */
export type Rest = (then: () => void) => () => void;

/**
 * Node empties the whole queue of microtasks before the next tick, so a tick that a microtask asks for comes after every
 * promise that could run on, however long their chain; and it costs a tenth of a turn of the event loop.
 */
const whenSettled: Rest = (then) => {
  const tick = () => process.nextTick(then);
  return () => void SETTLED.then(tick);
};
const SETTLED = Promise.resolve();

/** Timers after which the event loop gets a turn, so that signals and other people's timers are not starved. */
const TURN_EVERY = 4_096;

/**
 * Time that jumps from one timer to the next. Tasks run in the order of their times, those of one time in the order in
 * which they were asked; before the next, every promise that a task settles runs on. Knows no wall time: what happens
 * depends on nothing but the tasks. [SMP1-SMP3]
 */
export class SimClock implements Clock {
  readonly rate = 1;
  readonly #rest: Rest;
  #nowMs: number;
  #asked = 0;
  #ran = 0;
  #cancelled = 0;
  /** A binary heap, the next timer first. */
  #heap: Timer[] = [];

  /**
   * @param nowMs where it begins, epoch ms
   * @param rest how to wait for what a task has set off; the default knows promises alone, no I/O
   */
  constructor(nowMs = 1_700_000_000_000, rest: Rest = whenSettled) {
    this.#nowMs = nowMs;
    this.#rest = rest;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  /** Timers that were run so far. */
  get ran(): number {
    return this.#ran;
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Whole milliseconds: a part of one is waited for to its end. */
  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { atMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)), order: this.#asked, task };
    this.#asked += 1;
    this.#push(timer);
    return () => {
      if (timer.task === undefined) return;
      timer.task = undefined;
      this.#cancelled += 1;
      if (this.#cancelled > 1_000 && this.#cancelled * 2 > this.#heap.length) this.#sweep();
    };
  }

  /** Moves on, runs what falls due, and lets every promise that it settles run on before the next one. */
  advance(byMs: number): Promise<void> {
    return this.run(this.#nowMs + byMs);
  }

  /** Time passes in which nothing runs, as when a machine sleeps: what falls due in it is late. */
  skip(byMs: number): void {
    this.#nowMs += byMs;
  }

  /**
   * The same up to an instant.
   *
   * @throws what a task throws; time then stands where it was thrown
   */
  run(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = () => {
        const due = this.#due(untilMs);
        if (!due) {
          this.#nowMs = Math.max(this.#nowMs, untilMs);
          return resolve();
        }
        this.#nowMs = Math.max(this.#nowMs, due.atMs);
        this.#ran += 1;
        const { task } = due;
        due.task = undefined;
        try {
          task?.();
        } catch (error) {
          return reject(error);
        }
        if (this.#ran % TURN_EVERY === 0) setImmediate(step);
        else rest();
      };
      const rest = this.#rest(step);
      rest();
    });
  }

  #due(untilMs: number): Timer | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (!first || (first.task && first.atMs > untilMs)) return undefined;
      this.#pop();
      if (first.task) return first;
      this.#cancelled -= 1;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || before(parent, timer)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const below = 2 * at + 1;
      const [left, right] = [heap[below], heap[below + 1]];
      if (!left) break;
      const rightFirst = right !== undefined && before(right, left);
      const child = rightFirst ? right : left;
      if (before(last, child)) break;
      heap[at] = child;
      at = rightFirst ? below + 1 : below;
    }
    heap[at] = last;
  }

  /** Forgets cancelled timers when they are the most. */
  #sweep(): void {
    const kept = this.#heap.filter((timer) => timer.task !== undefined);
    // An array in order is a heap.
    this.#heap = kept.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
    this.#cancelled = 0;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
