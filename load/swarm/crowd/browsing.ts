import { Agent, request } from "node:http";

import { Histogram } from "../histogram.ts";
import { idOf, placeOf, type SwarmPlan } from "../plan.ts";
import type { Address } from "./network.ts";
import { preciseNowMs } from "./open-loop.ts";

export interface Browsing {
  /** Begins the request that was meant for `atMs`. */
  next(atMs: number, turn: number): void;
  /** From now on how long an answer takes is measured; what was meant for an earlier moment is not. */
  measure(): void;
  readonly tookMs: Histogram;
  readonly counts: { readonly answered: number; readonly refused: number; readonly over2S: number };
  close(): void;
}

const TOO_LONG_MS = 2_000;
const GIVEN_UP_MS = 30_000;
const CONNECTIONS_A_HUB = 16;

/** People who look at restaurants and menus over REST. A refusal counts as long as it took; so does one given up. */
export function makeBrowsing(
  hubs: readonly Address[],
  plan: SwarmPlan,
  marketId: string,
  token: (turn: number) => string,
): Browsing {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_A_HUB });
  const tookMs = new Histogram();
  const counts = { answered: 0, refused: 0, over2S: 0 };
  let sinceMs = Number.POSITIVE_INFINITY;
  const base = `/v1/markets/${marketId}/restaurants`;

  function pathOf(turn: number): string {
    const restaurant = `${base}/${idOf("restaurant", (turn * 7) % plan.kitchens)}`;
    if (turn % 5 < 2) {
      const { lat, lng } = placeOf((turn * 31) % 1_000, 1_000);
      return `${base}?lat=${lat.toFixed(5)}&lng=${lng.toFixed(5)}&limit=20`;
    }
    return turn % 5 === 2 ? restaurant : `${restaurant}/menu`;
  }

  function ended(atMs: number, good: boolean): void {
    const ms = preciseNowMs() - atMs;
    if (atMs >= sinceMs) tookMs.add(ms);
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
      const headers = { authorization: `Bearer ${token(turn)}` };
      let over = false;
      const end = (good: boolean): void => {
        if (!over) ended(atMs, good);
        over = true;
      };
      const asked = request({ ...hub, path: pathOf(turn), headers, agent, timeout: GIVEN_UP_MS }, (answer) => {
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
