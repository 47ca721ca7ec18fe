import type { Clock } from "#shared/lib/clock.ts";

/** Those who wait for a change, or for a time. */
export class Wakers {
  readonly #clock: Clock;
  readonly #wakers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** Resolves when it is woken next, or at `atMs` of the clock. */
  next(atMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const waker = () => {
        cancel();
        this.#wakers.delete(waker);
        resolve();
      };
      const cancel = atMs === undefined ? () => undefined : this.#clock.after(atMs - this.#clock.nowMs(), waker);
      this.#wakers.add(waker);
    });
  }
}
