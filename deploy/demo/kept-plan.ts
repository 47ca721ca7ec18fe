import { readFileSync } from "node:fs";
import { join } from "node:path";

import { CACHE } from "../local/folders.ts";
import { runNode } from "../local/run-tool.ts";
import type { DemoPlan, DemoSize } from "./plan.ts";

/** What the data folder keeps, so that a second start finds the people of the first. */
export interface KeptPlan {
  readonly size: DemoSize;
  readonly plan: DemoPlan;
}

/** What CITY_DIR names in the demo. */
export const DEMO_CITY_DIR = join(CACHE, "cities");
export const DEMO_CITY_FILE = join(DEMO_CITY_DIR, "montevideo.city.gz");

/**
 * The demo city's file and plan; both are made when they are not there.
 *
 * @param dir the data folder
 * @throws {Error} with the importer's words when the city cannot be read
 */
export async function keptPlan(dir: string, size: DemoSize, tell: (sentence: string) => void): Promise<DemoPlan> {
  const out = join(dir, "plan.json");
  const args = ["deploy/demo/make-plan.ts", "--out", out, "--size", JSON.stringify(size)];
  const { code, output } = await runNode(args, { onLine: tell });
  if (code !== 0) throw new Error(`the demo city cannot be made:\n${output.trim()}`);
  return (JSON.parse(readFileSync(out, "utf8")) as KeptPlan).plan; // Cast: written by make-plan.ts.
}

/**
 * Puts the demo city's addresses and streets into the market's search, unless they are there.
 *
 * @throws {Error} with the loader's words when they cannot be put there
 */
export async function searchableCity(
  databaseUrl: string,
  marketId: string,
  tell: (sentence: string) => void,
): Promise<void> {
  const args = ["deploy/city/load-gazetteer.ts", "--city", DEMO_CITY_FILE, "--market", marketId];
  tell("looking after the addresses that can be searched");
  const { code, output } = await runNode(args, { env: { DATABASE_URL: databaseUrl } });
  if (code !== 0) throw new Error(`addresses cannot be searched:\n${output.trim()}`);
}
