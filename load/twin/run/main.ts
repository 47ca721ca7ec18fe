import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { readCityFile } from "#shared/server/city/cities.ts";

import { ensureDemoCity } from "../../../deploy/local/demo-city.ts";
import { isClean } from "../../replay/figures.ts";
import { stoppable } from "../../stoppable.ts";
import { decisionsOf } from "../world/chance.ts";
import { streetWays } from "../world/street-ways.ts";
import { readTwinArgs, type TwinArgs } from "./args.ts";
import { fastestPace } from "./pace-search.ts";
import { playLive, type PlayLiveOptions, type TwinProgress } from "./play-live.ts";
import { playSimulated } from "./play-simulated.ts";
import { townOf } from "./town.ts";
import type { TwinOutcome } from "./twin-figures.ts";

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** A line that overwrites itself on a terminal, and one every ten seconds elsewhere. */
function progressTeller(): (progress: TwinProgress) => void {
  let toldAtMs = 0;
  return ({ minute, wanted, placed, delivered, refused, unplaced, rawGaps }) => {
    const line =
      `minute ${Math.floor(minute)}  wanted ${wanted}  placed ${placed}  delivered ${delivered}  ` +
      `refused ${refused}  no order ${unplaced}  gaps closed ${rawGaps}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line}`);
    else if (performance.now() - toldAtMs > 10_000) {
      toldAtMs = performance.now();
      say(line);
    }
  };
}

function report({ figures, faults, reasons }: TwinOutcome): void {
  if (process.stderr.isTTY) process.stderr.write("\n");
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  const rows = Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${String(value)}`);
  process.stdout.write(`${rows.join("\n")}\n`);
  for (const [reason, count] of Object.entries(reasons)) say(`${count} × ${reason}`);
  for (const fault of faults) say(`fault: ${fault}`);
}

async function play(args: TwinArgs, dir: string, signal: AbortSignal): Promise<TwinOutcome> {
  const cityFile = args.city ?? join(await ensureDemoCity(say), "montevideo.city.gz");
  const city = readCityFile(cityFile);
  const town = townOf(decisionsOf(args.seed), city, args);
  const shared = { ...args, town, ways: streetWays(city), tell: say, signal, onProgress: progressTeller() };
  if (args.clock === "simulated") return await playSimulated({ ...shared, city });
  const options: Omit<PlayLiveOptions, "speed" | "dir"> = {
    ...shared,
    cityDir: dirname(cityFile),
  };
  const speed = args.speed === "max" ? await fastestPace(options, join(dir, "rehearsal")) : args.speed;
  say(
    `${args.couriers} couriers, ${args.ordersPerHour} orders an hour, ${args.minutes} minutes at ${speed} times real time`,
  );
  return await playLive({ ...options, speed, dir: join(dir, "run") });
}

async function main(): Promise<number> {
  const args = readTwinArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  return await stoppable({ name: "twin", keep: args.keep }, async (dir, signal) => {
    const outcome = await play(args, dir, signal);
    report(outcome);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(outcome.figures, null, 2)}\n`);
    return isClean(outcome.figures) && outcome.figures.unended === 0 ? 0 : 1;
  });
}

process.exit(await main());
