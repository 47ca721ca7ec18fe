import { SimClock } from "../sim/sim-clock.ts";

/** Time that a test moves. Between timers it waits a turn of the event loop, so that I/O that is due is heard as well. */
export class FakeClock extends SimClock {
  constructor(nowMs?: number) {
    super(nowMs, (then) => () => void setImmediate(then));
  }
}

/** Resolves when no promise that could run on is left. */
export function settle(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
