import type { Point } from "../geo/point.ts";
import { routerBy, type Router } from "../router/router.ts";
import type { Approach, Costing, Kitchen } from "./approach.ts";
import { ringSearch } from "./candidates.ts";
import { makeEdges } from "./edges.ts";
import { fairnessOf } from "./fair-share.ts";
import { fleetOf } from "./fleet.ts";
import { groupBy } from "../../lib/group-by.ts";
import type { OpenDelivery, RoundCourier, RoundInput, RoundSettings } from "./round.ts";
import { countedCouriers, shortageOf } from "./shortage.ts";
import { bestSequence, type TravelMs } from "./trip.ts";

/** Code-unit order: the same on every machine, whatever its locale. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The router in whole milliseconds. */
function legMs(router: Router): TravelMs {
  return (from, to) => Math.round(router.leg(from, to).durationS * 1000);
}

/** The same, each pair asked once a round. */
export function travelOf(router: Router): TravelMs {
  const ask = legMs(router);
  const known = new Map<Point, Map<Point, number>>();
  return (from, to) => {
    let row = known.get(from);
    if (!row) known.set(from, (row = new Map()));
    let ms = row.get(to);
    if (ms === undefined) row.set(to, (ms = ask(from, to)));
    return ms;
  };
}

/** The ways of each courier's vehicle. */
export function travelByCourier(
  router: Router,
  make: (router: Router) => TravelMs,
): (courier: Pick<RoundCourier, "vehicle">) => TravelMs {
  const byRouter = new Map<Router, TravelMs>();
  return ({ vehicle }) => {
    const own = routerBy(router, vehicle);
    const travel = byRouter.get(own) ?? make(own);
    byRouter.set(own, travel);
    return travel;
  };
}

/** The deliveries that are planned: those ready within the horizon, in the order of their ids. */
export function nearOf({ nowMs, deliveries }: RoundInput, { horizonMs }: RoundSettings): OpenDelivery[] {
  return deliveries.filter(({ readyAtMs }) => readyAtMs <= nowMs + horizonMs).toSorted(byId);
}

/** What a round reckons with, of the deliveries that it plans and the couriers whom it may use. */
export function costingOf(
  { nowMs, router, usualMs }: RoundInput,
  given: RoundSettings,
  { near, couriers }: { readonly near: readonly OpenDelivery[]; readonly couriers: readonly RoundCourier[] },
): Costing {
  const settings = { ...given, targetMs: usualMs ?? given.targetMs, nowMs };
  const travelOfCourier = travelByCourier(router, travelOf);
  // Ways to a restaurant are asked for once each: to remember them would cost more than to ask.
  const wayInOf = travelByCourier(router, legMs);
  const short = shortageOf(near.length, countedCouriers(couriers, settings), settings.shortage);
  const riskShort = shortageOf(near.length, couriers.length, settings.riskShortage);
  const fairCostOf = (courier: RoundCourier): number => {
    const { weight, ms } = fairnessOf(courier, settings, riskShort);
    return weight * ms;
  };
  return {
    settings,
    short,
    riskShort,
    travel: travelOfCourier({}),
    travelOf: travelOfCourier,
    wayInOf,
    fleet: fleetOf(couriers, nowMs + settings.leadMs, travelOfCourier, wayInOf, fairCostOf),
    edges: makeEdges(),
    scratch: { numberOf: new Int32Array(2 * couriers.length).fill(-1), prices: new Float64Array(2 * couriers.length) },
  };
}

/** Couriers who can take something within the horizon, in the order of their ids. Who has an offer to answer is left in peace. */
export function usableCouriers(input: RoundInput, settings: RoundSettings): RoundCourier[] {
  return input.couriers
    .filter((each) => each.activeOfferCount === 0 && each.capacity > 0)
    .filter(
      (each) => each.freeAtMs <= input.nowMs + settings.horizonMs + settings.roundMs || each.onTheWay !== undefined,
    )
    .toSorted(byId);
}

/** While couriers are short none is sent to wait for food that may be long in coming. [DSP39, DSP55] */
function asPlanned(each: OpenDelivery, { riskShort, settings }: Costing): OpenDelivery {
  const { readyAtMs, readyLateAtMs = readyAtMs } = each;
  const laterMs = Math.round(riskShort * settings.patience * (readyLateAtMs - readyAtMs));
  return laterMs === 0 ? each : { ...each, readyAtMs: readyAtMs + laterMs };
}

function additionApproach(
  courier: RoundCourier,
  column: number,
  restaurantId: string,
  { travel, travelOf: travelOfCourier, settings }: Costing,
): Approach | undefined {
  const { onTheWay } = courier;
  const { nowMs } = settings;
  if (onTheWay?.restaurantId !== restaurantId) return undefined;
  const arriveAtMs = Math.max(nowMs, onTheWay.arriveAtMs);
  const start = { leaveAtMs: nowMs, arriveAtMs, travelMs: 0, idleFromMs: arriveAtMs };
  const own = travelOfCourier(courier);
  const { numbers } = bestSequence(start, onTheWay.pickup, onTheWay.deliveries, own, settings, travel);
  return {
    column,
    courier,
    kind: "addition",
    start,
    carried: onTheWay.deliveries,
    carriedCost: numbers.cost,
    freeAtMs: numbers.endAtMs,
  };
}

/** New trips to a restaurant of the couriers around it. */
function tripsOf(
  pickup: Point,
  trips: readonly number[],
  { fleet: { couriers, rides, waysIn, leaveAtMs }, settings }: Costing,
): Pick<Kitchen, "trips" | "waysInMs" | "leastWayMs" | "leastArriveAtMs"> {
  let leastWayMs = Infinity;
  let leastArriveAtMs = Infinity;
  const waysInMs = trips.map((index) => {
    const courier = couriers[index];
    const wayIn = waysIn[rides[index] ?? 0];
    if (!courier || !wayIn) return Infinity;
    const wayMs = wayIn(courier.freePoint, pickup);
    leastWayMs = Math.min(leastWayMs, wayMs);
    leastArriveAtMs = Math.min(leastArriveAtMs, (leaveAtMs[index] ?? 0) + wayMs + settings.handover.beforePickupMs);
    return wayMs;
  });
  return { trips, waysInMs, leastWayMs, leastArriveAtMs };
}

/** Groups deliveries by restaurant and finds who could come to each. Restaurants in the order of their ids. */
export function kitchensOf(
  deliveries: readonly OpenDelivery[],
  couriers: readonly RoundCourier[],
  costing: Costing,
): { kitchen: Kitchen; deliveries: readonly OpenDelivery[] }[] {
  const around = ringSearch(
    couriers.map(({ freePoint }) => freePoint),
    costing.settings.candidates,
  );
  const coming = new Map<string, number[]>();
  for (const [index, { onTheWay }] of couriers.entries()) {
    if (onTheWay) coming.set(onTheWay.restaurantId, [...(coming.get(onTheWay.restaurantId) ?? []), index]);
  }
  const byRestaurant = groupBy(deliveries, ({ restaurantId }) => restaurantId);
  return [...byRestaurant]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([restaurantId, own]) => {
      const pickup = own[0]?.pickup;
      if (!pickup) return [];
      const planned = own.map((each) => asPlanned(each, costing));
      const additions = (coming.get(restaurantId) ?? []).flatMap((index) => {
        const courier = couriers[index];
        return (courier && additionApproach(courier, couriers.length + index, restaurantId, costing)) ?? [];
      });
      return [
        {
          kitchen: { restaurantId, pickup, additions, ...tripsOf(pickup, around(pickup), costing) },
          deliveries: planned,
        },
      ];
    });
}
