import type { StageAccuracy } from "../../contracts/eta.ts";
import type { DeliveryStatus } from "../../contracts/states.ts";

/** When a time was told: with the order, before anybody carries it, or with the food in hand. */
export const PROMISE_STAGES = ["order", "waiting", "under-way"] as const;
export type PromiseStage = (typeof PROMISE_STAGES)[number];

/** A time that the customer was told, and what became of it. */
export interface KeptPromise {
  readonly stage: PromiseStage;
  readonly p50AtMs: number;
  readonly p90AtMs: number;
  readonly deliveredAtMs: number;
}

/** What customers were promised and never got: cancelled after they had paid. */
export interface Undelivered {
  readonly orders: number;
  /** Of them, those that ended past the promise's late end. */
  readonly late: number;
}

/** Of orders that ended without their food: times that no hand-over can be held against would make a bad day look good. [ETA43] */
export function undeliveredOf(ended: readonly { readonly p90AtMs: number; readonly endedAtMs: number }[]): Undelivered {
  return { orders: ended.length, late: ended.filter(({ p90AtMs, endedAtMs }) => endedAtMs > p90AtMs).length };
}

const IN_HAND: readonly (DeliveryStatus | null)[] = ["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"];

/** The stage of a time that was told while the delivery stood so. */
export function promiseStage(deliveryStatus: DeliveryStatus | null): PromiseStage {
  return IN_HAND.includes(deliveryStatus) ? "under-way" : "waiting";
}

/** How good the times were that were told, stage by stage; a stage without promises is left out. [ETA10] */
export function accuracyOf(promises: readonly KeptPromise[]): StageAccuracy[] {
  return PROMISE_STAGES.flatMap((stage) => {
    const told = promises.filter((each) => each.stage === stage);
    if (told.length === 0) return [];
    const mean = (value: (each: KeptPromise) => number) =>
      told.reduce((sum, each) => sum + value(each), 0) / told.length;
    const lateS = ({ deliveredAtMs, p50AtMs }: KeptPromise) => (deliveredAtMs - p50AtMs) / 1000;
    return [
      {
        stage,
        promises: told.length,
        maeS: mean((each) => Math.abs(lateS(each))),
        lateS: mean(lateS),
        coverage50Pct: 100 * mean(({ deliveredAtMs, p50AtMs }) => (deliveredAtMs <= p50AtMs ? 1 : 0)),
        coverage90Pct: 100 * mean(({ deliveredAtMs, p90AtMs }) => (deliveredAtMs <= p90AtMs ? 1 : 0)),
      },
    ];
  });
}
