import type { Fix, Point } from "#shared/contracts/geo.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { planeOf, readTraces } from "./read-traces.ts";

/** A place on the way, so long after the start. */
export type Reading = Omit<Fix, "takenAtMs"> & { readonly afterMs: number };

const MADE_READINGS = 72;
const MADE_EVERY_MS = 5_000;
const CRUISE_MPS = 7;
const TURN_SHARE = 0.12;
const STOP_SHARE = 0.2;
const NOISE_M = 3;

/** Rides of a table of traces, or made-up ones of six minutes with a fix each five seconds; all of them begin at `start`. */
export function ridesFrom(file: string | undefined, count: number, start: Point): (readonly Reading[])[] {
  if (file === undefined) return Array.from({ length: count }, (_, index) => madeRide(index + 1, start));
  return readTraces(file).map(({ startMs, fixes }) =>
    fixes.map(({ takenAtMs, ...fix }) => {
      const { x, y } = planeOf(fix);
      return { ...fix, ...offsetBy(start, x, y), afterMs: takenAtMs - startMs };
    }),
  );
}

/** Along streets that cross at right angles, with stops. */
function madeRide(seed: number, start: Point): Reading[] {
  const rng = seededRng(seed);
  const noise = () => (rng() + rng() - 1) * NOISE_M;
  let [eastM, northM, heading, speedMps] = [0, 0, Math.floor(rng() * 4), CRUISE_MPS];
  return Array.from({ length: MADE_READINGS }, (_, index) => {
    if (rng() < TURN_SHARE) {
      heading += rng() < 0.5 ? 1 : 3;
      speedMps = rng() < STOP_SHARE ? 0 : CRUISE_MPS * (0.6 + 0.8 * rng());
    }
    const wentM = (speedMps * MADE_EVERY_MS) / 1000;
    eastM += wentM * Math.round(Math.sin((heading * Math.PI) / 2));
    northM += wentM * Math.round(Math.cos((heading * Math.PI) / 2));
    const place = offsetBy(start, eastM + noise(), northM + noise());
    return { ...place, accuracyM: 5, speedMps: null, headingDeg: null, afterMs: index * MADE_EVERY_MS };
  });
}

/** There and back again, without an end. */
export function* toAndFro(ride: readonly Reading[]): Generator<Reading> {
  let afterMs = 0;
  for (let way = ride; ; way = way.toReversed()) {
    for (const [index, reading] of way.entries()) {
      const before = way[index - 1];
      if (before) afterMs += Math.abs(reading.afterMs - before.afterMs);
      else if (afterMs > 0) continue;
      yield { ...reading, afterMs };
    }
  }
}
