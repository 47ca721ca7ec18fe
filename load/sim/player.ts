/** A thread of `players.ts`: plays what it is asked to, and says what that showed. */
import crypto from "node:crypto";
import { parentPort } from "node:worker_threads";

import { assert } from "#shared/lib/assert.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { play } from "./campaign.ts";
import { type Core, loadCore } from "./load-core.ts";
import type { FromPlayer, ToPlayer } from "./players.ts";

assert(parentPort, "it runs as a thread");
const port = parentPort;
// Refusals are no news here; what is wrong is played again and told step by step, by its seed.
Error.stackTraceLimit = 0;

// The installed adapter draws a name for each hub that starts. From the system's source that takes as long as a dozen deliveries.
const random = seededRng(1);
const randomBytes = (size: number) => Buffer.from(Array.from({ length: size }, () => random() * 256));
Object.assign(crypto, { randomBytes });

let loaded: { readonly bug: string | undefined; readonly core: Core } | undefined;

port.on("message", (asked: ToPlayer) => {
  void (async () => {
    const bug = asked.bug?.name;
    if (loaded?.bug !== bug || !loaded) loaded = { bug, core: await loadCore(asked.bug) };
    const told: FromPlayer = await play(loaded.core, asked);
    port.postMessage(told);
  })();
});
