import type { Point } from "#shared/contracts/geo.ts";

import { placeOnWay, type PlaceOnWay, type Way } from "./demo-way.ts";

/** A place that is made up, told as the browser tells a real one. */
export interface DemoGeolocation extends Geolocation {
  /** Rides there from where it stands; null: stays. */
  headFor(target: Point | null): void;
}

export interface DemoGeolocationDeps {
  /** Keeps the last place over reloads. */
  readonly storage: Storage;
  /** Where it stands at first; asked again when that fails. */
  readonly beginning: () => Promise<Point>;
  /** Never fails. */
  readonly wayTo: (from: Point, to: Point) => Promise<Way>;
  /** Deployment seconds in a wall second. */
  readonly clockRate: () => number;
  /** Of this phone, epoch ms: the same that stamps the browser's readings. */
  readonly wallNowMs: () => number;
}

interface Ride {
  readonly way: Way;
  readonly sinceMs: number;
}

/** Wall ms between readings. */
const EVERY_MS = 1_000;
const ACCURACY_M = 5;

/** The browser's `Geolocation`, riding on its own to wherever it is sent. [DMO13, DMO14] */
export function makeDemoGeolocation(deps: DemoGeolocationDeps): DemoGeolocation {
  const { storage, wallNowMs, clockRate } = deps;
  const key = "tiffin.demo-place.1";
  const watches = new Map<number, ReturnType<typeof setInterval>>();
  let lastWatch = 0;
  let stands = keptIn(storage, key);
  let target: Point | null = null;
  let ride: Ride | undefined;

  const now = (): PlaceOnWay | undefined => {
    if (ride) return placeOnWay(ride.way, ((wallNowMs() - ride.sinceMs) / 1000) * clockRate());
    return stands && { point: stands, speedMps: 0, headingDeg: null };
  };
  const begin = once(async () => {
    stands ??= await deps.beginning();
  });
  const setOut = async (to: Point) => {
    await begin();
    const from = stands;
    if (!from || to !== target) return;
    const way = await deps.wayTo(from, to);
    if (to === target) ride = { way, sinceMs: wallNowMs() };
  };
  const tell = async (taken: PositionCallback, failed?: PositionErrorCallback | null) => {
    try {
      await begin();
      if (target && !ride) void setOutOnce(target);
      const place = now();
      if (!place) return;
      keep(storage, key, place.point);
      taken(readingOf(place, wallNowMs()));
    } catch {
      failed?.(UNAVAILABLE);
    }
  };
  const setOutOnce = once(setOut);
  return {
    headFor(to) {
      if (same(to, target)) return;
      stands = now()?.point ?? stands;
      ride = undefined;
      target = to;
    },
    watchPosition(taken, failed) {
      const watch = (lastWatch += 1);
      const tellWatched = () => void tell((reading) => watches.has(watch) && taken(reading), failed);
      watches.set(watch, setInterval(tellWatched, EVERY_MS));
      tellWatched();
      return watch;
    },
    clearWatch(watch) {
      clearInterval(watches.get(watch));
      watches.delete(watch);
    },
    getCurrentPosition: (taken, failed) => void tell(taken, failed),
  };
}

/** Runs it one at a time: whoever asks meanwhile waits for the one under way. */
function once<A extends unknown[]>(run: (...given: A) => Promise<void>): (...given: A) => Promise<void> {
  let running: Promise<void> | undefined;
  return (...given) => {
    running ??= run(...given).finally(() => {
      running = undefined;
    });
    return running;
  };
}

function same(a: Point | null, b: Point | null): boolean {
  return a?.lat === b?.lat && a?.lng === b?.lng;
}

function readingOf({ point, speedMps, headingDeg }: PlaceOnWay, timestamp: number): GeolocationPosition {
  const coords = {
    latitude: point.lat,
    longitude: point.lng,
    accuracy: ACCURACY_M,
    altitude: null,
    altitudeAccuracy: null,
    heading: headingDeg,
    speed: speedMps,
  };
  return { coords: { ...coords, toJSON: () => coords }, timestamp, toJSON: () => ({ coords, timestamp }) };
}

const UNAVAILABLE: GeolocationPositionError = {
  code: 2,
  message: "The hub does not tell where the market is.",
  PERMISSION_DENIED: 1,
  POSITION_UNAVAILABLE: 2,
  TIMEOUT: 3,
};

function keep(storage: Storage, key: string, point: Point): void {
  try {
    storage.setItem(key, JSON.stringify(point));
  } catch {
    // No room: after a reload it begins anew.
  }
}

function keptIn(storage: Storage, key: string): Point | undefined {
  try {
    // Cast: written by `keep` above; anything else is left aside.
    const kept = JSON.parse(storage.getItem(key) ?? "null") as Partial<Point> | null;
    return typeof kept?.lat === "number" && typeof kept.lng === "number" ? { lat: kept.lat, lng: kept.lng } : undefined;
  } catch {
    return undefined;
  }
}
