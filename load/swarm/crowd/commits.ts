import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";

import { carriedBy, cookedBy, idOf, type SwarmPlan } from "../plan.ts";
import type { Member } from "./members.ts";

/** One thing that somebody says of an order. */
interface Step {
  readonly member: Member;
  readonly name: CommandName;
  readonly input: object;
}

export interface CommitCounts {
  asked: number;
  answered: number;
  refused: number;
  /** Moments at which everybody had said all there was to say. */
  idle: number;
}

/** Out of ten steps so many are a courier's; the others are a kitchen's. */
const COURIER_STEPS_OF_TEN = 1;
const PATIENCE_MS = 30_000;

/** Says the next thing about an order, of all that there is to say; each order's things in their order, one at a time. */
export interface Sayings {
  /** Begins the next step; what becomes of it is counted. */
  next(turn: number): void;
  readonly counts: Readonly<CommitCounts>;
  readonly reasons: ReadonlyMap<string, number>;
}

export function makeSayings(members: readonly Member[], plan: SwarmPlan, marketId: string, delays: number): Sayings {
  const counts: CommitCounts = { asked: 0, answered: 0, refused: 0, idle: 0 };
  const reasons = new Map<string, number>();
  const kitchens = queueOf(
    members.filter(({ person }) => person.kind === "kitchen"),
    (member) => cookedBy(plan, member.person.index).map((order) => kitchenSteps(member, marketId, order, delays)),
  );
  const couriers = queueOf(
    members.filter(({ person }) => person.kind === "courier"),
    (member) => carriedBy(plan, member.person.index).map((order) => courierSteps(member, marketId, order)),
  );

  async function say(steps: Iterator<Step>, step: Step, back: Iterator<Step>[]): Promise<void> {
    counts.asked += 1;
    try {
      await step.member.client.command(step.name, step.input, { deadlineMs: PATIENCE_MS });
      counts.answered += 1;
    } catch (error) {
      counts.refused += 1;
      const why = `${step.name}: ${error instanceof Refusal ? error.code : String(error)}`;
      reasons.set(why, (reasons.get(why) ?? 0) + 1);
    }
    back.push(steps);
  }

  return {
    counts,
    reasons,
    next(turn) {
      const [first, second] = turn % 10 < COURIER_STEPS_OF_TEN ? [couriers, kitchens] : [kitchens, couriers];
      const begun = begin(first) ?? begin(second);
      if (begun) void say(begun.steps, begun.step, begun.queue);
      else counts.idle += 1;
    },
  };
}

/** Orders of which something is left to say, the one that has waited longest first. */
function begin(queue: Iterator<Step>[]): { steps: Iterator<Step>; step: Step; queue: Iterator<Step>[] } | undefined {
  for (let steps = queue.shift(); steps; steps = queue.shift()) {
    const { value, done } = steps.next();
    if (!done) return { steps, step: value, queue };
  }
  return undefined;
}

/** Interleaved, so that one kitchen's orders do not come one after the other. */
function queueOf(members: readonly Member[], ordersOf: (member: Member) => Iterator<Step>[]): Iterator<Step>[] {
  const each = members.map(ordersOf);
  const most = Math.max(0, ...each.map((orders) => orders.length));
  return Array.from({ length: most }, (_, nth) => each.flatMap((orders) => orders.slice(nth, nth + 1))).flat();
}

function* kitchenSteps(member: Member, marketId: string, order: number, delays: number): Generator<Step> {
  const ref = { marketId, orderId: idOf("order", order) };
  yield { member, name: "order.start", input: ref };
  for (let nth = 0; nth < delays; nth += 1) yield { member, name: "order.delay", input: { ...ref, addMinutes: 1 } };
  yield { member, name: "order.ready", input: ref };
  yield { member, name: "order.hand-out", input: ref };
}

function* courierSteps(member: Member, marketId: string, order: number): Generator<Step> {
  const ref = { marketId, deliveryId: idOf("delivery", order) };
  yield { member, name: "delivery.arrive-at-customer", input: ref };
  yield { member, name: "delivery.hand-over", input: ref };
}
