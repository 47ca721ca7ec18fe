import type { Core } from "./load-core.ts";
import { behindIn, judge, type Violations } from "./judge.ts";
import { type Action, ORDERS, type Plan, planOf, WRITERS } from "./plan.ts";
import type { Trace } from "./trace.ts";
import { World } from "./world.ts";

/** From the last action until everything is well, ms. */
const SETTLE_MS = 100;
/** Whoever has not caught up this long after the last fault is stuck: a heartbeat and the longest back-off, twice, ms. */
const CATCH_UP_MS = 50_000;
const LOOK_EVERY_MS = 50;
/** Between the moment at which all is well and the events that must come at once: subscriptions are made again, ms. */
const CALM_AFTER_MS = 1_300;
const PROBE_MS = 300;
/** Most transactions stay open no longer, ms. */
const LONGEST_MS = 1_000;

export interface Outcome {
  readonly violations: Violations;
  /** From the last fault until everybody had caught up, ms. */
  readonly catchUpMs: number;
  readonly deliveries: number;
}

/** Plays one schedule to its end. The same plan gives the same outcome, to the last delivery. [SIM2] */
export async function runSchedule(core: Core, plan: Plan, trace?: Trace): Promise<Outcome> {
  const world = new World(core, plan, trace);
  const { clock } = world;
  await world.open(plan.fresh);
  const startMs = clock.nowMs();
  for (const action of plan.actions) clock.after(action.atMs, () => world.act(action));
  await clock.run(startMs + endOf(plan.actions) + SETTLE_MS);
  world.heal();
  // What hubs remembered through all of it is all that they have now.
  if (!plan.calm && plan.seed % 4 === 1) world.restartHubs();
  const healedMs = clock.nowMs();
  const stuck = await stillBehind(world, CATCH_UP_MS);
  const catchUpMs = clock.nowMs() - healedMs;
  // Where nothing fails every event must come at once, so no more are needed.
  const promptFromMs = plan.calm ? startMs : await probe(world, stuck.length > 0);
  const deliveries = world.watchers.flatMap(({ log }) => log).reduce((sum, { entry }) => sum + entry.events.length, 0);
  return { violations: [...stuck, ...judge(world, promptFromMs)], catchUpMs, deliveries };
}

/** Writes to every stream, now that all is well. @returns from when on what is committed must come at once, ms */
async function probe(world: World, stuck: boolean): Promise<number> {
  const { clock } = world;
  if (!stuck) await clock.advance(CALM_AFTER_MS);
  const fromMs = clock.nowMs();
  for (let order = 0; order < ORDERS; order += 1) {
    world.write({ writer: order % WRITERS, order, kitchen: true, count: 1, openMs: 2, fate: "committed" });
  }
  await clock.advance(PROBE_MS);
  // What was stuck may have been freed by the newest events, and is none the better for it.
  if (!stuck) await stillBehind(world, CATCH_UP_MS);
  return fromMs;
}

/** Waits until nobody is behind; those who still are then. */
async function stillBehind(world: World, withinMs: number): Promise<Violations> {
  const { clock } = world;
  const endMs = clock.nowMs() + withinMs;
  while (behindIn(world).length > 0 && clock.nowMs() < endMs) await clock.advance(LOOK_EVERY_MS);
  return behindIn(world);
}

function endOf(actions: readonly Action[]): number {
  return actions.reduce((end, action) => Math.max(end, action.atMs + lastsMs(action)), 0);
}

function lastsMs(action: Action): number {
  if ("forMs" in action) return action.forMs;
  if (action.do === "write") return Math.min(action.openMs, LONGEST_MS);
  return action.do === "sever" ? Math.max(action.clientLearnsMs, action.hubLearnsMs) : 0;
}

/** The plan with only these of its actions, by their place in it. */
export function keeping(plan: Plan, kept: readonly number[]): Plan {
  return { ...plan, actions: plan.actions.filter((_, index) => kept.includes(index)) };
}

/** Actions without which the schedule does not fail any more, by their places: whatever can be left out is. [SIM5] */
export async function shrunk(core: Core, seed: number): Promise<readonly number[]> {
  const plan = planOf(seed);
  let kept = plan.actions.map((_, index) => index);
  for (let again = true; again;) {
    again = false;
    for (const index of kept) {
      const fewer = kept.filter((each) => each !== index);
      const { violations } = await runSchedule(core, keeping(plan, fewer));
      if (violations.length === 0) continue;
      kept = fewer;
      again = true;
    }
  }
  return kept;
}
