import { writeFileSync } from "node:fs";

import { stoppable } from "../stoppable.ts";
import { readRolloutArgs } from "./args.ts";
import { playRollout, type RolloutOutcome } from "./play-rollout.ts";
import { lineOf, wrongIn } from "./rollout-figures.ts";

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

function report({ figures, faults }: RolloutOutcome): void {
  const { phases, migrations, badProbes, ...total } = figures;
  for (const [name, phase] of Object.entries(phases)) print(lineOf(name, phase));
  const width = Math.max(...Object.keys(total).map((name) => name.length));
  for (const [name, value] of Object.entries(total)) print(`${name.padEnd(width)}  ${String(value)}`);
  for (const migration of migrations) print(`migration  ${JSON.stringify(migration)}`);
  for (const { phase, name, tookMs, why } of badProbes) say(`bad: ${phase}, ${name} after ${tookMs} ms: ${why}`);
  for (const fault of faults) say(`fault: ${fault}`);
}

async function main(): Promise<number> {
  const args = readRolloutArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  return await stoppable({ name: "rollout", keep: args.keep }, async (dir, signal) => {
    say(`seed ${args.seed}, ${args.hubs} hubs, ${args.workers} workers, ${args.minutes} minutes`);
    const outcome = await playRollout({ ...args, dir, tell: say, signal });
    report(outcome);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(outcome.figures, null, 2)}\n`);
    const wrong = wrongIn(outcome.figures);
    for (const sentence of wrong) say(sentence);
    return wrong.length === 0 ? 0 : 1;
  });
}

process.exit(await main());
