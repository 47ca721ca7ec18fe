import { Agent, request } from "node:http";

import { Histogram } from "../histogram.ts";
import { idOf, placeOf, type SwarmPlan } from "../plan.ts";
import type { Address } from "./network.ts";
import { preciseNowMs } from "./open-loop.ts";

export type Browsed = "restaurants" | "restaurant" | "menu";

export interface Browsing {
  /** Begins the request that was meant for `atMs`. */
  next(atMs: number, turn: number): void;
  /** From now on how long an answer takes is measured; what was meant for an earlier moment is not. */
  measure(): void;
  readonly tookMs: Readonly<Record<Browsed, Histogram>>;
  readonly counts: { readonly answered: number; readonly refused: number; readonly over2S: number };
  close(): void;
}

const TOO_LONG_MS = 2_000;
const GIVEN_UP_MS = 30_000;
const CONNECTIONS_A_HUB = 16;

/** What is asked for at a turn: 40 % restaurants that deliver to a place, 20 % one of them, 40 % a menu. */
export function browsedAt(plan: SwarmPlan, marketId: string, turn: number): { kind: Browsed; path: string } {
  const base = `/v1/markets/${marketId}/restaurants`;
  if (turn % 5 < 2) {
    const { lat, lng } = placeOf((turn * 31) % 1_000, 1_000);
    return { kind: "restaurants", path: `${base}?lat=${lat.toFixed(5)}&lng=${lng.toFixed(5)}&limit=20` };
  }
  const restaurant = `${base}/${idOf("restaurant", (turn * 7) % plan.kitchens)}`;
  return turn % 5 === 2 ? { kind: "restaurant", path: restaurant } : { kind: "menu", path: `${restaurant}/menu` };
}

/** People who look at restaurants and menus over REST. A refusal counts as long as it took; so does one given up. */
export function makeBrowsing(
  hubs: readonly Address[],
  plan: SwarmPlan,
  marketId: string,
  token: (turn: number) => string,
): Browsing {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_A_HUB });
  const tookMs = { restaurants: new Histogram(), restaurant: new Histogram(), menu: new Histogram() };
  const counts = { answered: 0, refused: 0, over2S: 0 };
  let sinceMs = Number.POSITIVE_INFINITY;

  function ended(kind: Browsed, atMs: number, good: boolean): void {
    const ms = preciseNowMs() - atMs;
    if (atMs >= sinceMs) tookMs[kind].add(ms);
    if (ms > TOO_LONG_MS) counts.over2S += 1;
    counts[good ? "answered" : "refused"] += 1;
  }

  return {
    tookMs,
    counts,
    measure: () => void (sinceMs = preciseNowMs()),
    next(atMs, turn) {
      const hub = hubs[turn % hubs.length];
      if (!hub) return;
      const { kind, path } = browsedAt(plan, marketId, turn);
      const headers = { authorization: `Bearer ${token(turn)}` };
      let over = false;
      const end = (good: boolean): void => {
        if (!over) ended(kind, atMs, good);
        over = true;
      };
      const asked = request({ ...hub, path, headers, agent, timeout: GIVEN_UP_MS }, (answer) => {
        answer.resume();
        answer.on("end", () => end(answer.statusCode === 200));
        answer.on("error", () => end(false));
      });
      asked.on("timeout", () => asked.destroy(new Error("given up")));
      asked.on("error", () => end(false));
      asked.end();
    },
    close: () => agent.destroy(),
  };
}
