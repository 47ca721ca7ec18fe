import type { Clock } from "../lib/clock.ts";

/** Time that a test moves. Tasks run in the order of their times, those of one time in the order in which they were asked. */
export class FakeClock implements Clock {
  readonly rate = 1;
  #nowMs: number;
  #next = 0;
  readonly #tasks = new Map<number, { readonly atMs: number; readonly task: () => void }>();

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const id = this.#next;
    this.#next += 1;
    this.#tasks.set(id, { atMs: this.#nowMs + Math.max(0, delayMs), task });
    return () => void this.#tasks.delete(id);
  }

  /** Moves on, runs what falls due, and lets every promise that it settles run on before the next one. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settle();
    for (let due = this.#due(endMs); due; due = this.#due(endMs)) {
      this.#tasks.delete(due.id);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.task();
      await settle();
    }
    this.#nowMs = endMs;
  }

  #due(endMs: number) {
    let first: { id: number; atMs: number; task: () => void } | undefined;
    for (const [id, { atMs, task }] of this.#tasks) {
      if (atMs <= endMs && (!first || atMs < first.atMs)) first = { id, atMs, task };
    }
    return first;
  }
}

/** Resolves when no promise that could run on is left. */
export function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
