import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { DEMO_MARKET } from "./demo-market.ts";
import type { DemoAccounts } from "./populate.ts";
import type { Part } from "./supervise.ts";
import { processPart } from "./system-parts.ts";

/** About two hundred metres of latitude, and of longitude in the demo market. */
const STEP_DEG = 0.002;

/**
 * The process that keeps the demo market alive through the public API. The first customer, kitchen and courier are left
 * to the people who try it.
 */
export function demoActors(dir: string, hubUrls: readonly string[], accounts: DemoAccounts): Part {
  const around = (index: number): { lat: number; lng: number } => ({
    lat: DEMO_MARKET.center.lat + STEP_DEG * ((index % 3) - 1),
    lng: DEMO_MARKET.center.lng + STEP_DEG * (index - 2),
  });
  const troupe = {
    customers: accounts.customers
      .slice(1)
      .map((login, index) => ({ ...login, drop: around(index * 2), dropLine: `Demo street ${index + 1}` })),
    kitchens: accounts.kitchens
      .slice(1)
      .map(({ email, password, restaurantId }) => ({ email, password, restaurantId })),
    couriers: accounts.couriers.slice(1).map((login, index) => ({ ...login, start: around(index) })),
  };
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "actors.json");
  writeFileSync(file, JSON.stringify(troupe), { mode: 0o600 });
  const env = { TWIN_HUB_URLS: hubUrls.join(","), TWIN_MARKET: DEMO_MARKET.id, TWIN_CAST_FILE: file };
  return processPart({ name: "actors", entry: "load/twin/live/main.ts", env, dir });
}
