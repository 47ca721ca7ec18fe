import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DEMO_CITY_FILE } from "../demo/kept-plan.ts";
import { DEMO_MARKET } from "../demo/market.ts";
import type { DemoPlan } from "../demo/plan.ts";
import type { DemoAccounts } from "./populate.ts";
import type { Part } from "./supervise.ts";
import { processPart } from "./system-parts.ts";

export interface TwinOptions {
  /** The data folder. */
  readonly dir: string;
  readonly hubUrls: readonly string[];
  readonly plan: DemoPlan;
  readonly accounts: DemoAccounts;
  readonly clockEnv: Readonly<Record<string, string>>;
  /** In an hour of the deployment's clock, on the average of a day. */
  readonly ordersPerHour: number;
}

/**
 * The process that plays the city through the public API. The first customer, kitchen and courier are left to the people
 * who try it.
 */
export function twinPart({ dir, hubUrls, plan, accounts, clockEnv, ordersPerHour }: TwinOptions): Part {
  const others = <A, B>(logins: readonly A[], planned: readonly B[]): (A & B)[] =>
    logins.flatMap((each, index) => {
      const its = planned[index];
      return index === 0 || its === undefined ? [] : [{ ...each, ...its }];
    });
  const cast = {
    customers: others(
      accounts.customers,
      plan.customers.map(({ point, line }) => ({ drop: point, dropLine: line })),
    ),
    kitchens: accounts.kitchens
      .slice(1)
      .map(({ email, password, restaurantId }) => ({ email, password, restaurantId })),
    couriers: others(accounts.couriers, plan.couriers),
  };
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "cast.json");
  writeFileSync(file, JSON.stringify(cast), { mode: 0o600 });
  const env = {
    ...clockEnv,
    TWIN_HUB_URLS: hubUrls.join(","),
    TWIN_MARKET: DEMO_MARKET.id,
    TWIN_CAST_FILE: file,
    TWIN_CITY_FILE: DEMO_CITY_FILE,
    TWIN_ORDERS_PER_HOUR: String(ordersPerHour),
  };
  return processPart({ name: "twin", entry: "load/twin/live/main.ts", env, dir });
}
