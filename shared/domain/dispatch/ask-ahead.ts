import type { Point } from "../geo/point.ts";
import { routerBy, type Router } from "../router/router.ts";
import { groupBy } from "../../lib/group-by.ts";
import type { RoundInput } from "./round.ts";

/** Asks for the ways through stops in this order. At once where the router knows everything by itself. */
export async function askAlong(router: Router, from: Point, stops: readonly Point[]): Promise<void> {
  if (stops.length > 0) await router.ask?.([from, ...stops], stops);
}

/** Asks for every way that {@link planRound} may weigh, for each vehicle that is there. */
export async function askForRound(
  router: Router,
  { deliveries, couriers, demand = [] }: Pick<RoundInput, "deliveries" | "couriers" | "demand">,
): Promise<void> {
  if (!router.ask) return;
  const pickups = [...new Map(deliveries.map(({ restaurantId, pickup }) => [restaurantId, pickup])).values()];
  const stops = couriers.flatMap(({ onTheWay }) => onTheWay?.deliveries.map(({ drop }) => drop) ?? []);
  const drops = [...deliveries.map(({ drop }) => drop), ...stops];
  const fromDoors = (own: Router) => own.ask?.([...pickups, ...drops], drops);
  const expected = demand.map(({ pickup }) => pickup);
  await Promise.all([
    fromDoors(router),
    ...[...groupBy(couriers, ({ vehicle }) => vehicle)].flatMap(([vehicle, riders]) => {
      const own = routerBy(router, vehicle);
      const places = riders.map(({ freePoint }) => freePoint);
      const waits = riders.flatMap(({ askedTo }) => askedTo ?? []);
      return [
        own.ask?.(places, pickups),
        expected.length > 0 ? own.ask?.([...places, ...waits, ...expected], [...waits, ...expected]) : undefined,
        own === router ? undefined : fromDoors(own),
      ];
    }),
  ]);
}
