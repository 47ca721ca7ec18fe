import { parseArgs } from "node:util";

import { z } from "zod";

import { paceOf } from "../world/pace.ts";

export const USAGE =
  "usage: npm run twin -- --couriers N --orders-per-hour M --minutes T [--json FILE] [--clock live|simulated] [--speed S|max] [--seed N]\n" +
  "       [--restaurants K] [--customers C] [--hubs 2] [--workers 1] [--city FILE] [--pace 1] [--fix-every SECONDS] [--keep FOLDER]";

const MOST_RESTAURANTS = 400;
const MOST_CUSTOMERS = 2_000;
/** So that a kitchen has something to do, and is not buried. */
const ORDERS_AN_HOUR_A_RESTAURANT = 12;
const ORDERS_A_CUSTOMER = 3;

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const twinArgs = z
  .object({
    couriers: whole(1, 5_000),
    "orders-per-hour": z.coerce.number().positive().max(50_000),
    minutes: z.coerce.number().positive().max(1_440),
    clock: z.enum(["live", "simulated"]).default("live"),
    speed: z.union([z.literal("max"), z.coerce.number().positive().max(1_000)]).default("max"),
    seed: whole(0, 2 ** 31).default(1),
    restaurants: whole(1, 5_000).optional(),
    customers: whole(1, 20_000).optional(),
    hubs: whole(1, 8).default(2),
    workers: whole(1, 8).default(1),
    pace: z.coerce.number().min(0.1).max(3).default(1),
    "fix-every": z.coerce.number().min(1).max(60).default(5),
    city: z.string().min(1).optional(),
    json: z.string().min(1).optional(),
    keep: z.string().min(1).optional(),
  })
  .transform((args) => {
    const { "orders-per-hour": ordersPerHour, "fix-every": fixEveryS, ...rest } = args;
    const orders = (ordersPerHour * args.minutes) / 60;
    const upTo = (most: number, wanted: number) => Math.min(most, Math.max(1, Math.ceil(wanted)));
    return {
      ...rest,
      ordersPerHour,
      pace: paceOf(args.pace),
      fixEveryMs: fixEveryS * 1000,
      restaurants: args.restaurants ?? upTo(MOST_RESTAURANTS, ordersPerHour / ORDERS_AN_HOUR_A_RESTAURANT),
      customers: args.customers ?? upTo(MOST_CUSTOMERS, orders / ORDERS_A_CUSTOMER),
    };
  });

/** What a twin is asked for, with what follows from its size. */
export type TwinArgs = z.output<typeof twinArgs>;

const STRINGS = [
  "couriers",
  "orders-per-hour",
  "minutes",
  "clock",
  "speed",
  "seed",
  "restaurants",
  "customers",
  "hubs",
  "workers",
  "pace",
  "fix-every",
  "city",
  "json",
  "keep",
] as const;

/** @returns the sentences to print when it was asked wrongly */
export function readTwinArgs(argv: readonly string[]): TwinArgs | string {
  try {
    const options = Object.fromEntries(STRINGS.map((name) => [name, { type: "string" as const }]));
    const parsed = twinArgs.safeParse(parseArgs({ args: [...argv], options }).values);
    return parsed.success ? parsed.data : `${z.prettifyError(parsed.error)}\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
