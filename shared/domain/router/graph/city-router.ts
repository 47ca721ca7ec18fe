import { VEHICLES, type City, type Vehicle } from "../../city/city.ts";
import { makeGuide, type Guide } from "./directions.ts";
import { endOfTrace } from "./match.ts";
import { makeStreetIndex } from "./street-index.ts";
import { makeStreetRouter, type StreetRouter } from "./street-router.ts";

/** All routers of a city. Each vehicle's is made when it is first asked for; they share one index of streets. */
export interface CityRouter {
  readonly city: City;
  /** undefined when the city has no streets for the vehicle */
  readonly by: (vehicle: Vehicle) => (StreetRouter & Guide) | undefined;
}

export function makeCityRouter(city: City): CityRouter {
  let index: ReturnType<typeof makeStreetIndex> | undefined;
  const made = new Map<Vehicle, (StreetRouter & Guide) | undefined>();
  const make = (vehicle: Vehicle): (StreetRouter & Guide) | undefined => {
    index ??= makeStreetIndex(city.streets);
    const router = makeStreetRouter(city, vehicle, index);
    return router && { ...router, ...makeGuide(router), placeAfter: (trace) => endOfTrace(router, trace) };
  };
  return {
    city,
    by(vehicle) {
      if (!made.has(vehicle) && VEHICLES.includes(vehicle)) made.set(vehicle, make(vehicle));
      return made.get(vehicle);
    },
  };
}
