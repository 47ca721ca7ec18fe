import type { RoundCourier, RoundSettings } from "./round.ts";

/** What somebody has had of the present shift's work so far. */
export interface ShiftWork {
  /** Since the shift began; at least 0. */
  readonly onDutyMs: number;
  /** Handed over, and in hand. */
  readonly deliveries: number;
}

/**
 * By how much somebody has had more deliveries than an equal share: the deliveries of all, parted by the time on duty.
 *
 * @param work of everybody who is on duty
 * @returns thousandths of a delivery, whole; below 0 for less
 */
export function aheadOf(work: Iterable<ShiftWork>): (one: ShiftWork) => number {
  let [deliveries, onDutyMs] = [0, 0];
  for (const each of work) {
    deliveries += each.deliveries;
    onDutyMs += each.onDutyMs;
  }
  const perMs = onDutyMs > 0 ? deliveries / onDutyMs : 0;
  return (one) => Math.round(1000 * (one.deliveries - perMs * one.onDutyMs));
}

/** Couriers of a round with how far each is ahead; of whom nothing is known is as they were. */
export function withShares<C extends { readonly id: string }>(
  couriers: readonly C[],
  workOf: ReadonlyMap<string, ShiftWork>,
): readonly (C & { readonly aheadPermille?: number })[] {
  const ahead = aheadOf(workOf.values());
  return couriers.map((each) => {
    const work = workOf.get(each.id);
    return work ? { ...each, aheadPermille: ahead(work) } : each;
  });
}

/**
 * What fairness adds to the cost of giving this courier more: nothing for whoever has had an equal share or less, and for others so
 * much for each delivery ahead, up to a bound, so that nobody is left without for long and no order waits for long because of it. While couriers are nearly short everybody has work, and what matters is
 * that food comes: then it fades. [DSP60]
 *
 * @param short how short couriers are, from 0 to 1
 */
export function fairnessOf(
  { aheadPermille = 0 }: Pick<RoundCourier, "aheadPermille">,
  { fairness: { weight, perDeliveryMs, mostDeliveries } }: Pick<RoundSettings, "fairness">,
  short: number,
): { readonly weight: number; readonly ms: number } {
  const ahead = Math.max(0, Math.min(aheadPermille, mostDeliveries * 1000));
  return { weight, ms: Math.round(((1 - short) * ahead * perDeliveryMs) / 1000) };
}
