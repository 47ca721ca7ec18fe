import { setTimeout as delay } from "node:timers/promises";

import { makeApi, type Api } from "#shared/client/rest-client.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { commandOf, memoryMbOf, processFamily } from "#shared/server/process-family.ts";

import { DEMO_MARKET } from "./market.ts";

const marketId = DEMO_MARKET.id;
/** A courier who stands still is within so much of where the GPS said before, metres. */
const MOVED_M = 20;
const LOOK_EVERY_MS = 500;

/** Somebody of the office, looking at a running demo. */
export async function lookAsOffice(hubUrl: string, login: { email: string; password: string }): Promise<Api> {
  const { accessToken } = await makeApi({ baseUrl: hubUrl }).call("session.open", login);
  return makeApi({ baseUrl: hubUrl, token: () => accessToken });
}

/**
 * Resolves when any courier has moved by 20 m.
 *
 * @throws when `signal` ends it before
 */
export async function firstMovement(office: Api, signal: AbortSignal): Promise<void> {
  const first = new Map<string, { lat: number; lng: number }>();
  for (;;) {
    const { couriers } = await office.call("ops.board", { marketId });
    for (const { courierId, point } of couriers) {
      if (!point) continue;
      const before = first.get(courierId) ?? point;
      first.set(courierId, before);
      if (distanceM(before, point) >= MOVED_M) return;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

export interface WatchedOrder {
  readonly id: string;
  readonly status: string;
  /** From placed to delivered, seconds of the deployment's clock; null unless delivered. */
  readonly tookS: number | null;
}

/**
 * Orders that were placed while we looked, as they ended, the first `count` of them.
 *
 * @throws when `signal` ends it before
 */
export async function watchOrders(office: Api, count: number, signal: AbortSignal): Promise<readonly WatchedOrder[]> {
  const begun = await office.call("ops.board", { marketId });
  const old = new Set(begun.orders.map(({ id }) => id));
  const open = new Set<string>();
  const ended: WatchedOrder[] = [];
  while (ended.length < count) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    const { orders } = await office.call("ops.board", { marketId });
    // Delivered ones stand on the board until their money is settled.
    const now = new Set(orders.filter(({ status }) => status !== "DELIVERED").map(({ id }) => id));
    for (const id of open) {
      if (now.has(id)) continue;
      open.delete(id);
      const { status, placedAtMs, deliveredAtMs } = await office.call("order.read", { marketId, orderId: id });
      const tookS = placedAtMs && deliveredAtMs ? (deliveredAtMs - placedAtMs) / 1000 : null;
      ended.push({ id, status, tookS });
    }
    for (const id of now) if (!old.has(id)) open.add(id);
  }
  return ended.slice(0, count);
}

export interface ProcessMemory {
  readonly name: string;
  /** Proportional set size: memory that several share counts once, MB. */
  readonly pssMb: number;
}

/** Memory of a process and of everything that it started, largest first (Linux). */
export function memoryOf(rootPid: number): readonly ProcessMemory[] {
  const told = processFamily(rootPid).map(({ pid }) => ({ name: nameOf(pid), pssMb: memoryMbOf(pid) }));
  const byName = Map.groupBy(told, ({ name }) => name);
  const summed = [...byName].map(([name, each]) => ({
    name,
    pssMb: Math.round(each.reduce((sum, { pssMb }) => sum + pssMb, 0)),
  }));
  return summed.toSorted((a, b) => b.pssMb - a.pssMb);
}

/** What runs there: the file of ours, else the program. */
function nameOf(pid: number): string {
  const words = commandOf(pid);
  const entry = words.find((word) => /\/?(hub|workers|load|deploy)\/\S*\.(ts|mjs)$/u.test(word));
  if (entry) return entry.replace(/^.*\/((?:hub|workers|load|deploy)\/)/u, "$1");
  return /postgres/u.test(words[0] ?? "") ? "postgres" : ((words[0] ?? "").split("/").at(-1) ?? "");
}
