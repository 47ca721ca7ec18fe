/**
 * `npm run bench:rounds -- --pack DIR --instance NAME [--part 12:00-13:00|peak] [--json FILE]`: plays a day of a pack minute by
 * minute with the live round and tells how long deciding each minute took, collection of garbage included.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import type { ReplayInstance } from "../replay/instance.ts";
import { playOffline, quantile, type OfflineResult, type PlayedMinute } from "../replay/offline.ts";
import { loadPack } from "../replay/pack.ts";
import { partOfDay, readPart } from "../replay/part-of-day.ts";
import { isRappiPack, loadRappiInstance } from "../replay/rappi-pack.ts";

const USAGE = "npm run bench:rounds -- --pack DIR --instance NAME [--part peak|12:00-13:00] [--json FILE]";

/** What `--json` writes down. Wall ms. */
interface RoundsFigures {
  readonly instance: string;
  readonly minutes: number;
  readonly mostOpen: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly worstMs: number;
  readonly worstAtMin: number;
  readonly result: OfflineResult;
}

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n${USAGE}\n`);
  process.exit(2);
}

function dayOf(pack: string, name: string): ReplayInstance {
  const day = isRappiPack(pack) ? loadRappiInstance(pack, name) : loadPack(pack).get(name);
  return day ?? refuse(`The pack ${pack} has no instance "${name}".`);
}

function partOf(day: ReplayInstance, text: string | undefined): ReplayInstance {
  if (text === undefined) return day;
  const part = readPart(text, day);
  return part
    ? partOfDay(day, part.fromMin, part.toMin)
    : refuse('--part is "peak" or two times of day, "12:00-13:00".');
}

function figuresOf(instance: ReplayInstance): RoundsFigures {
  const minutes: PlayedMinute[] = [];
  const result = playOffline(instance, undefined, (minute) => {
    minutes.push(minute);
    if (minute.tMin % 60 !== 0) return;
    process.stderr.write(`${minute.tMin / 60} h: ${minute.open} open, ${rounded(minute.decidedMs)} ms\n`);
  });
  const tookMs = minutes.map(({ decidedMs }) => decidedMs);
  const worst = minutes.reduce<PlayedMinute | undefined>(
    (most, each) => (!most || each.decidedMs > most.decidedMs ? each : most),
    undefined,
  );
  return {
    instance: instance.name,
    minutes: minutes.length,
    mostOpen: minutes.reduce((most, { open }) => Math.max(most, open), 0),
    p50Ms: rounded(quantile(tookMs, 0.5)),
    p99Ms: rounded(quantile(tookMs, 0.99)),
    p999Ms: rounded(quantile(tookMs, 0.999)),
    worstMs: rounded(worst?.decidedMs ?? 0),
    worstAtMin: worst?.tMin ?? 0,
    result,
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

const { values } = parseArgs({
  options: {
    pack: { type: "string" },
    instance: { type: "string" },
    part: { type: "string" },
    json: { type: "string" },
  },
});
if (values.pack === undefined || values.instance === undefined) refuse("Which day is to be played?");
const figures = figuresOf(partOf(dayOf(values.pack, values.instance), values.part));
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
