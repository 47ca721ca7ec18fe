import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { REPORT_LIMITS } from "#shared/domain/tracking/motion/report.ts";

import { quantile } from "../replay/offline.ts";
import { chartOf } from "./picture/chart.ts";
import { measureCpu, type CpuFigures } from "./picture/cpu.ts";
import { curvesOf } from "./picture/curves.ts";
import { errorsM } from "./picture/errors.ts";
import { playTrace, type Played } from "./picture/play-trace.ts";
import { readTraces } from "./picture/read-traces.ts";

const USAGE =
  "npm run bench:picture -- --traces FILE.tsv.gz [--out SHOWN.jsonl] [--json FILE] [--chart FILE.svg] [--couriers 2000] [--seconds 30] [--rounds 3]";

/** What `--json` writes down. */
export interface PictureFigures extends Partial<CpuFigures> {
  /** That left the hub for each screen. */
  readonly messagesPerMinute: number;
  /** Commands that left the phone: motions, and one trace a minute. */
  readonly ingressPerMinute: number;
  readonly errorMeanM: number;
  readonly errorP95M: number;
}

function readArgs() {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  const { values } = parseArgs({
    options: {
      traces: { type: "string" },
      out: { type: "string" },
      json: { type: "string" },
      chart: { type: "string" },
      couriers: text("2000"),
      seconds: text("30"),
      rounds: text("3"),
    },
  });
  const { traces, out, json, chart } = values;
  const [couriers = 0, seconds = 0, rounds = 0] = [values.couriers, values.seconds, values.rounds].map(Number);
  if (traces === undefined || !(couriers > 0 && seconds > 0 && rounds >= 0)) throw new Error(USAGE);
  return { traces, out, json, chart, couriers, seconds, rounds };
}

async function main(): Promise<void> {
  const { out, json, chart, ...asked } = readArgs();
  const traces = readTraces(asked.traces);
  const played: Played[] = [];
  const errors: number[] = [];
  for (const trace of traces) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each has a clock of its own
    const one = await playTrace(trace);
    played.push(one);
    // One by one: a spread of all would be too many arguments.
    for (const each of errorsM(trace, one)) errors.push(each);
  }
  if (out !== undefined) writeFileSync(out, shownLines(played));
  const tell = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  const cpu = asked.rounds > 0 ? await measureCpu(asked, tell) : {};
  const picture = figuresOf(played, errors);
  if (chart !== undefined) writeFileSync(chart, chartOf(curvesOf(traces), { ...picture, offM: REPORT_LIMITS.offM }));
  const figures: PictureFigures = { ...picture, ...cpu };
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  process.stdout.write(text);
  if (json !== undefined) writeFileSync(json, text);
}

function shownLines(played: readonly Played[]): string {
  return played.map(({ trace, sentAtS, shown }) => `${JSON.stringify({ trace, sentAtS, shown })}\n`).join("");
}

function figuresOf(played: readonly Played[], errors: readonly number[]): PictureFigures {
  const sum = (of: (one: Played) => number) => played.reduce((total, one) => total + of(one), 0);
  const minutes = sum((one) => one.minutes);
  return {
    messagesPerMinute: round(sum((one) => one.sentAtS.length) / minutes),
    ingressPerMinute: round(sum((one) => one.ingress) / minutes),
    errorMeanM: round(errors.reduce((total, each) => total + each, 0) / errors.length),
    errorP95M: round(quantile(errors, 0.95)),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();
