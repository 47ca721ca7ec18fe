import type { Point } from "../geo/point.ts";
import { routerBy, type Router } from "../router/router.ts";
import { groupBy } from "./group-by.ts";
import type { OpenDelivery, RoundCourier } from "./round.ts";

/** Asks for the ways through stops in this order. At once where the router knows everything by itself. */
export async function askAlong(router: Router, from: Point, stops: readonly Point[]): Promise<void> {
  if (stops.length > 0) await router.ask?.([from, ...stops], stops);
}

/** Asks for every way that {@link planRound} may weigh, for each vehicle that is there. */
export async function askForRound(
  router: Router,
  {
    deliveries,
    couriers,
  }: { readonly deliveries: readonly OpenDelivery[]; readonly couriers: readonly RoundCourier[] },
): Promise<void> {
  if (!router.ask) return;
  const pickups = [...new Map(deliveries.map(({ restaurantId, pickup }) => [restaurantId, pickup])).values()];
  const stops = couriers.flatMap(({ onTheWay }) => onTheWay?.deliveries.map(({ drop }) => drop) ?? []);
  const drops = [...deliveries.map(({ drop }) => drop), ...stops];
  const fromDoors = (own: Router) => own.ask?.([...pickups, ...drops], drops);
  await Promise.all([
    fromDoors(router),
    ...[...groupBy(couriers, ({ vehicle }) => vehicle)].flatMap(([vehicle, riders]) => {
      const own = routerBy(router, vehicle);
      return [
        own.ask?.(
          riders.map(({ freePoint }) => freePoint),
          pickups,
        ),
        own === router ? undefined : fromDoors(own),
      ];
    }),
  ]);
}
