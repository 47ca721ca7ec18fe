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

export interface StageAccuracy {
  readonly stage: PromiseStage;
  readonly promises: number;
  /** How far off the early end was on the average, seconds. */
  readonly maeS: number;
  /** How much later than the early end it came on the average, seconds; below 0: earlier. */
  readonly lateS: number;
  /** Hundredths that came by each end; a true p50 has 50, a true p90 90. */
  readonly coverage50Pct: number;
  readonly coverage90Pct: number;
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
