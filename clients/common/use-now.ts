import { useEffect, useState } from "react";

import { useDeployment, useDeploymentConfig } from "./deployment.ts";

/** No screen is drawn anew more often for a clock, wall ms. */
const SHORTEST_STEP_MS = 200;

/**
 * The deployment's clock, epoch ms, told again every `stepMs` of it: for ages and countdowns on screen, never for
 * decisions.
 */
export function useNow(stepMs = 1000): number {
  const { nowMs } = useDeployment();
  const rate = useDeploymentConfig()?.clockRate ?? 1;
  const [shownMs, setShownMs] = useState(nowMs);
  useEffect(() => {
    const show = () => setShownMs(nowMs());
    show();
    const timer = setInterval(show, Math.max(SHORTEST_STEP_MS, stepMs / rate));
    return () => clearInterval(timer);
  }, [nowMs, rate, stepMs]);
  return shownMs;
}
