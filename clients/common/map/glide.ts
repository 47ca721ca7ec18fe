import type { Point } from "#shared/contracts/geo.ts";

/** A marker on its way from where it was drawn to where it was last known to be. */
export interface Glide {
  readonly from: Point;
  readonly to: Point;
  readonly startMs: number;
  readonly durationMs: number;
}

/** Never slower than this, so that the picture is at most so far behind the truth, wall ms. */
const LONGEST_MS = 2500;
const SHORTEST_MS = 250;

/** A glide to a new place that takes as long as the time since the one before: evenly spaced fixes look like riding. */
export function glideTo(before: Glide | undefined, to: Point, nowMs: number): Glide {
  if (!before) return { from: to, to, startMs: nowMs, durationMs: 0 };
  const sinceMs = nowMs - before.startMs;
  const durationMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs));
  return { from: placeAt(before, nowMs), to, startMs: nowMs, durationMs };
}

/** Where the marker is drawn at `nowMs`; it waits at its end. */
export function placeAt(glide: Glide, nowMs: number): Point {
  const share = glide.durationMs === 0 ? 1 : Math.min(1, Math.max(0, (nowMs - glide.startMs) / glide.durationMs));
  return {
    lat: glide.from.lat + (glide.to.lat - glide.from.lat) * share,
    lng: glide.from.lng + (glide.to.lng - glide.from.lng) * share,
  };
}
