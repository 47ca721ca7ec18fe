import { panelChart } from "../../panel-chart.ts";
import type { Sample } from "./figures.ts";

const PANELS: readonly { readonly title: string; readonly of: (sample: Sample) => number | null }[] = [
  { title: "connections", of: ({ live }) => live },
  { title: "hubs, memory (PSS), MB", of: ({ hubPssMb }) => hubPssMb },
  { title: "hubs, cores", of: ({ hubCores }) => hubCores },
  { title: "deliveries a second", of: ({ deliveriesPerS }) => deliveriesPerS },
  { title: "commits a second", of: ({ commitsPerS }) => commitsPerS },
];

/** A run over its seconds: one panel for each of what was looked at, and where its phases begin. */
export function plotOf(samples: readonly Sample[], title: string): string {
  const untilX = Math.max(1, samples.at(-1)?.atS ?? 1);
  const begins = samples.filter((sample, at) => sample.phase !== samples[at - 1]?.phase);
  return panelChart({
    title,
    untilX,
    untilText: `${Math.round(untilX)} s`,
    marks: begins.map(({ atS, phase }) => ({ x: atS, name: phase })),
    panels: PANELS.map((panel) => ({
      title: panel.title,
      lines: [{ points: samples.map((sample) => ({ x: sample.atS, y: panel.of(sample) })) }],
    })),
  });
}
