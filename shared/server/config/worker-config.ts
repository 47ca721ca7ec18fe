import { z } from "zod";

import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";

import { readConfig } from "./read-config.ts";
import { checkRouter, router } from "./router-variables.ts";
import { checkClock, checkPayments, city, clock, deadlines, payments, stores } from "./variables.ts";

/** What only a worker is told. */
export const working = {
  WORKER_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3100)
    .describe("Where the worker answers liveness, readiness and metrics; 0 takes a free port and prints it."),
  WORKER_HOST: z.string().min(1).default("127.0.0.1").describe("The address of the same; 0.0.0.0 in a container."),
  ROUND_EVERY_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(10_000)
    .describe("From one dispatch round of a market to the next, in deployment time."),
  MOVES_AT_ONCE: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(DEFAULT_SETTINGS.moves.perRound)
    .describe(
      "Couriers without work of one market who are told at a time, once in three minutes, where orders are to be expected; 0: nobody is.",
    ),
  ETA_LEARN_EVERY_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(3_600_000)
    .describe(
      "From one learning of times from the markets' own orders to the next, in deployment time; never more often than every five minutes of wall time.",
    ),
  DECISIONS_KEPT_DAYS: z.coerce
    .number()
    .min(0)
    .max(3_650)
    .default(7)
    .describe("How long dispatch decisions can be explained and replayed, in days of deployment time."),
};

/** Everything a worker may be told from outside. `.env.example` is generated from here. */
export const workerSchema = z
  .object({ ...working, ...stores, ...payments, ...deadlines, ...city, ...router, ...clock })
  .superRefine((settings, context) => {
    checkPayments(settings, context);
    checkClock(settings, context);
    checkRouter(settings, context);
  });

export type WorkerConfig = Readonly<z.output<typeof workerSchema>>;

/**
 * Reads the worker's environment, once, at the start.
 *
 * @throws {Error} naming every missing or malformed variable, not the first alone
 */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  return readConfig(workerSchema, env);
}
