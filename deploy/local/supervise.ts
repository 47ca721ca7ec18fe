import { setTimeout as delay } from "node:timers/promises";

/** A process that was started and takes work. */
export interface Running {
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason, with how: `by SIGKILL`, `with code 1`. */
  readonly ended: Promise<string>;
  /** Ends it cleanly. */
  stop(): Promise<void>;
}

/** A process that can be started again and again, on the same port and data. */
export interface Part {
  readonly name: string;
  /** @throws when it does not come up */
  start(): Promise<Running>;
}

export interface Supervised {
  readonly name: string;
  pid(): number;
  /** SIGKILL. Resolves when it is gone; it stays down until `restart`. */
  kill(): Promise<void>;
  /** Ends it if it runs, starts it, and watches over it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What the supervisor has to say. Of a death `why` is how it came, of what did not come up the error. */
export type Tell = (name: string, what: "died" | "restarted" | "did not come up", why?: unknown) => void;

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** A process that ran this long was well; its next death counts as the first. */
const STEADY_MS = 30_000;

/** How long to wait before the start that follows the `deaths`-th death in a row (from 1), in milliseconds. [LOC6] */
export function backOffMs(deaths: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(deaths - 1, 10));
}

/** Starts a part and starts it again with back-off whenever it dies unasked. [LOC6] */
export async function supervise(part: Part, tell: Tell): Promise<Supervised> {
  let running = await part.start();
  let watching = watch();

  /** Watches until it is told to let go; then nothing starts by itself any more. */
  function watch(): { letGo(): Promise<void> } {
    const ending = new AbortController();
    const isOver = (): boolean => ending.signal.aborted;
    const over = new Promise((resolve) => ending.signal.addEventListener("abort", resolve, { once: true }));
    const loop = async (): Promise<void> => {
      for (let deaths = 1; !isOver(); deaths++) {
        const beganAtMs = performance.now();
        const how = await Promise.race([running.ended, over]);
        if (isOver()) return;
        tell(part.name, "died", how);
        if (performance.now() - beganAtMs > STEADY_MS) deaths = 1;
        await delay(backOffMs(deaths), undefined, { signal: ending.signal }).catch(() => {});
        if (!isOver()) await again();
      }
    };
    const ended = loop();
    return {
      async letGo() {
        ending.abort();
        await ended;
      },
    };
  }

  async function again(): Promise<void> {
    try {
      running = await part.start();
      tell(part.name, "restarted");
    } catch (error) {
      tell(part.name, "did not come up", error);
    }
  }

  return {
    name: part.name,
    pid: () => running.pid,
    async kill() {
      await watching.letGo();
      try {
        process.kill(running.pid, "SIGKILL");
      } catch (error) {
        // Cast: kill throws system errors only. Gone already is what was asked for.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      await running.ended;
    },
    async restart() {
      await watching.letGo();
      await running.stop();
      running = await part.start();
      watching = watch();
    },
    async stop() {
      await watching.letGo();
      await running.stop();
    },
  };
}
