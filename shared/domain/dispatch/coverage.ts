import type { Point } from "../geo/point.ts";
import { ringSearch } from "./candidates.ts";
import type { Demand, RoundCourier, RoundSettings } from "./round.ts";
import type { TravelMs } from "./trip.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Preparation times as shares of a kitchen's usual one, each as likely as the others. */
const PREP_SHARES = [0.1, 0.35, 0.6, 0.85, 1.15, 1.9];
/** Further than this nobody comes; it keeps sums finite where there is hardly a courier. */
const FAR_MS = 60 * MINUTE_MS;

/** Somebody who could fetch from `point` after `inMs`. */
export interface Supply {
  readonly courier: RoundCourier;
  readonly point: Point;
  readonly inMs: number;
  /** Has nothing to do, and may be asked to wait elsewhere. */
  readonly idle: boolean;
}

/** A restaurant, and how far its soonest couriers are: the first by their index, the third to stand in for one of them. */
export interface Cover {
  readonly demand: Demand;
  /** Orders to be expected within the horizon. */
  readonly weight: number;
  /** Those around it, by their index in the supply, and how far each is. */
  readonly around: number[];
  readonly awayMs: number[];
  soonest: readonly [number, number];
  soonestMs: readonly [number, number, number];
  /** Minutes that all its expected orders together will wait for a courier. */
  waitMin: number;
}

export interface Ways {
  /** The courier's own ways. */
  readonly travelOf: (courier: RoundCourier) => TravelMs;
  /** The same, for ways that are asked for once. */
  readonly wayInOf: (courier: RoundCourier) => TravelMs;
}

/** The restaurants that moves look at: those with the most orders to come. */
export function busiestOf(demand: readonly Demand[], { moves }: RoundSettings): Demand[] {
  return demand
    .toSorted((a, b) => b.ordersPerHour - a.ordersPerHour || (a.restaurantId < b.restaurantId ? -1 : 1))
    .slice(0, moves.places);
}

/** How well the busiest restaurants are covered. */
export function coversOf(
  places: readonly Supply[],
  demand: readonly Demand[],
  ways: Ways,
  settings: RoundSettings,
): Cover[] {
  const around = ringSearch(
    places.map(({ point }) => point),
    settings.candidates,
  );
  return busiestOf(demand, settings).map((each) => coverOf(each, places, around(each.pickup), ways, settings));
}

function coverOf(
  demand: Demand,
  places: readonly Supply[],
  around: readonly number[],
  ways: Ways,
  settings: RoundSettings,
): Cover {
  const awayMs = around.map((index) => {
    const place = places[index];
    return place ? place.inMs + ways.wayInOf(place.courier)(place.point, demand.pickup) : Infinity;
  });
  const cover: Cover = {
    demand,
    weight: (demand.ordersPerHour * settings.moves.horizonMs) / HOUR_MS,
    around: [...around],
    awayMs,
    soonest: [-1, -1],
    soonestMs: [FAR_MS, FAR_MS, FAR_MS],
    waitMin: 0,
  };
  measure(cover, settings);
  return cover;
}

/** Somebody is so far from now on. It is found anew who is soonest, where that may have changed. */
export function setAway(cover: Cover, index: number, ms: number, settings: RoundSettings): void {
  const { around, awayMs } = cover;
  const at = around.indexOf(index);
  const beforeMs = awayMs[at] ?? Infinity;
  if (at >= 0) awayMs[at] = ms;
  else {
    around.push(index);
    awayMs.push(ms);
  }
  if (Math.min(beforeMs, ms) <= cover.soonestMs[2]) measure(cover, settings);
}

/** Finds anew who is soonest. */
function measure(cover: Cover, settings: RoundSettings): void {
  let [first, second] = [-1, -1];
  let [firstMs, secondMs, thirdMs] = [FAR_MS, FAR_MS, FAR_MS];
  for (const [at, eachMs] of cover.awayMs.entries()) {
    if (eachMs >= thirdMs) continue;
    const index = cover.around[at] ?? -1;
    if (eachMs < firstMs) [first, second, firstMs, secondMs, thirdMs] = [index, first, eachMs, firstMs, secondMs];
    else if (eachMs < secondMs) [second, secondMs, thirdMs] = [index, eachMs, secondMs];
    else thirdMs = eachMs;
  }
  cover.soonest = [first, second];
  cover.soonestMs = [firstMs, secondMs, thirdMs];
  cover.waitMin = expectedWaitMin(cover, firstMs, secondMs, settings);
}

/** The soonest courier may be gone to another order by then: then the second comes. */
export function expectedWaitMin(
  { weight, demand }: Cover,
  firstMs: number,
  secondMs: number,
  settings: RoundSettings,
): number {
  const { takenShare } = settings.moves;
  return (
    weight * ((1 - takenShare) * waitMin(firstMs, demand, settings) + takenShare * waitMin(secondMs, demand, settings))
  );
}

/** Minutes that the food waits for a courier who is so far, over what the kitchen may take. */
function waitMin(awayMs: number, { prepMs }: Demand, { handover }: RoundSettings): number {
  let sumMs = 0;
  for (const share of PREP_SHARES) sumMs += Math.max(0, awayMs + handover.beforePickupMs - share * prepMs);
  return sumMs / PREP_SHARES.length / MINUTE_MS;
}
