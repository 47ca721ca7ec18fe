import {
  GOOGLE_FIELD_MASK,
  googleMatrix,
  googleProblem,
  type GoogleTraffic,
  type GoogleTravelMode,
} from "#shared/contracts/google-routes.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { RemoteTable } from "#shared/domain/router/remembered-router.ts";

export interface GoogleOptions {
  /** Everything before `/distanceMatrix/v2:…`, without a slash at the end. */
  readonly url: string;
  readonly key: string;
  readonly modeOf: Readonly<Record<Vehicle, GoogleTravelMode>>;
  readonly traffic: GoogleTraffic;
  readonly timeoutMs: number;
}

/**
 * Tables of the Google Routes API, v2. A refusal, a late answer or one of another form throws, without the key; an element that failed
 * or is missing is no way.
 */
export function makeGoogleClient({ url, key, modeOf, traffic, timeoutMs }: GoogleOptions): RemoteTable {
  return {
    async table(vehicle, sources, destinations) {
      const travelMode = modeOf[vehicle];
      const isMotorized = travelMode === "DRIVE" || travelMode === "TWO_WHEELER";
      const answer = await fetch(`${url}/distanceMatrix/v2:computeRouteMatrix`, {
        method: "POST",
        signal: AbortSignal.timeout(timeoutMs),
        // Another address is not given the key.
        redirect: "error",
        headers: {
          "content-type": "application/json",
          "x-goog-api-key": key,
          "x-goog-fieldmask": GOOGLE_FIELD_MASK,
        },
        body: JSON.stringify({
          origins: sources.map(waypoint),
          destinations: destinations.map(waypoint),
          travelMode,
          ...(isMotorized && { routingPreference: traffic }),
        }),
      });
      return tableFrom(await wellFrom(answer), sources.length, destinations.length);
    },
  };
}

/** @throws {Error} with the service's own name for what is wrong, such as RESOURCE_EXHAUSTED */
async function wellFrom(answer: Response): Promise<unknown> {
  const body: unknown = await answer.json().catch((error: unknown) => {
    if (answer.ok) throw error;
  });
  const parts: readonly unknown[] = Array.isArray(body) ? body : [body];
  const problem = parts.map((part) => googleProblem.safeParse(part).data?.error).find(Boolean);
  if (answer.ok && !problem) return body;
  throw new Error(`the Google Routes API answers ${problem?.code ?? answer.status} ${problem?.status ?? ""}`);
}

function tableFrom(body: unknown, rows: number, columns: number) {
  const blank = () => Array.from({ length: rows }, () => Array.from({ length: columns }, (): number | null => null));
  const [durationsS, distancesM] = [blank(), blank()];
  for (const { originIndex, destinationIndex, status, condition, distanceMeters, duration } of googleMatrix.parse(
    body,
  )) {
    if (originIndex >= rows || destinationIndex >= columns)
      throw new Error("the Google Routes API answers beyond the table");
    if (status?.code || condition !== "ROUTE_EXISTS" || duration === undefined) continue;
    // Cast: both rows were made above.
    (durationsS[originIndex] as (number | null)[])[destinationIndex] = duration;
    (distancesM[originIndex] as (number | null)[])[destinationIndex] = distanceMeters;
  }
  return { durationsS, distancesM };
}

function waypoint({ lat, lng }: Point) {
  return { waypoint: { location: { latLng: { latitude: lat, longitude: lng } } } };
}
