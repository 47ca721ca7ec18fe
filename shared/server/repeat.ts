import type { Clock } from "../lib/clock.ts";
import type { Service } from "./lifecycle.ts";
import type { Log } from "./log.ts";

/**
 * Does something again and again, one at a time: the next wait begins when the work has ended. What fails is logged and done
 * again. It stops by finishing what it is at.
 *
 * @param everyMs deployment ms
 */
export function repeat(
  name: string,
  clock: Clock,
  everyMs: number,
  work: () => Promise<unknown>,
  log: Pick<Log, "error">,
): Service {
  const ending = new AbortController();
  const isEnding = () => ending.signal.aborted;
  let wake: (() => void) | undefined;
  const loop = async () => {
    while (!isEnding()) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time is the point
      await work().catch((error: unknown) => log.error({ error, name }, "will be done again"));
      if (isEnding()) return;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((resolve) => {
        wake = resolve;
        clock.after(everyMs, resolve);
      });
    }
  };
  const running = loop();
  const end = () => {
    ending.abort();
    wake?.();
    return running;
  };
  return { name, drain: end, stop: end };
}
