import { z } from "zod";

import { readConfig } from "./read-config.ts";
import { checkRouter, router } from "./router-variables.ts";
import {
  checkClock,
  checkPasswords,
  checkPayments,
  city,
  clock,
  deadlines,
  listening,
  payments,
  stores,
} from "./variables.ts";

/** Everything a hub may be told from outside. `.env.example` is generated from here. */
export const hubSchema = z
  .object({ ...listening, ...stores, ...payments, ...deadlines, ...city, ...router, ...clock })
  .superRefine((settings, context) => {
    checkPayments(settings, context);
    checkClock(settings, context);
    checkRouter(settings, context);
    checkPasswords(settings, context);
  });

export type HubConfig = Readonly<z.output<typeof hubSchema>>;

/**
 * Reads the hub's environment, once, at the start.
 *
 * @throws {Error} naming every missing or malformed variable, not the first alone
 */
export function readHubConfig(env: Readonly<Record<string, string | undefined>>): HubConfig {
  return readConfig(hubSchema, env);
}
