import type { Clock } from "../lib/clock.ts";

interface Pending {
  readonly dueMs: number;
  readonly task: () => void;
}

/** A clock that moves only when told to. Tasks run in due order, ties in the order in which they were asked for. */
export class FakeClock implements Clock {
  readonly rate = 1;
  #nowMs: number;
  #pending: Pending[] = [];

  /** @param startMs epoch ms; noon of the first day of 2026 (UTC) when left out */
  constructor(startMs = 1_767_268_800_000) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry: Pending = { dueMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#pending.push(entry);
    return () => {
      this.#pending = this.#pending.filter((other) => other !== entry);
    };
  }

  /** Moves on, running what falls due on the way at its own time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (;;) {
      const next = this.#pending.toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (!next || next.dueMs > untilMs) break;
      this.#pending = this.#pending.filter((other) => other !== next);
      this.#nowMs = next.dueMs;
      next.task();
    }
    this.#nowMs = untilMs;
  }
}
