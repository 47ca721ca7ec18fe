import { panelChart } from "../panel-chart.ts";

/** One rate of commits, and what it took. */
export interface Step {
  readonly asked: number;
  readonly committedPerS: number;
  readonly commitToClientP50Ms: number | null;
  readonly commitToClientP99Ms: number | null;
  readonly commitToClientP999Ms: number | null;
  readonly refused: number;
  /** Cores kept busy by each kind of process. */
  readonly cores: Readonly<Record<string, number | null>>;
}

/** How long commits took to their watchers, and which cores that kept busy, over commits a second that came; the knee is marked. */
export function eventsChart(curve: readonly Step[], kneeCommitsPerS: number | null, title: string): string {
  const byRate = curve.toSorted((a, b) => a.committedPerS - b.committedPerS);
  const line = (of: (step: Step) => number | null, name?: string) => ({
    ...(name === undefined ? {} : { name }),
    points: byRate.map((step) => ({ x: step.committedPerS, y: of(step) })),
  });
  const kinds = Object.keys(byRate[0]?.cores ?? {});
  const knee = curve.find(({ asked }) => asked === kneeCommitsPerS);
  const untilX = Math.max(1, ...byRate.map(({ committedPerS }) => committedPerS));
  return panelChart({
    title,
    untilX,
    untilText: `${Math.round(untilX)} commits/s came`,
    marks: knee ? [{ x: knee.committedPerS, name: `knee: ${knee.committedPerS} commits/s` }] : [],
    panels: [
      { title: "commit to client, p50, ms", lines: [line((step) => step.commitToClientP50Ms)] },
      { title: "p99, ms", lines: [line((step) => step.commitToClientP99Ms)] },
      { title: "p99.9, ms", lines: [line((step) => step.commitToClientP999Ms)] },
      { title: "cores", lines: kinds.map((kind) => line(({ cores }) => cores[kind] ?? null, kind)) },
    ],
  });
}
