import { writeFileSync } from "node:fs";

import { readSimArgs, type SimArgs } from "./args.ts";
import { type BugHunt, type Campaign, hunt, play } from "./campaign.ts";
import { type Core, loadCore } from "./load-core.ts";
import { planOf } from "./plan.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { keeping, runSchedule, shrunk } from "./run-schedule.ts";

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** One schedule, step by step. */
async function show(core: Core, args: SimArgs): Promise<0 | 1> {
  const plan = planOf(args.seed);
  const { violations } = await runSchedule(core, args.keep ? keeping(plan, args.keep) : plan, say);
  for (const violation of violations) say(violation);
  return violations.length === 0 ? 0 : 1;
}

/** What of a failing schedule matters, and how to play it again. */
async function explain(core: Core, seed: number, args: SimArgs): Promise<void> {
  const kept = await shrunk(core, seed);
  const bug = args.bug ? ` --bug ${args.bug.name}` : "";
  say(
    `\nseed ${seed} fails; it is enough to play: npm run sim -- --seed ${seed} --keep ${kept.join(",")} --show${bug}`,
  );
  await show(core, { ...args, seed, keep: [...kept] });
}

function tellProgress(): (played: number, violations: number) => void {
  let toldAtMs = performance.now();
  return (played, violations) => {
    if (performance.now() - toldAtMs < 2_000) return;
    toldAtMs = performance.now();
    process.stderr.write(`${played} schedules, ${violations} with violations\n`);
  };
}

async function campaign(core: Core, args: SimArgs): Promise<Campaign> {
  const endMs = performance.now() + args.seconds * 1_000;
  const most = args.schedules;
  return await play({
    core,
    fromSeed: args.seed,
    goOn: (played) => (most === undefined ? performance.now() < endMs : played < most),
    onProgress: tellProgress(),
  });
}

async function huntAll(args: SimArgs): Promise<BugHunt[]> {
  const hunts: BugHunt[] = [];
  for (const bug of args.bug || args["without-bugs"] ? [] : PLANTED_BUGS) {
    const one = await hunt(bug, args.seed);
    hunts.push(one);
    say(
      `${one.found ? "found " : "MISSED"} ${one.name} after ${one.afterSchedules}: ${one.fault ?? "nothing was wrong"}`,
    );
  }
  return hunts;
}

async function main(): Promise<number> {
  const args = readSimArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  const core = await loadCore(args.bug);
  if (args.show) return await show(core, args);
  const beganMs = performance.now();
  const done = await campaign(core, args);
  const tookS = Math.max((performance.now() - beganMs) / 1_000, 1e-3);
  const { schedules, violations, deliveries, catchUpP99Ms, cpuS, firstBadSeed } = done;
  const hunts = await huntAll(args);
  const found = hunts.filter((one) => one.found).length;
  const figures = {
    schedules,
    violations,
    plantedBugs: hunts.length,
    plantedBugsFound: found,
    schedulesPerS: Math.round(schedules / tookS),
    schedulesPerCpuS: Math.round(schedules / Math.max(cpuS, 1e-3)),
    deliveries,
    catchUpP99Ms,
  };
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(18)}${value}`);
  if (args.json !== undefined)
    writeFileSync(args.json, `${JSON.stringify({ ...figures, firstBadSeed, hunts }, null, 2)}\n`);
  if (firstBadSeed !== undefined) await explain(core, firstBadSeed, args);
  return violations === 0 && found === hunts.length ? 0 : 1;
}

process.exitCode = await main();
