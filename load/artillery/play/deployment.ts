import { z } from "zod";

import type { Clock } from "../../../shared/lib/clock.ts";
import type { Point } from "../../../shared/contracts/geo.ts";
import { makeSystemClock } from "../../../shared/server/system-clock.ts";
import { patientApi } from "../../actors/session.ts";

/** What is played against. */
export interface Deployment {
  readonly hubUrls: readonly string[];
  readonly marketId: string;
  /** The market's. */
  readonly center: Point;
  /** The deployment's, as far as its answer told: off by at most half of the time that took. */
  readonly clock: Clock;
  readonly publishableKey: string;
  readonly paymentApiBase: string;
}

const config = z.object({
  publishableKey: z.string(),
  paymentApiBase: z.string(),
  clockRate: z.number().positive(),
  nowMs: z.number(),
});

const known = new Map<string, Promise<Deployment>>();

/**
 * Asks a deployment once what time it is there and how it takes money.
 *
 * @param target `http(s)://host[:port]` of a hub or of what stands before the hubs
 * @throws Error when it takes real money, when no market is named and there are several, or when the named one is not there
 */
export async function deploymentOf(target: string): Promise<Deployment> {
  const asked = known.get(target) ?? ask(target.replace(/\/$/u, ""));
  known.set(target, asked);
  return await asked;
}

async function ask(url: string): Promise<Deployment> {
  const hubUrls = [url];
  const { market, marketId } = await marketAt(hubUrls, process.env["TIFFIN_MARKET"]);
  const askedAtMs = Date.now();
  const response = await fetch(`${url}/v1/config`);
  if (!response.ok) throw new Error(`${url} is no hub: /v1/config answered ${response.status}`);
  const { publishableKey, paymentApiBase, clockRate, nowMs } = config.parse(await response.json());
  if (publishableKey.startsWith("pk_live")) throw new Error(`${url} takes real money: nobody is played there`);
  const clock = makeSystemClock({
    CLOCK_RATE: clockRate,
    CLOCK_ORIGIN_MS: nowMs,
    CLOCK_WALL_ORIGIN_MS: (askedAtMs + Date.now()) / 2,
  });
  return { hubUrls, marketId, center: market.center, clock, publishableKey, paymentApiBase };
}

/** The named market, or the only one. */
export async function marketAt(hubUrls: readonly string[], named: string | undefined) {
  const { markets } = await patientApi({ hubUrls }).call("markets.list", {});
  const fitting = named === undefined ? markets : markets.filter(({ id }) => id === named);
  const [market] = fitting;
  if (market && fitting.length === 1) return { market, marketId: market.id };
  const there = markets.map(({ id }) => id).join(", ") || "none";
  throw new Error(`say which market with --market ID (or TIFFIN_MARKET); there: ${there}`);
}
