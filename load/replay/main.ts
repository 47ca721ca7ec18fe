import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { stoppable } from "../stoppable.ts";
import { isClean } from "./figures.ts";
import { playOffline } from "./offline.ts";
import type { ReplayInstance } from "./instance.ts";
import { loadPack } from "./pack.ts";
import { partOfDay, readPart } from "./part-of-day.ts";
import { playInstance, type Progress, type ReplayResult } from "./play-instance.ts";
import { isRappiPack, loadRappiInstance } from "./rappi-pack.ts";

const USAGE =
  "usage: npm run replay -- --pack FOLDER --instance NAME [--speed 60] [--part peak|12:00-13:00] [--hubs 2] [--workers 1] [--offline] [--json FILE] [--keep FOLDER]";

/** One sentence and an exit code of 2: the caller is to ask otherwise. */
function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n${USAGE}\n`);
  process.exit(2);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function readArgs() {
  try {
    const { values } = parseArgs({
      options: {
        pack: { type: "string" },
        instance: { type: "string" },
        part: { type: "string" },
        speed: { type: "string", default: "60" },
        hubs: { type: "string", default: "2" },
        workers: { type: "string", default: "1" },
        offline: { type: "boolean", default: false },
        json: { type: "string" },
        keep: { type: "string" },
      },
    });
    return values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function instanceOf(pack: string | undefined, name = "", partText?: string): ReplayInstance {
  if (pack === undefined) return refuse("Which pack is to be played?");
  const day = dayOf(pack, name);
  if (!day) return refuse(`The pack ${pack} has no instance "${name}".`);
  if (partText === undefined) return day;
  const part = readPart(partText, day);
  if (!part) return refuse('--part is "peak" or two times of day, "12:00-13:00".');
  const instance = partOfDay(day, part.fromMin, part.toMin);
  return instance.orders.length > 0 ? instance : refuse(`Nobody orders in ${partText} of that day.`);
}

function dayOf(pack: string, name: string): ReplayInstance | undefined {
  try {
    return isRappiPack(pack) ? loadRappiInstance(pack, name) : loadPack(pack).get(name);
  } catch (error) {
    return refuse(`The pack ${pack} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function whole(text: string, name: string, most: number): number {
  const value = Number(text);
  if (!(value > 0) || value > most || (name !== "speed" && !Number.isInteger(value)))
    return refuse(`--${name} is a number from 1 to ${most}.`);
  return value;
}

function writeJson(file: string | undefined, value: object): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function tableOf(rows: object): string {
  const entries = Object.entries(rows);
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${String(value)}`).join("\n");
}

/** A line that overwrites itself on a terminal, and one every ten seconds elsewhere. */
function progressTeller(): (progress: Progress) => void {
  let toldAtMs = 0;
  return ({ minute, placed, delivered, failed, ofOrders, rawGaps }) => {
    const minutes = Math.max(0, Math.floor(minute));
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    const line = `${clock}  placed ${placed}/${ofOrders}  delivered ${delivered}  failed ${failed}  gaps closed ${rawGaps}`;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${line}`);
    else if (performance.now() - toldAtMs > 10_000) {
      toldAtMs = performance.now();
      say(line);
    }
  };
}

function report({ figures, faults, ...rest }: ReplayResult): void {
  if (process.stderr.isTTY) process.stderr.write("\n");
  process.stdout.write(`${tableOf(figures)}\n`);
  say(
    `${rest.conclusions.concluded} orders concluded, ${rest.conclusions.open} not; ${rest.watcherEvents} events owed to watchers; ` +
      `orders placed ${rest.placedLateMin} min after their minute (median); ${rest.strangersRefused} tries of strangers refused; ${rest.zoneFrames} zone frames; ` +
      `fsync ${rest.durability.fsync}, synchronous_commit ${rest.durability.synchronousCommit}`,
  );
  for (const fault of faults) say(`fault: ${fault}`);
}

async function main(): Promise<number> {
  const args = readArgs();
  const instance = instanceOf(args.pack, args.instance, args.part);
  if (args.offline) {
    const result = playOffline(instance);
    process.stdout.write(`${tableOf(result)}\n`);
    writeJson(args.json, result);
    return 0;
  }
  const speed = whole(args.speed, "speed", 1_000);
  return await stoppable({ name: "replay", keep: args.keep }, async (dir, signal) => {
    const result = await playInstance({
      instance,
      speed,
      dir,
      tell: say,
      onProgress: progressTeller(),
      signal,
      hubs: whole(args.hubs, "hubs", 8),
      workers: whole(args.workers, "workers", 8),
    });
    report(result);
    writeJson(args.json, result.figures);
    return isClean(result.figures) ? 0 : 1;
  });
}

process.exit(await main());
