import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { HeldChange, ProbeResult } from "./availability.ts";
import type { ProbeWord } from "./probes/main.ts";
import type { ProbeOrders } from "./probes/orders.ts";

/** A process that looks at the deployment from outside. */
export interface Probes {
  readonly results: readonly ProbeResult[];
  readonly held: readonly HeldChange[];
  /** Rejects as soon as the process has died. */
  readonly broken: Promise<never>;
  begin(): void;
  /** Resolves when the last probe has its answer or none. */
  end(): Promise<void>;
  kill(): void;
}

const ENTRY = fileURLToPath(new URL("probes/main.ts", import.meta.url));

/** Starts the process; resolves when it has signed in. What keeps its own time must share its loop with nobody. */
export async function startProbes(orders: ProbeOrders): Promise<Probes> {
  const results: ProbeResult[] = [];
  const held: HeldChange[] = [];
  const ready = Promise.withResolvers<void>();
  const last = Promise.withResolvers<void>();
  const broken = Promise.withResolvers<never>();
  // Raced against by whoever waits for the probes.
  broken.promise.catch(() => undefined);
  const child = fork(ENTRY, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { ...process.env, PROBE_ORDERS: JSON.stringify(orders) },
    // Its words on standard output would be between our own.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
  child.on("message", (message) => {
    const word = message as ProbeWord; // Cast: our own process, of this version.
    if (word.kind === "ready") return ready.resolve();
    results.push(...word.results);
    held.push(...word.held);
    if (word.kind === "last") last.resolve();
  });
  child.on("exit", (code, signal) => broken.reject(new Error(`the process that probes died (${signal ?? code})`)));
  child.on("error", broken.reject);
  const kill = (): void => void child.kill("SIGKILL");
  try {
    await Promise.race([ready.promise, broken.promise]);
  } catch (error) {
    kill();
    throw error;
  }
  return {
    results,
    held,
    broken: broken.promise,
    kill,
    begin: () => void child.send("begin"),
    async end() {
      child.send("end");
      await Promise.race([last.promise, broken.promise]);
      child.disconnect();
    },
  };
}
