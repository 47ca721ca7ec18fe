import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readFaultArgs, type FaultArgs } from "./args.ts";
import { scheduleOf } from "./draw.ts";
import { wrongIn } from "./fault-figures.ts";
import { FAULT_KINDS } from "./kinds.ts";
import { playFaults, type FaultOutcome } from "./play-faults.ts";

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function list(): void {
  const width = Math.max(...FAULT_KINDS.map(({ name }) => name.length));
  for (const { name, what } of FAULT_KINDS) print(`${name.padEnd(width)}  ${what}`);
}

function report({ figures, faults }: FaultOutcome): void {
  const { rows, ...total } = figures;
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const row of rows) {
    print(
      `${row.name.padEnd(width)}  broken ${row.brokenMs} ms, caught up after ${row.catchUpMs} ms, went on after ${row.goesOnMs} ms`,
    );
  }
  for (const [name, value] of Object.entries(total)) print(`${name.padEnd(width)}  ${String(value)}`);
  for (const fault of faults) say(`fault: ${fault}`);
}

async function play(args: FaultArgs): Promise<number> {
  const { seed, speed, json, keep, kinds } = args;
  say(`seed ${seed}, ${kinds.length} kinds`);
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => ending.abort());
  process.once("disconnect", () => ending.abort());
  const dir = keep ?? mkdtempSync(join(tmpdir(), "tiffin-faults-"));
  try {
    const outcome = await playFaults({
      seed,
      speed,
      dir,
      schedule: scheduleOf(seed, kinds),
      tell: say,
      signal: ending.signal,
    });
    report(outcome);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(outcome.figures, null, 2)}\n`);
    const wrong = wrongIn(outcome.figures);
    for (const sentence of wrong) say(sentence);
    return wrong.length === 0 ? 0 : 1;
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    say("stopped");
    return 130;
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const args = readFaultArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  if (!args.list) return await play(args);
  list();
  return 0;
}

process.exit(await main());
