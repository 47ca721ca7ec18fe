import { writeFileSync } from "node:fs";

import { readSimArgs, type SimArgs } from "./args.ts";
import { FOUND_WITHIN, p99Of, type Played, together } from "./campaign.ts";
import { type Core, loadCore } from "./load-core.ts";
import { planOf } from "./plan.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { Players } from "./players.ts";
import { keeping, runSchedule, shrunk } from "./run-schedule.ts";

/** Handed to a thread in one go. */
const AT_A_TIME = 50;

/** What became of the search for one planted bug. [SIM6] */
export interface BugHunt {
  readonly name: string;
  readonly found: boolean;
  readonly afterSchedules: number;
  readonly seed: number | undefined;
  readonly fault: string | undefined;
}

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

async function campaign(players: Players, args: SimArgs): Promise<Played> {
  const endMs = performance.now() + args.seconds * 1_000;
  const endSeed = args.schedules === undefined ? Number.POSITIVE_INFINITY : args.seed + args.schedules;
  const parts: Played[] = [];
  let [seed, toldAtMs] = [args.seed, performance.now()];
  await players.play(
    () => {
      const fromSeed = seed;
      seed = Math.min(fromSeed + AT_A_TIME, endSeed);
      const over = args.schedules === undefined ? performance.now() >= endMs : fromSeed >= endSeed;
      return over ? undefined : { bug: args.bug, fromSeed, schedules: seed - fromSeed };
    },
    (_, played) => {
      parts.push(played);
      if (performance.now() - toldAtMs < 2_000) return;
      toldAtMs = performance.now();
      const { schedules, violations } = together(parts);
      process.stderr.write(`${schedules} schedules, ${violations} with violations\n`);
    },
  );
  return together(parts);
}

/** Looks for every planted bug, each from the first seed on. */
async function huntAll(players: Players, args: SimArgs): Promise<BugHunt[]> {
  const bugs = args.bug || args["without-bugs"] ? [] : PLANTED_BUGS;
  const left = [...bugs];
  const hunts = new Map<string, BugHunt>();
  await players.play(
    () => {
      const bug = left.shift();
      return bug && { bug, fromSeed: args.seed, schedules: FOUND_WITHIN, untilFound: true };
    },
    ({ bug }, { schedules, first }) => {
      const name = bug?.name ?? "";
      const found = first !== undefined;
      hunts.set(name, { name, found, afterSchedules: schedules, seed: first?.seed, fault: first?.fault });
      say(`${found ? "found " : "MISSED"} ${name} after ${schedules}: ${first?.fault ?? "nothing was wrong"}`);
    },
  );
  return bugs.flatMap(({ name }) => hunts.get(name) ?? []);
}

/** How long `task` took: by the clock, and of all processors together. */
async function timed<T>(task: () => Promise<T>): Promise<{ done: T; tookS: number; cpuS: number }> {
  const [beganMs, before] = [performance.now(), process.cpuUsage()];
  const done = await task();
  const { user, system } = process.cpuUsage(before);
  return { done, tookS: (performance.now() - beganMs) / 1_000, cpuS: (user + system) / 1e6 };
}

async function main(): Promise<number> {
  const args = readSimArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  if (args.show) return await show(await loadCore(args.bug), args);
  const players = new Players();
  const { done: played, ...took } = await timed(() => campaign(players, args));
  const { done: hunts, ...hunted } = await timed(() => huntAll(players, args));
  await players.close();
  const found = hunts.filter((one) => one.found).length;
  const { schedules, violations, first, deliveries } = played;
  const figures = {
    schedules,
    violations,
    plantedBugs: hunts.length,
    plantedBugsFound: found,
    plantedBugsCpuS: Math.round(hunted.cpuS * 10) / 10,
    plantedBugsSchedules: hunts.reduce((sum, { afterSchedules }) => sum + afterSchedules, 0),
    schedulesPerS: Math.round(schedules / took.tookS),
    schedulesPerCpuS: Math.round(schedules / took.cpuS),
    deliveries,
    catchUpP99Ms: p99Of(played.catchUpsMs),
  };
  for (const [name, value] of Object.entries(figures)) say(`${name.padEnd(22)}${value}`);
  if (args.json !== undefined) {
    writeFileSync(args.json, `${JSON.stringify({ ...figures, firstBadSeed: first?.seed, hunts }, null, 2)}\n`);
  }
  if (first) await explain(await loadCore(args.bug), first.seed, args);
  return violations === 0 && found === hunts.length ? 0 : 1;
}

process.exitCode = await main();
