import { osrmProblem, osrmTable } from "#shared/contracts/osrm.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { RemoteTable } from "#shared/domain/router/remembered-router.ts";

export interface OsrmOptions {
  /** Everything before `/table/v1/…`, without a slash at the end. */
  readonly url: string;
  readonly profileOf: Readonly<Record<Vehicle, string>>;
  readonly timeoutMs: number;
  /** Sent as a bearer token, where the service wants one. */
  readonly token?: string | undefined;
}

/** Tables of any service that speaks OSRM v1. A refusal, a late answer or one of another form throws. */
export function makeOsrmClient({ url, profileOf, timeoutMs, token }: OsrmOptions): RemoteTable {
  return {
    async table(vehicle, sources, destinations) {
      const coordinates = [...sources, ...destinations].map(lngLat).join(";");
      const query = new URLSearchParams({
        sources: [...sources.keys()].join(";"),
        destinations: destinations.map((_, index) => sources.length + index).join(";"),
        annotations: "duration,distance",
      });
      const answer = await fetch(`${url}/table/v1/${profileOf[vehicle]}/${coordinates}?${query.toString()}`, {
        signal: AbortSignal.timeout(timeoutMs),
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      });
      const body: unknown = await answer.json();
      if (!answer.ok) {
        const said = osrmProblem.safeParse(body);
        throw new Error(`the OSRM service answers ${answer.status} ${said.success ? said.data.code : ""}`);
      }
      const { durations, distances } = osrmTable.parse(body);
      return { durationsS: durations, distancesM: distances };
    },
  };
}

function lngLat({ lat, lng }: Point): string {
  return `${lng},${lat}`;
}
