import { between, logNormal, type Decide } from "./chance.ts";
import type { Pace } from "./pace.ts";
import { BUSY_REASON, KITCHEN, REJECT_REASONS, traitsOf } from "./parameters.ts";

/** What kind of house it is. */
export interface KitchenNature {
  readonly name: string;
  readonly cuisine: string;
  /** Orders at once that slow nobody down. */
  readonly capacity: number;
  /** Of the usual time. */
  readonly slowness: number;
  /** Share of orders of which it says late that they are ready. */
  readonly forgets: number;
  /** Of the usual time, what it says that it needs. */
  readonly says: number;
}

export function kitchenNature(decide: Decide, name: string, cuisine: string): KitchenNature {
  const rng = decide(name, "nature");
  return {
    name,
    cuisine,
    capacity: Math.round(between(rng, ...KITCHEN.capacity)),
    slowness: logNormal(rng, 1, KITCHEN.speedSigma),
    forgets: between(rng, 0, KITCHEN.forgetsUpTo),
    says: logNormal(rng, 1, KITCHEN.optimismSigma),
  };
}

/** What will truly become of an order in a kitchen, in deployment time. */
export interface Cooking {
  readonly answerAtMs: number;
  /** Not taken, for this reason. */
  readonly rejectReason: string | undefined;
  /** What the kitchen says when it takes the order. */
  readonly saidMinutes: number;
  readonly startAtMs: number;
  /** The food truly stands there. */
  readonly cookedAtMs: number;
  /** The kitchen says so. */
  readonly saidReadyAtMs: number;
}

export interface OrderInKitchen {
  /** Names the order's decisions. */
  readonly order: string;
  readonly dishes: number;
  /** Orders that are being cooked or waited for besides this one. */
  readonly others: number;
  readonly nowMs: number;
}

const MINUTE_MS = 60_000;
const NEVER_MS = 365 * 24 * 60 * MINUTE_MS;

/**
 * Cooking takes longer for more dishes, by cuisine, by the house, and for every order beyond what the kitchen does at once; what
 * the kitchen says is its usual time under that load, and some forget to say that the food is ready. [TWN4]
 */
export function cook(decide: Decide, nature: KitchenNature, order: OrderInKitchen, pace: Pace): Cooking {
  const rng = decide(nature.name, `cook ${order.order}`);
  const { firstMin, nextMin } = traitsOf(nature.cuisine);
  const busy = Math.max(0, order.others - nature.capacity);
  const usualMin =
    (firstMin + nextMin * Math.max(0, order.dishes - 1)) *
    nature.slowness *
    (1 + KITCHEN.slowdown * busy) *
    pace.cooking;
  const answerAtMs = Math.round(
    order.nowMs + logNormal(rng, KITCHEN.answerS * 1000, KITCHEN.answerSigma) * pace.people,
  );
  const tookMin = logNormal(rng, usualMin, KITCHEN.dishSigma);
  const cookedAtMs = Math.round(answerAtMs + tookMin * MINUTE_MS);
  const forgets = rng() < nature.forgets;
  const lateMs = forgets
    ? logNormal(rng, KITCHEN.forgetsMin * MINUTE_MS, KITCHEN.forgetsSigma) * pace.cooking
    : between(rng, 2_000, 15_000) * pace.people;
  const fate = rng();
  const rejects = busy > 0 ? KITCHEN.rejectsWhenBusy : KITCHEN.rejects;
  const reason = busy > 0 ? BUSY_REASON : REJECT_REASONS[Math.floor(rng() * REJECT_REASONS.length)];
  const overlooked = fate >= rejects && fate < rejects + KITCHEN.overlooks;
  return {
    answerAtMs: overlooked ? order.nowMs + NEVER_MS : answerAtMs,
    rejectReason: fate < rejects ? reason : undefined,
    saidMinutes: Math.min(240, Math.max(1, Math.round(usualMin * nature.says))),
    startAtMs: answerAtMs,
    cookedAtMs,
    saidReadyAtMs: Math.round(cookedAtMs + lateMs),
  };
}

/** Whether the house takes no more orders for now; once it does not, it waits until there is room again. [TWN4] */
export function isTooMuch(nature: KitchenNature, cooking: number, paused: boolean): boolean {
  return cooking >= nature.capacity * (paused ? KITCHEN.resumeAt : KITCHEN.pauseAt);
}
