import { coversOf, expectedWaitMin, setAway, type Cover, type Supply, type Ways } from "./coverage.ts";
import { groupBy } from "../../lib/group-by.ts";
import type { Demand, Move, RoundSettings } from "./round.ts";
import { isThere } from "./there.ts";
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
  ways: Ways,
  settings: RoundSettings,
): Move[] {
  const places = supply.slice();
  if (!places.some(({ idle }) => idle)) return [];
  const covers = coversOf(places, demand, ways, settings);
  const moves: Move[] = [];
  while (moves.length < settings.moves.perRound) {
    const best = bestMove(places, covers, ways, settings);
    const mover = best && places[best.index];
    if (!best || !mover) break;
    const { index, target, wayMs } = best;
    moves.push({ courierId: mover.courier.id, restaurantId: target.restaurantId, point: target.pickup, wayMs });
    places[index] = { ...mover, point: target.pickup, inMs: wayMs, idle: false };
    const way = ways.travelOf(mover.courier);
    for (const cover of covers) setAway(cover, index, wayMs + way(target.pickup, cover.demand.pickup), settings);
  }
  return moves;
}

interface Found {
  readonly index: number;
  readonly target: Demand;
  readonly wayMs: number;
}

/** A restaurant and how far it is from the target of a move. */
interface Nearby {
  readonly cover: Cover;
  readonly fromTargetMs: number;
}

function bestMove(
  places: readonly Supply[],
  covers: readonly Cover[],
  ways: Ways,
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
  for (const { demand: target, around: those, awayMs } of worst.slice(0, targets)) {
    const around = nearbyOf(target, covers);
    for (const [at, index] of those.entries()) {
      const place = places[index];
      if (!place?.idle) continue;
      const found = foundOf(index, target, place, awayMs[at]);
      if (found.wayMs > mostWayMs || needNotGo(place, found)) continue;
      const way = ways.travelOf(place.courier);
      const left = leanOn.get(index)?.map(({ cover }) => ({
        cover,
        fromTargetMs: way(target.pickup, cover.demand.pickup),
      }));
      const gain = gainOf(found, left ?? [], around(way), settings);
      if (gain > most) [most, best] = [gain, found];
    }
  }
  return best;
}

function foundOf(index: number, target: Demand, { inMs }: Supply, awayMs = Infinity): Found {
  return { index, target, wayMs: awayMs - inMs };
}

function needNotGo({ point }: Supply, { target, wayMs }: Found): boolean {
  return wayMs === 0 || isThere(point, target.pickup);
}

/** The restaurants that somebody at the target could come to sooner than the second who can now, for all who ride alike. */
function nearbyOf(target: Demand, covers: readonly Cover[]): (way: TravelMs) => readonly Nearby[] {
  const known = new Map<TravelMs, Nearby[]>();
  return (way) => {
    const found =
      known.get(way) ??
      covers
        .filter(({ waitMin }) => waitMin > 0)
        .map((cover) => ({ cover, fromTargetMs: way(target.pickup, cover.demand.pickup) }))
        .filter(({ cover, fromTargetMs }) => fromTargetMs < cover.soonestMs[1]);
    known.set(way, found);
    return found;
  };
}

/** Minutes of waiting saved, less what the way is worth. What changes: restaurants that lean on the mover, and those that it comes nearer to. */
function gainOf(
  { index, wayMs }: Found,
  left: readonly Nearby[],
  around: readonly Nearby[],
  settings: RoundSettings,
): number {
  const { wayWeight, underWayShare } = settings.moves;
  const saved = ({ cover, fromTargetMs }: Nearby, oneMs: number, twoMs: number): number => {
    const ownMs = fromTargetMs + wayMs * underWayShare;
    const firstMs = Math.min(ownMs, oneMs);
    const secondMs = Math.min(Math.max(ownMs, oneMs), twoMs);
    return cover.waitMin - expectedWaitMin(cover, firstMs, secondMs, settings);
  };
  let gain = (-wayWeight * wayMs) / MINUTE_MS;
  for (const each of left) {
    const [firstMs, secondMs, thirdMs] = each.cover.soonestMs;
    gain += index === each.cover.soonest[0] ? saved(each, secondMs, thirdMs) : saved(each, firstMs, thirdMs);
  }
  for (const each of around) {
    const [firstMs, secondMs] = each.cover.soonestMs;
    if (!each.cover.soonest.includes(index)) gain += saved(each, firstMs, secondMs);
  }
  return gain;
}
