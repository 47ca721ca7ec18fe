import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { CrowdReport, CrowdState } from "../crowd/crowd.ts";
import type { CrowdWord } from "../crowd/main.ts";
import type { CrowdCommand, CrowdOrders } from "../crowd/orders.ts";

/** The processes of the swarm, as one. */
export interface Crowds {
  tell(command: CrowdCommand): void;
  /** The newest word of each that has said anything. */
  readonly states: readonly CrowdState[];
  readonly pids: readonly number[];
  /** Rejects as soon as one has died. */
  readonly broken: Promise<never>;
  /** Ends all and gives what they know. */
  end(): Promise<readonly CrowdReport[]>;
  kill(): void;
}

const ENTRY = fileURLToPath(new URL("../crowd/main.ts", import.meta.url));

/** Starts one process for each of `orders`; resolves when all are ready to open connections. */
export async function startCrowds(orders: readonly CrowdOrders[]): Promise<Crowds> {
  const children: ChildProcess[] = [];
  const states = new Map<number, CrowdState>();
  const reports = new Map<number, CrowdReport>();
  let onReport = (): void => {};
  let onReady = (): void => {};
  let ready = 0;
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // Raced against by whoever waits for the swarm.
  broken.catch(() => undefined);
  const kill = (): void => {
    for (const child of children) child.kill("SIGKILL");
  };
  function hear(part: number, word: CrowdWord): void {
    if (word.kind === "ready") onReady();
    if (word.kind === "state") states.set(part, word.state);
    if (word.kind !== "report") return;
    reports.set(part, word.report);
    states.set(part, word.report.state);
    onReport();
  }
  const allReady = new Promise<void>((done) => {
    onReady = () => {
      ready += 1;
      if (ready === orders.length) done();
    };
  });
  for (const [part, given] of orders.entries()) {
    const child = start(given);
    children.push(child);
    child.on("message", (message) => hear(part, message as CrowdWord)); // Cast: our own process, of this version.
    child.on("exit", (code, signal) => {
      if (!reports.has(part)) reject(new Error(`process ${part} of the swarm died (${signal ?? code})`));
    });
    child.on("error", reject);
  }
  try {
    await Promise.race([allReady, broken]);
  } catch (error) {
    kill();
    throw error;
  }
  const tell = (command: CrowdCommand): void => {
    for (const child of children) if (child.connected) child.send(command);
  };
  return {
    tell,
    pids: children.map(({ pid }) => pid ?? 0),
    broken,
    kill,
    get states() {
      return [...states.values()];
    },
    async end() {
      const all = new Promise<void>((done) => {
        onReport = () => {
          if (reports.size === orders.length) done();
        };
      });
      tell({ do: "end" });
      await Promise.race([all, broken]);
      for (const child of children) child.disconnect();
      return [...reports.values()];
    },
  };
}

function start(orders: CrowdOrders): ChildProcess {
  return fork(ENTRY, {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: { ...process.env, SWARM_ORDERS: JSON.stringify(orders) },
    // Its words on standard output would be between our own.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
}
