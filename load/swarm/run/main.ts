import { writeFileSync } from "node:fs";

import { stoppable } from "../../stoppable.ts";
import { readSwarmArgs, type SwarmArgs } from "./args.ts";
import { isCleanSwarm } from "./figures.ts";
import { machineLine, obstacles } from "./machine.ts";
import { plotOf } from "./plot.ts";
import { runSwarm, type SwarmOutcome } from "./run-swarm.ts";

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function report(args: SwarmArgs, { figures, samples, troubles }: SwarmOutcome): void {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  for (const [name, value] of Object.entries(figures))
    process.stdout.write(`${name.padEnd(width)}  ${String(value)}\n`);
  for (const trouble of troubles) say(trouble);
  if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (args.svg !== undefined) {
    const title = `Swarm: ${args.connections} connections, ${args.hubs} hubs, ${machineLine()}`;
    writeFileSync(args.svg, plotOf(samples, title));
  }
}

async function main(): Promise<number> {
  const args = readSwarmArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  const found = obstacles(args);
  for (const obstacle of found) say(obstacle);
  if (found.length > 0) return 2;
  return await stoppable({ name: "swarm", keep: args.keep }, async (dir, signal) => {
    say(`${args.connections} connections, ${args.hubs} hubs, ${args.crowds} processes of the swarm; ${machineLine()}`);
    const outcome = await runSwarm({ ...args, dir, tell: say, onProgress: say }, signal);
    report(args, outcome);
    return isCleanSwarm(outcome.figures) ? 0 : 1;
  });
}

process.exit(await main());
