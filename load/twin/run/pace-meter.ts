/** How fast an evening truly went, whatever its clock was set to. */
export interface PaceMeter {
  /** An order was placed that was wanted at this moment of the deployment, epoch ms. */
  placed(wantedAtMs: number): void;
  /** Deployment seconds in a wall second, from the first order to the last; 0 before there are two. */
  speed(): number;
}

/**
 * Compares when orders were wanted with when the platform had taken them, by a wall clock that knows nothing of the
 * deployment's: a platform that falls behind takes the last order late, and the figure drops below the clock's rate.
 */
export function makePaceMeter(wallNowMs: () => number = () => performance.now()): PaceMeter {
  let first: { readonly wantedAtMs: number; readonly wallMs: number } | undefined;
  let last: typeof first;
  return {
    placed(wantedAtMs) {
      last = { wantedAtMs: Math.max(wantedAtMs, last?.wantedAtMs ?? 0), wallMs: wallNowMs() };
      first ??= last;
    },
    speed() {
      if (!first || !last || last.wallMs <= first.wallMs) return 0;
      return (last.wantedAtMs - first.wantedAtMs) / (last.wallMs - first.wallMs);
    },
  };
}
