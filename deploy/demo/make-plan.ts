/**
 * Makes the demo city's file and the plan of who is in it, unless both are there. A process of its own: what a city takes
 * while it is read is given back when it ends.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { readCityFile } from "#shared/server/city/cities.ts";

import { ensureDemoCity } from "../local/demo-city.ts";
import { writeWhole } from "../local/write-whole.ts";
import { makePlan, type DemoSize } from "./plan.ts";
import type { KeptPlan } from "./kept-plan.ts";

const { values } = parseArgs({ options: { out: { type: "string" }, size: { type: "string" } } });
const { out = "", size: sizeText = "{}" } = values;
const size = JSON.parse(sizeText) as DemoSize; // Cast: written by kept-plan.ts, which starts this process.

const folder = await ensureDemoCity((sentence) => process.stdout.write(`${sentence}\n`));
if (sizeOf(out) !== sizeText) {
  const plan = makePlan(readCityFile(join(folder, "montevideo.city.gz")), size);
  writeWhole(out, JSON.stringify({ size, plan } satisfies KeptPlan));
}

/** The size of the plan that is there; undefined without one, and of one that was cut short. */
function sizeOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.stringify((JSON.parse(readFileSync(file, "utf8")) as KeptPlan).size); // Cast: written above, nowhere else.
  } catch {
    return undefined;
  }
}
