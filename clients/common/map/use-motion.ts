import { useEffect, useRef, useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";
import { drawnAfter, drawnPlace, type Drawn } from "#shared/domain/tracking/motion/drawn.ts";
import { heardAt, motionClock, moves, type MotionClock } from "#shared/domain/tracking/motion/motion-clock.ts";
import type { Motion } from "#shared/domain/tracking/motion/motion.ts";

import { useDeploymentConfig } from "../deployment.ts";

/** Where a motion is now; undefined while there is none. For readers who prefer less motion: where it was told. */
export function useMotion(motion: Motion | undefined): Point | undefined {
  const rate = useDeploymentConfig()?.clockRate ?? 1;
  const clock = useRef<MotionClock>(undefined);
  const drawn = useRef<Drawn>(undefined);
  const [place, setPlace] = useState<Point>();

  useEffect(() => {
    if (!motion) {
      drawn.current = undefined;
      clock.current = undefined;
      setPlace(undefined);
      return undefined;
    }
    const heardMs = performance.now();
    clock.current = heardAt(clock.current, motion, heardMs, rate);
    const nowMs = motionClock(clock.current, rate);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) {
      setPlace({ lat: motion.lat, lng: motion.lng });
      return undefined;
    }
    const next = drawnAfter(drawn.current, motion, nowMs(heardMs), rate);
    drawn.current = next;
    let frame = 0;
    const draw = () => {
      const atMs = nowMs(performance.now());
      setPlace(drawnPlace(next, atMs));
      if (moves(next, atMs)) frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [motion, rate]);

  return place;
}
