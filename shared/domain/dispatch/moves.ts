import { coversOf, expectedWaitMin, measure, type Cover, type Supply, type TravelOf } from "./coverage.ts";
import { groupBy } from "./group-by.ts";
import type { Demand, Move, RoundSettings } from "./round.ts";
import type { TravelMs } from "./trip.ts";

const MINUTE_MS = 60_000;

/**
 * Asks idle couriers to wait where orders will come from. How long an order of a restaurant is expected to wait for its
 * courier follows from how far the soonest two are, against how long the kitchen takes; a move is made when it takes more
 * from the expected waiting of the orders to come than its own way is worth. One after the other, the best first: the
 * greedy way of covering by p medians (Cornuéjols, Fisher and Nemhauser, Management Science 23, 1977). [DSP20]
 *
 * @param supply in an order that does not depend on how couriers were listed
 */
export function planMoves(
  supply: readonly Supply[],
  demand: readonly Demand[],
  travelOf: TravelOf,
  settings: RoundSettings,
): Move[] {
  const places = supply.slice();
  if (!places.some(({ idle }) => idle)) return [];
  const covers = coversOf(places, demand, travelOf, settings);
  const moves: Move[] = [];
  while (moves.length < settings.moves.perRound) {
    const best = bestMove(places, covers, travelOf, settings);
    const mover = best && places[best.index];
    if (!best || !mover) break;
    const { index, target, wayMs } = best;
    moves.push({ courierId: mover.courier.id, restaurantId: target.restaurantId, point: target.pickup, wayMs });
    places[index] = { ...mover, point: target.pickup, inMs: wayMs, idle: false };
    const way = travelOf(mover.courier);
    for (const cover of covers) {
      cover.awayMs.set(index, wayMs + way(target.pickup, cover.demand.pickup));
      measure(cover, settings);
    }
  }
  return moves;
}

interface Found {
  readonly index: number;
  readonly target: Demand;
  readonly wayMs: number;
}

function bestMove(
  places: readonly Supply[],
  covers: readonly Cover[],
  travelOf: TravelOf,
  settings: RoundSettings,
): Found | undefined {
  const { targets, mostWayMs } = settings.moves;
  const worst = covers.toSorted((a, b) => b.waitMin - a.waitMin);
  const leanOn = groupBy(
    covers.flatMap((cover) => cover.soonest.map((index) => ({ index, cover }))),
    ({ index }) => index,
  );
  let best: Found | undefined;
  let most = 0;
  for (const { demand: target, awayMs } of worst.slice(0, targets)) {
    for (const index of awayMs.keys()) {
      const place = places[index];
      if (!place?.idle) continue;
      const way = travelOf(place.courier);
      const wayMs = way(place.point, target.pickup);
      if (wayMs === 0 || wayMs > mostWayMs) continue;
      const left = leanOn.get(index)?.map(({ cover }) => cover) ?? [];
      const gain = gainOf({ index, target, wayMs }, left, covers, way, settings);
      if (gain > most) [most, best] = [gain, { index, target, wayMs }];
    }
  }
  return best;
}

/** Minutes of waiting saved, less what the way is worth. What changes: restaurants that lean on the mover, and those that it comes nearer to. */
function gainOf(
  { index, target, wayMs }: Found,
  left: readonly Cover[],
  covers: readonly Cover[],
  way: TravelMs,
  settings: RoundSettings,
): number {
  const { wayWeight, underWayShare } = settings.moves;
  const ownMs = ({ demand }: Cover) => way(target.pickup, demand.pickup) + wayMs * underWayShare;
  const saved = (cover: Cover, oneMs: number, twoMs: number): number => {
    const own = ownMs(cover);
    const [first, second] = own < oneMs ? [own, oneMs] : [oneMs, Math.min(own, twoMs)];
    return cover.waitMin - expectedWaitMin(cover, first, second, settings);
  };
  let gain = (-wayWeight * wayMs) / MINUTE_MS;
  for (const cover of left) {
    const [firstMs, secondMs, thirdMs] = cover.soonestMs;
    gain += index === cover.soonest[0] ? saved(cover, secondMs, thirdMs) : saved(cover, firstMs, thirdMs);
  }
  for (const cover of covers) {
    const [firstMs, secondMs] = cover.soonestMs;
    if (cover.waitMin > 0 && ownMs(cover) < secondMs && !cover.soonest.includes(index))
      gain += saved(cover, firstMs, secondMs);
  }
  return gain;
}
