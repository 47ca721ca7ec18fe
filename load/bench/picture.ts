import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { quantile } from "../replay/offline.ts";
import { measureCpu, type CpuFigures } from "./picture/cpu.ts";
import { errorsM } from "./picture/errors.ts";
import { playTrace, type Played } from "./picture/play-trace.ts";
import { readTraces } from "./picture/read-traces.ts";

const USAGE =
  "npm run bench:picture -- --traces FILE.tsv.gz [--out SHOWN.jsonl] [--json FILE] [--couriers 300] [--seconds 60] [--rounds 3]";

/** What `--json` writes down. */
export interface PictureFigures extends Partial<CpuFigures> {
  /** That left the hub for each screen. */
  readonly messagesPerMinute: number;
  /** Commands that left the phone: motions, and one trace a minute. */
  readonly ingressPerMinute: number;
  readonly errorMeanM: number;
  readonly errorP95M: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      traces: { type: "string" },
      out: { type: "string" },
      json: { type: "string" },
      couriers: { type: "string", default: "300" },
      seconds: { type: "string", default: "60" },
      rounds: { type: "string", default: "3" },
    },
  });
  const [couriers = 0, seconds = 0, rounds = 0] = [values.couriers, values.seconds, values.rounds].map(Number);
  if (values.traces === undefined || !(couriers > 0 && seconds > 0 && rounds >= 0)) throw new Error(USAGE);
  const traces = readTraces(values.traces);
  const played: Played[] = [];
  const errors: number[] = [];
  for (const trace of traces) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: each has a clock of its own
    const one = await playTrace(trace);
    played.push(one);
    // One by one: a spread of all would be too many arguments.
    for (const each of errorsM(trace, one)) errors.push(each);
  }
  if (values.out !== undefined) writeFileSync(values.out, shownLines(played));
  const tell = (sentence: string) => void process.stderr.write(`${sentence}\n`);
  const cpu = rounds > 0 ? await measureCpu({ couriers, seconds, rounds, traces: values.traces }, tell) : {};
  const figures: PictureFigures = { ...figuresOf(played, errors), ...cpu };
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  process.stdout.write(text);
  if (values.json !== undefined) writeFileSync(values.json, text);
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
