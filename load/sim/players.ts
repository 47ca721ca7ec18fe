import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import type { Played, Seeds } from "./campaign.ts";
import type { PlantedBug } from "./planted-bugs.ts";

export type ToPlayer = Seeds & { readonly bug: PlantedBug | undefined };
export type FromPlayer = Played;

/** Threads, one for each processor: a schedule is the work of one, and knows nothing of others. */
export class Players {
  readonly #threads = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL("player.ts", import.meta.url)),
  );

  /**
   * Lets the threads play what is handed to them, one thing after the other each, until there is nothing more.
   *
   * @param next called whenever a thread has nothing to do; undefined: that is all
   * @throws what ended a thread
   */
  async play(next: () => ToPlayer | undefined, told: (asked: ToPlayer, played: Played) => void): Promise<void> {
    await Promise.all(
      this.#threads.map(async (thread) => {
        for (let asked = next(); asked; asked = next()) {
          // oxlint-disable-next-line no-await-in-loop -- a thread plays one thing at a time
          told(asked, await playIn(thread, asked));
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

function playIn(thread: Worker, asked: ToPlayer): Promise<Played> {
  const { fromSeed, schedules } = asked;
  const { promise, resolve, reject } = Promise.withResolvers<FromPlayer>();
  const failed = (error: unknown) =>
    reject(new Error(`playing seeds ${fromSeed} to ${fromSeed + schedules - 1} failed`, { cause: error }));
  thread.once("message", resolve);
  thread.once("error", failed);
  thread.once("messageerror", failed);
  thread.once("exit", failed);
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin; that is a window's
  thread.postMessage(asked);
  return promise.finally(() =>
    thread.off("message", resolve).off("error", failed).off("messageerror", failed).off("exit", failed),
  );
}
