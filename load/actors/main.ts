import { readFileSync } from "node:fs";

import { z } from "zod";

import { wallClock } from "#shared/client/wall-clock.ts";
import { marketId } from "#shared/contracts/ids.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { readPaymentsConfig } from "./pay.ts";
import { startPlay } from "./play.ts";
import { troupeFile } from "./troupe-file.ts";

const settings = z.object({
  /** Of all hubs, with commas between them. */
  ACTORS_HUB_URLS: z
    .string()
    .min(1)
    .transform((urls) => urls.split(",").filter(Boolean)),
  ACTORS_MARKET: marketId,
  /** JSON: who is played (troupe-file.ts). */
  ACTORS_FILE: z.string().min(1),
  ACTORS_ORDERS_PER_MINUTE: z.coerce.number().min(0).max(60).default(1.5),
  ACTORS_SEED: z.coerce.number().int().optional(),
});

const parsed = settings.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The actors cannot start:\n${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const env = parsed.data;
const troupe = troupeFile.parse(JSON.parse(readFileSync(env.ACTORS_FILE, "utf8")));
const play = await startPlay({
  hubUrls: env.ACTORS_HUB_URLS,
  marketId: env.ACTORS_MARKET,
  troupe,
  payments: await readPaymentsConfig(env.ACTORS_HUB_URLS),
  clock: wallClock,
  rng: seededRng(env.ACTORS_SEED ?? Date.now()),
  ordersPerMinute: env.ACTORS_ORDERS_PER_MINUTE,
  tell: (sentence) => void process.stderr.write(`${sentence}\n`),
});
process.stdout.write(
  `${JSON.stringify({ ready: true, kitchens: troupe.kitchens.length, couriers: troupe.couriers.length })}\n`,
);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    play.stop();
    process.exit(0);
  });
