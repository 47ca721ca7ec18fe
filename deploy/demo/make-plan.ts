/**
 * Makes the demo city's file and the plan of who is in it, unless both are there. A process of its own: what a city takes
 * while it is read is given back when it ends.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

import { readCityFile } from "#shared/server/city/cities.ts";

import { ensureDemoCity } from "../local/demo-city.ts";
import { makePlan, type DemoSize } from "./plan.ts";
import type { KeptPlan } from "./kept-plan.ts";

const { values } = parseArgs({ options: { out: { type: "string" }, size: { type: "string" } } });
const { out = "", size: sizeText = "{}" } = values;
const size = JSON.parse(sizeText) as DemoSize; // Cast: written by kept-plan.ts, which starts this process.

const folder = await ensureDemoCity((sentence) => process.stdout.write(`${sentence}\n`));
if (!existsSync(out) || JSON.stringify((JSON.parse(readFileSync(out, "utf8")) as KeptPlan).size) !== sizeText) {
  const plan = makePlan(readCityFile(join(folder, "montevideo.city.gz")), size);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, JSON.stringify({ size, plan } satisfies KeptPlan));
}
