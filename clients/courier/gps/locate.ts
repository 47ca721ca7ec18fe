import type { Fix } from "#shared/contracts/geo.ts";

/** `asking`: no reading yet; `off`: not wanted now; `denied`: the person or the browser said no; `lost`: no sky. */
export type GpsState = "off" | "asking" | "on" | "denied" | "lost";

export interface LocateHandlers {
  readonly onFix: (fix: Fix) => void;
  readonly onState: (state: GpsState) => void;
}

/** Standing still, many phones say nothing; they are asked again after so long, wall ms. */
const ASK_AGAIN_MS = 20_000;

/** Follows where the phone is until stopped. Readings come from the browser, none is made up. */
export function locate(geolocation: Geolocation | undefined, { onFix, onState }: LocateHandlers): () => void {
  if (!geolocation) {
    onState("denied");
    return () => undefined;
  }
  onState("asking");
  const taken = (reading: GeolocationPosition) => {
    onState("on");
    onFix(fixOf(reading));
  };
  const failed = (error: GeolocationPositionError) =>
    onState(error.code === error.PERMISSION_DENIED ? "denied" : "lost");
  const options = { enableHighAccuracy: true, maximumAge: 2_000, timeout: 30_000 };
  const watch = geolocation.watchPosition(taken, failed, options);
  const again = setInterval(() => geolocation.getCurrentPosition(taken, () => undefined, options), ASK_AGAIN_MS);
  return () => {
    geolocation.clearWatch(watch);
    clearInterval(again);
    onState("off");
  };
}

/** The browser's reading in our units; what it does not know is null. */
export function fixOf({ coords, timestamp }: Pick<GeolocationPosition, "coords" | "timestamp">): Fix {
  const { latitude, longitude, accuracy, speed, heading } = coords;
  return {
    lat: latitude,
    lng: longitude,
    takenAtMs: Math.floor(timestamp),
    accuracyM: Math.min(100_000, Math.max(0, accuracy)),
    speedMps: known(speed) ? Math.min(150, speed) : null,
    headingDeg: known(heading) ? heading % 360 : null,
  };
}

function known(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 0;
}
