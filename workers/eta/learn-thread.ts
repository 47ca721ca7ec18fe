/** The thread of `learn-in-thread.ts`: is told orders, then to learn, and says what it learned. */
import { getPriority, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";

import type { FinishedOrder } from "#shared/domain/eta/learned/finished-order.ts";
import { learnMarket } from "#shared/domain/eta/learned/learn-market.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { assert } from "#shared/lib/assert.ts";

import type { Learned, LearnFrom, ToThread } from "./learn-in-thread.ts";

assert(parentPort, "it runs as a thread");
const port = parentPort;
// Cast: only `learnInThread` starts this file.
const { priors, timeZone } = workerData as LearnFrom;
const POLITE = 15;
// Linux lowers the thread that asks; elsewhere it would be the whole process.
if (process.platform === "linux" && getPriority() < POLITE) setPriority(POLITE);

const orders: FinishedOrder[] = [];
port.on("message", (told: ToThread) => {
  if (told !== "learn") {
    orders.push(...told);
    return;
  }
  const { models, trials } = learnMarket(orders, priors, makeLocalClock(timeZone));
  // As text: whoever hears it only passes it on.
  const learned: Learned = { trials, models: JSON.stringify(models) };
  port.postMessage(learned);
  port.close();
});
