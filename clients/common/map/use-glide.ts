import { useEffect, useRef, useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";

import { glideTo, placeAt, type Glide } from "./glide.ts";

/** Follows `target` smoothly; undefined while there is none. Jumps for readers who prefer less motion. */
export function useGlide(target: Point | undefined): Point | undefined {
  const glide = useRef<Glide>(undefined);
  const [place, setPlace] = useState<Point>();
  const lat = target?.lat;
  const lng = target?.lng;

  useEffect(() => {
    if (lat === undefined || lng === undefined) {
      glide.current = undefined;
      setPlace(undefined);
      return undefined;
    }
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const next = glideTo(still ? undefined : glide.current, { lat, lng }, performance.now());
    glide.current = next;
    let frame = 0;
    const draw = () => {
      const nowMs = performance.now();
      setPlace(placeAt(next, nowMs));
      if (nowMs < next.startMs + next.durationMs) frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [lat, lng]);

  return place;
}
