import { osrmProblem, osrmTable } from "#shared/contracts/osrm.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { QuestionRefused } from "#shared/domain/router/refused-points.ts";
import type { RemoteTable } from "#shared/domain/router/remembered-router.ts";

export interface OsrmOptions {
  /** Everything before `/table/v1/…`, without a slash at the end. */
  readonly url: string;
  readonly profileOf: Readonly<Record<Vehicle, string>>;
  readonly timeoutMs: number;
  /** Sent as a bearer token, where the service wants one. */
  readonly token?: string | undefined;
}

/**
 * Tables of any service that speaks OSRM v1. A refusal, a late answer or one of another form throws; a table of another size than
 * was asked for is one of another form: its ways would be taken for some that do not exist. [DSP67]
 */
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
        const code = osrmProblem.safeParse(body).data?.code ?? "";
        const words = `the OSRM service answers ${answer.status} ${code}`;
        throw code === "NoSegment" ? new QuestionRefused(words) : new Error(words);
      }
      const { durations, distances } = osrmTable.parse(body);
      const fits = (rows: readonly (readonly unknown[])[]) =>
        rows.length === sources.length && rows.every((row) => row.length === destinations.length);
      if (!fits(durations) || !fits(distances)) throw new Error("the OSRM service answers a table of another size");
      return { durationsS: durations, distancesM: distances };
    },
  };
}

function lngLat({ lat, lng }: Point): string {
  return `${lng},${lat}`;
}
