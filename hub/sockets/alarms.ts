import type { Clock } from "#shared/lib/clock.ts";

/** Who is woken. One object for everything that it waits for, instead of a timer and a closure each. */
export interface Sleeper {
  ring(): void;
}

/** Alarms of thousands, to the second, by one timer. */
export interface Alarms {
  /** Rings at `atMs` or within a second after it. @returns what takes it back, given to `cancel` */
  at(atMs: number, sleeper: Sleeper): number;
  cancel(second: number, sleeper: Sleeper): void;
  stop(): void;
}

const SECOND_MS = 1_000;

/** Tokens end at as many different moments as there are sockets; nobody needs them to the millisecond. */
export function makeAlarms(clock: Clock): Alarms {
  const startMs = clock.nowMs();
  const due = new Map<number, Set<Sleeper>>();
  let looked = 0;
  let cancel = () => {};

  function look(): void {
    const until = Math.floor((clock.nowMs() - startMs) / SECOND_MS);
    for (; looked <= until; looked += 1) {
      const sleepers = due.get(looked);
      due.delete(looked);
      for (const sleeper of sleepers ?? []) sleeper.ring();
    }
    cancel = clock.after(SECOND_MS, look);
  }
  cancel = clock.after(SECOND_MS, look);

  return {
    at(atMs, sleeper) {
      const second = Math.max(looked, Math.ceil((atMs - startMs) / SECOND_MS));
      const sleepers = due.get(second) ?? new Set();
      due.set(second, sleepers.add(sleeper));
      return second;
    },
    cancel(second, sleeper) {
      const sleepers = due.get(second);
      if (sleepers?.delete(sleeper) && sleepers.size === 0) due.delete(second);
    },
    stop: () => cancel(),
  };
}
