import type { FinishedOrder } from "#shared/domain/eta/learned/finished-order.ts";
import { seededRng } from "#shared/lib/rng.ts";

const MINUTE_MS = 60_000;
/** A Monday, 0:00 UTC. */
const BEGIN_MS = Date.UTC(2024, 0, 1);

export interface MadeUp {
  readonly orders: number;
  readonly seed?: number;
  /** What kitchens take against their word. */
  readonly slower?: number;
  /** What ways take against the router's seconds, and what each way takes beside. */
  readonly ways?: number;
  readonly restS?: number;
  /** More minutes for each dish beyond the first, and for each order that the kitchen had to make. */
  readonly dishMinutes?: number;
  readonly loadMinutes?: number;
}

/** Orders of a market for tests: two kitchens, one every four minutes, all that is asked for by {@link MadeUp} in them. */
export function madeUpOrders(made: MadeUp): FinishedOrder[] {
  const rng = seededRng(made.seed ?? 1);
  const around = () => 0.8 + 0.4 * rng();
  return Array.from({ length: made.orders }, (_, index): FinishedOrder => {
    const prepMinutes = 10;
    const items = 1 + Math.floor(rng() * 5);
    const load = Math.floor(rng() * 6);
    const createdAtMs = BEGIN_MS + index * 4 * MINUTE_MS;
    const confirmedAtMs = createdAtMs + MINUTE_MS;
    const saidMinutes = prepMinutes + (index % 3);
    const extra = (items - 1) * (made.dishMinutes ?? 0) + load * (made.loadMinutes ?? 0);
    const readyAtMs = confirmedAtMs + (saidMinutes * (made.slower ?? 1) + extra) * around() * MINUTE_MS;
    const [approachWayS, rideWayS] = [60 + 300 * rng(), 120 + 900 * rng()];
    const ridden = (wayS: number) => ((made.restS ?? 0) + wayS * (made.ways ?? 1)) * around() * 1000;
    const acceptedAtMs = confirmedAtMs + 3 * MINUTE_MS * around();
    const arrivedAtMerchantAtMs = acceptedAtMs + ridden(approachWayS);
    const leftAtMs = Math.max(arrivedAtMerchantAtMs, readyAtMs) + 3 * MINUTE_MS * around();
    const arrivedAtCustomerAtMs = leftAtMs + ridden(rideWayS);
    return {
      restaurantId: index % 2 === 0 ? "kitchen a" : "kitchen b",
      restaurant: { lat: 50 + (index % 2) / 100, lng: 8 },
      prepMinutes,
      items,
      load,
      createdAtMs,
      confirmedAtMs,
      saidReadyAtMs: confirmedAtMs + saidMinutes * MINUTE_MS,
      readyAtMs,
      deliveredAtMs: arrivedAtCustomerAtMs + 2 * MINUTE_MS * around(),
      carried: {
        door: { lat: 50 + rng() / 50, lng: 8 + rng() / 50 },
        vehicle: "bicycle",
        alone: index % 5 !== 0,
        acceptedAtMs,
        approachWayS,
        arrivedAtMerchantAtMs,
        leftAtMs,
        rideWayS,
        arrivedAtCustomerAtMs,
      },
    };
  });
}
