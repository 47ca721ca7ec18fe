import type { Point } from "#shared/contracts/geo.ts";

import type { Api } from "../../common/api.ts";
import { straightWay, streetWay, type Way } from "./demo-way.ts";

/** Who rides, and where. */
export interface Rider {
  readonly marketId: string;
  readonly vehicle: string;
}

/** The market's streets, as far as a demo ride needs them. */
export interface DemoStreets {
  /**
   * A place on a street at the market's centre; the centre itself where there are no streets.
   *
   * @throws Refusal when the hub does not tell its markets
   */
  beginning(rider: Rider): Promise<Point>;
  /** The fastest way along the streets; a straight one when the hub tells none in time. Never fails. */
  way(rider: Rider, from: Point, to: Point): Promise<Way>;
}

export interface DemoStreetsDeps {
  readonly api: Api;
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly token: () => Promise<string>;
}

/** Wall ms; a courier who waits for longer at the lights rides straight on. */
const ASKED_FOR_MS = 5_000;

/** Asks the hub's own router (OSRM v1), signed in as the courier. */
export function makeDemoStreets({ api, baseUrl, fetch, token }: DemoStreetsDeps): DemoStreets {
  const ask = async ({ marketId, vehicle }: Rider, service: string, points: readonly Point[], query: string) => {
    const places = points.map(({ lat, lng }) => `${lng.toFixed(6)},${lat.toFixed(6)}`).join(";");
    const response = await fetch(`${baseUrl}/v1/markets/${marketId}/osrm/${service}/v1/${vehicle}/${places}${query}`, {
      headers: { authorization: `Bearer ${await token()}` },
      signal: AbortSignal.timeout(ASKED_FOR_MS),
    });
    if (!response.ok) throw new Error(`the router answered ${response.status}`);
    return (await response.json()) as unknown;
  };
  return {
    async beginning(rider) {
      const { markets } = await api.call("markets.list", {});
      const center = markets.find(({ id }) => id === rider.marketId)?.center;
      if (!center) throw new Error("the hub does not serve this market");
      try {
        // Cast: OSRM's answer to `nearest`; a wrong one is caught below.
        const answer = (await ask(rider, "nearest", [center], "")) as { waypoints: { location: [number, number] }[] };
        const [lng, lat] = answer.waypoints[0]?.location ?? [center.lng, center.lat];
        return { lat, lng };
      } catch {
        return center;
      }
    },
    async way(rider, from, to) {
      try {
        const query = "?overview=full&geometries=geojson&annotations=false";
        // Cast: OSRM's answer to `route`; a wrong one is caught below.
        const { routes } = (await ask(rider, "route", [from, to], query)) as {
          routes: { duration: number; geometry: { coordinates: [number, number][] } }[];
        };
        const [route] = routes;
        if (!route) return straightWay(from, to);
        const street = route.geometry.coordinates.map(([lng, lat]) => ({ lat, lng }));
        return streetWay(from, to, street, route.duration);
      } catch {
        return straightWay(from, to);
      }
    },
  };
}
