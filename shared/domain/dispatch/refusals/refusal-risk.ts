import type { OpenDelivery, RoundCourier, RoundSettings } from "../round.ts";
import type { TripStart } from "../trip.ts";
import { wayClass } from "./refusal-model.ts";

/** How a courier could come, as far as a refusal goes. */
interface Coming {
  readonly courier: Pick<RoundCourier, "refusal">;
  readonly start: Pick<TripStart, "leaveAtMs" | "arriveAtMs">;
}

/**
 * By how much a refusal is to be expected to delay these deliveries, summed over them: its chance times what the next one to
 * be asked comes later. While the courier would wait at the restaurant anyway, as long as that there is nothing to lose. [DSP33]
 *
 * @returns whole milliseconds; 0 where nothing was learned
 */
export function refusalRiskMs(
  { courier: { refusal }, start }: Coming,
  pickupAtMs: number,
  deliveries: readonly Pick<OpenDelivery, "priority">[],
  { refusal: { delayMs, mostPermille } }: RoundSettings,
): number {
  if (!refusal) return 0;
  const lostMs = delayMs - (pickupAtMs - start.arriveAtMs);
  if (lostMs <= 0) return 0;
  const permille = refusal.permilleByWay[wayClass(start.arriveAtMs - start.leaveAtMs)] ?? 0;
  const eachMs = Math.round((Math.min(permille, mostPermille) * lostMs) / 1000);
  return deliveries.reduce((sum, { priority }) => sum + eachMs * (1 + priority), 0);
}
