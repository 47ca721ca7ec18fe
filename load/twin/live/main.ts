import { readFileSync } from "node:fs";

import { z } from "zod";

import { wallClock } from "#shared/client/wall-clock.ts";
import { marketId } from "#shared/contracts/ids.ts";
import { readCityFile } from "#shared/server/city/cities.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import { LIVE_MEANS } from "../../actors/means.ts";
import { payByCard, readPaymentsConfig } from "../../actors/pay.ts";
import { patientApi } from "../../actors/session.ts";
import { startTwin } from "../play/twin.ts";
import { makeWorld } from "../play/world.ts";
import { paceOf } from "../world/pace.ts";
import { streetWays } from "../world/street-ways.ts";
import { STRAIGHT_WAYS } from "../world/ways.ts";
import { castFile } from "./cast-file.ts";
import { liveCast } from "./live-cast.ts";

/** `npm start` and others run this beside a live platform: it plays the people of the cast file until it is stopped. */
const settings = z.object({
  /** Of all hubs, with commas between them. */
  TWIN_HUB_URLS: z
    .string()
    .min(1)
    .transform((urls) => urls.split(",").filter(Boolean)),
  TWIN_MARKET: marketId,
  /** JSON: who is played (cast-file.ts). */
  TWIN_CAST_FILE: z.string().min(1),
  /** Streets to ride along; straight lines without. */
  TWIN_CITY_FILE: z.string().min(1).optional(),
  /** The same seed makes the same decisions; another city without one. */
  TWIN_SEED: z.coerce.number().int().optional(),
  /** In deployment time, on the average of a day. */
  TWIN_ORDERS_PER_HOUR: z.coerce.number().min(0).max(20_000).default(60),
  /** 1 is a city's; 0.5 cooks and answers in half the time and orders from half as far. */
  TWIN_PACE: z.coerce.number().min(0.1).max(3).default(1),
  /** Nobody orders while so many orders are open; two for each courier without it. */
  TWIN_MOST_OPEN: z.coerce.number().int().min(1).optional(),
  CLOCK_RATE: z.coerce.number().positive().default(1),
  CLOCK_ORIGIN_MS: z.coerce.number().int().optional(),
  CLOCK_WALL_ORIGIN_MS: z.coerce.number().int().optional(),
});

/** Between fixes: deployment ms, and wall ms that are enough for an eye. */
const FIX_EVERY_MS = 4_000;
const FIX_EVERY_WALL_MS = 1_000;

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

const parsed = settings.safeParse(process.env);
if (!parsed.success) {
  tell(`The twin cannot start:\n${z.prettifyError(parsed.error)}`);
  process.exit(2);
}
const env = parsed.data;
const { TWIN_HUB_URLS: hubUrls, TWIN_PACE: pace } = env;
const cast = castFile.parse(JSON.parse(readFileSync(env.TWIN_CAST_FILE, "utf8")));
const api = patientApi({ hubUrls });
const payments = await readPaymentsConfig(hubUrls);
const { markets } = await api.call("markets.list", {});
const market = markets.find((each) => each.id === env.TWIN_MARKET);
if (!market) {
  tell(`The twin cannot start: there is no market "${env.TWIN_MARKET}" at ${hubUrls.join(", ")}.`);
  process.exit(2);
}
const { restaurants } = await api.call("restaurants.near", { marketId: market.id, limit: 1 });
const [tariff] = restaurants;
const clock = makeSystemClock(env);
const twin = startTwin({
  stage: {
    marketId: market.id,
    cast: liveCast(cast, { hubUrls }),
    clock,
    means: LIVE_MEANS,
    pay: (secret, card) => payByCard(payments, secret, card),
  },
  world: makeWorld({
    seed: env.TWIN_SEED ?? wallClock.nowMs(),
    timeZone: market.timeZone,
    ways: env.TWIN_CITY_FILE === undefined ? STRAIGHT_WAYS : streetWays(readCityFile(env.TWIN_CITY_FILE)),
    pace: paceOf(pace),
  }),
  perHour: env.TWIN_ORDERS_PER_HOUR,
  fromMs: clock.nowMs(),
  mostOpen: env.TWIN_MOST_OPEN ?? Math.max(1, cast.couriers.length * 2),
  ...(tariff
    ? {
        usualPayMinor: (distanceM: number) =>
          tariff.deliveryBaseMinor + (tariff.deliveryPerKmMinor * distanceM) / 1_000,
      }
    : {}),
  fixEveryMs: Math.max(FIX_EVERY_MS, FIX_EVERY_WALL_MS * clock.rate),
  tell,
});
// It plays until it is stopped: the clock's timers alone, while nobody is connected, keep no process alive.
setInterval(() => {}, 60_000);
await twin.ready;
process.stdout.write(
  `${JSON.stringify({ ready: true, kitchens: cast.kitchens.length, couriers: cast.couriers.length })}\n`,
);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    twin.close();
    process.exit(0);
  });
}
