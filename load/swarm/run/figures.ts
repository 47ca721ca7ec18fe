/** What `--json` writes; load/README.md says how each is measured. Null: it was not measured. */
export interface SwarmFigures {
  readonly connected: number;
  readonly unplannedDisconnects: number;
  readonly hubRssPerConnectionKb: number | null;
  readonly hubIdleCores: number | null;
  readonly fixToScreenP99Ms: number | null;
  readonly tickMs: number;
  readonly commitToClientP50Ms: number | null;
  readonly commitToClientP99Ms: number | null;
  readonly commitToClientP999Ms: number | null;
  readonly restP99Ms: number | null;
  readonly commitsPerS: number;
  readonly fixesPerS: number;
  readonly deliveriesPerS: number;
  readonly socketWritesPerS: number | null;
  readonly redisMessagesPerPosition: number | null;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  readonly leaked: number;
  readonly recoverAllS: number | null;
  readonly pgRowsPerRecoveredClient: number | null;
}

/** To `digits` after the point; what was not measured stays so. */
export function rounded<T extends number | null>(value: T, digits = 2): T {
  // Cast: null stays null, a number a number.
  return (value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits) as T;
}

/** One look at a run, a second or so after the one before. */
export interface Sample {
  readonly atS: number;
  readonly phase: "opening" | "idle" | "ramp" | "peak" | "recovery";
  readonly live: number;
  readonly deliveriesPerS: number;
  readonly commitsPerS: number;
  readonly hubCores: number | null;
  readonly hubPssMb: number | null;
}

/** Whether nothing that must not happen has happened. */
export function isCleanSwarm({ lost, doubled, disordered, leaked, unplannedDisconnects }: SwarmFigures): boolean {
  return lost + doubled + disordered + leaked + unplannedDisconnects === 0;
}
