import { setTimeout as delay } from "node:timers/promises";

import { Redis } from "ioredis";

const SLOTS = 16_384;
const JOINED_WITHIN_MS = 30_000;

/** Where a node of a cluster listens. */
export interface ClusterNode {
  readonly url: string;
  readonly busPort: number;
}

/**
 * Makes one cluster of empty nodes that were started with `cluster: true`: introduces them, deals the slots out evenly,
 * and resolves when every node calls the cluster well. Nodes that are a cluster already stay as they are.
 *
 * @throws {Error} when they do not find each other in time
 */
export async function joinCluster(nodes: readonly ClusterNode[]): Promise<void> {
  const clients = nodes.map((node) => new Redis(node.url));
  const [first] = clients;
  try {
    if (first === undefined) throw new Error("a cluster has one node or more");
    if (!(await hasSlots(first))) await dealSlots(clients);
    for (const node of nodes) {
      const { hostname, port } = new URL(node.url);
      await first.call("CLUSTER", "MEET", hostname, port, String(node.busPort));
    }
    const giveUpAtMs = performance.now() + JOINED_WITHIN_MS;
    // Redis tells nobody that a cluster has formed: ask.
    while (!(await allWell(clients, nodes.length))) {
      if (performance.now() > giveUpAtMs) throw new Error("the nodes did not become a Redis Cluster in time");
      await delay(50);
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function dealSlots(clients: readonly Redis[]): Promise<void> {
  const share = Math.ceil(SLOTS / clients.length);
  for (const [index, client] of clients.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1;
    await client.call("CLUSTER", "ADDSLOTSRANGE", String(index * share), String(last));
  }
}

/** A node that was dealt slots remembers them, also while it looks for the others after a restart. */
async function hasSlots(client: Redis): Promise<boolean> {
  return !String(await client.call("CLUSTER", "INFO")).includes("cluster_slots_assigned:0");
}

async function allWell(clients: readonly Redis[], count: number): Promise<boolean> {
  for (const client of clients) {
    const info = String(await client.call("CLUSTER", "INFO"));
    if (!info.includes("cluster_state:ok") || !info.includes(`cluster_known_nodes:${count}`)) return false;
  }
  return true;
}
