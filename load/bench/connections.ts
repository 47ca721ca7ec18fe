import { setTimeout as delay } from "node:timers/promises";

import { z } from "zod";

import { memoryMbOf, processFamily } from "#shared/server/process-family.ts";

import { freePort } from "../../deploy/local/port.ts";
import { processPart } from "../../deploy/local/system-parts.ts";
import { startSystem, type RunningSystem } from "../../deploy/local/system.ts";
import { Network } from "../swarm/crowd/network.ts";
import { makeTokenMint } from "../swarm/crowd/tokens.ts";
import { idOf } from "../swarm/plan.ts";
import { rounded } from "../swarm/run/figures.ts";
import { machineLine } from "../swarm/run/machine.ts";
import { runBench, say } from "./run-bench.ts";

const USAGE = "usage: npm run bench:connections -- [--connections 5000] [--idle-seconds 90] [--json FILE]";
const args = z.object({
  connections: z.coerce.number().int().min(100).max(16_000).default(5_000),
  /** Whole intervals of pings, so that both servers have sent as many. */
  "idle-seconds": z.coerce.number().multipleOf(45).min(45).max(3_600).default(90),
  json: z.string().min(1).optional(),
});

/** What `--json` holds, of each server. */
interface Held {
  /** Proportional set size over that of the empty process. */
  readonly kbPerConnection: number;
  readonly idleCores: number;
}

const CONNECT_PER_S = 500;
const AT_ONCE = 100;
const CONNECTIONS_AN_ADDRESS = 400;
const LOOK_EVERY_MS = 50;
const SETTLE_MS = 5_000;
const GIVEN_UP_MS = 120_000;

/** Opens customers who watch nothing, and looks what they cost. */
async function hold(
  server: { pid: number; port: number; secret: string },
  count: number,
  idleMs: number,
  signal: AbortSignal,
): Promise<Held> {
  const pause = (ms: number) => delay(ms, undefined, { signal });
  const { pid, port, secret } = server;
  const network = new Network();
  const mint = makeTokenMint(secret);
  try {
    await pause(SETTLE_MS);
    const emptyKb = memoryMbOf(pid) * 1024;
    const startMs = performance.now();
    for (let nth = 0; network.counts.live < count;) {
      const due = Math.min(
        count,
        ((performance.now() - startMs) * CONNECT_PER_S) / 1000,
        network.counts.live + AT_ONCE,
      );
      for (; nth < due; nth += 1) open(network, port, nth, mint);
      // oxlint-disable-next-line no-await-in-loop -- looks again
      await pause(LOOK_EVERY_MS);
      if (performance.now() - startMs > GIVEN_UP_MS + (count * 1000) / CONNECT_PER_S) {
        throw new Error(`${network.counts.live} of ${count} connections came: ${JSON.stringify([...network.reasons])}`);
      }
    }
    await pause(SETTLE_MS);
    const [beforeS, beforeMs] = [cpuS(pid), performance.now()];
    await pause(idleMs);
    return {
      kbPerConnection: rounded((memoryMbOf(pid) * 1024 - emptyKb) / count),
      idleCores: rounded(((cpuS(pid) - beforeS) * 1000) / (performance.now() - beforeMs), 4),
    };
  } finally {
    network.close();
  }
}

function open(network: Network, port: number, nth: number, mint: ReturnType<typeof makeTokenMint>): void {
  const personId = idOf("customer", nth);
  const options = {
    hub: { host: "127.0.0.1", port },
    from: `127.9.1.${Math.floor(nth / CONNECTIONS_AN_ADDRESS) + 1}`,
    namespace: "customer" as const,
    token: () => mint({ personId, roles: [{ role: "customer", marketId: null, restaurantId: null }] }),
  };
  network.transport(options, () => {})({ onStatus: () => {}, onFrame: () => {} });
}

function cpuS(pid: number): number {
  return processFamily(pid).find((each) => each.pid === pid)?.cpuS ?? 0;
}

async function measure(system: RunningSystem, count: number, idleMs: number, dir: string, signal: AbortSignal) {
  const plainPort = await freePort();
  const entry = "load/bench/plain-socket-io.ts";
  await system.add(processPart({ name: "plain", entry, env: { PLAIN_PORT: String(plainPort) }, dir }));
  const secret = system.secrets.jwtSecret;
  const plain = await hold({ pid: system.pid("plain"), port: plainPort, secret }, count, idleMs, signal);
  say(`plain Socket.IO: ${JSON.stringify(plain)}`);
  const hubPort = Number(new URL(system.hubUrls[0] ?? "").port);
  const hub = await hold({ pid: system.pid("hub-0"), port: hubPort, secret }, count, idleMs, signal);
  say(`hub: ${JSON.stringify(hub)}`);
  return {
    connections: count,
    hubRssPerConnectionKb: hub.kbPerConnection,
    hubIdleCores: hub.idleCores,
    plainRssPerConnectionKb: plain.kbPerConnection,
    plainIdleCores: plain.idleCores,
    memoryRatioVsPlain: rounded(hub.kbPerConnection / plain.kbPerConnection, 3),
    cpuRatioVsPlain: rounded(hub.idleCores / plain.idleCores, 3),
  };
}

process.exit(
  await runBench(
    { name: "connections", usage: USAGE, args },
    async ({ connections, "idle-seconds": idleS }, dir, signal) => {
      say(`${connections} connections; ${machineLine()}`);
      const env = { LOG_LEVEL: "warn" };
      const system = await startSystem({ dir, hubs: 1, workers: 0, payments: "sandbox", tell: say, env });
      try {
        return await measure(system, connections, idleS * 1000, dir, signal);
      } finally {
        await system.stop();
      }
    },
  ),
);
