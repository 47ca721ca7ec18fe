import type { Sample } from "./figures.ts";

const WIDE = 860;
const LEFT = 70;
const RIGHT = 20;
const PANEL = 110;
const GAP = 34;
const TOP = 44;

interface Panel {
  readonly title: string;
  readonly of: (sample: Sample) => number | null;
}

const PANELS: readonly Panel[] = [
  { title: "connections", of: ({ live }) => live },
  { title: "hubs, memory (PSS), MB", of: ({ hubPssMb }) => hubPssMb },
  { title: "hubs, cores", of: ({ hubCores }) => hubCores },
  { title: "deliveries a second", of: ({ deliveriesPerS }) => deliveriesPerS },
  { title: "commits a second", of: ({ commitsPerS }) => commitsPerS },
];

/** A run over its seconds: one panel for each of what was looked at, and where its phases begin. */
export function plotOf(samples: readonly Sample[], title: string): string {
  const untilS = Math.max(1, samples.at(-1)?.atS ?? 1);
  const x = (atS: number) => LEFT + (atS / untilS) * (WIDE - LEFT - RIGHT);
  const tall = TOP + PANELS.length * (PANEL + GAP);
  const begins = samples.filter((sample, at) => sample.phase !== samples[at - 1]?.phase);
  const marks = begins.map(
    ({ atS, phase }) =>
      `<path d="M${x(atS).toFixed(1)} ${TOP - 8}V${tall - GAP}" stroke="#ccc"/>` +
      `<text x="${(x(atS) + 3).toFixed(1)}" y="${TOP - 10}" fill="#666">${phase}</text>`,
  );
  const panels = PANELS.map((panel, at) => panelOf(panel, samples, TOP + at * (PANEL + GAP), x));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${tall}" font-family="sans-serif" font-size="11">` +
    `<rect width="${WIDE}" height="${tall}" fill="#fff"/>` +
    `<text x="12" y="18" font-size="14">${title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>` +
    `${marks.join("")}${panels.join("")}` +
    `<text x="${WIDE - RIGHT}" y="${tall - 8}" text-anchor="end">${Math.round(untilS)} s</text></svg>\n`
  );
}

function panelOf({ title, of }: Panel, samples: readonly Sample[], top: number, x: (atS: number) => number): string {
  const points = samples.flatMap((sample) => {
    const value = of(sample);
    return value === null ? [] : [{ atS: sample.atS, value }];
  });
  const most = Math.max(1e-9, ...points.map(({ value }) => value));
  const y = (value: number) => top + PANEL - (value / most) * PANEL;
  const line = points.map(({ atS, value }) => `${x(atS).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  return (
    `<path d="M${LEFT} ${top + PANEL}H${WIDE - RIGHT}" stroke="#999"/>` +
    `<text x="${LEFT}" y="${top - 4}" fill="#333">${title}</text>` +
    `<text x="${LEFT - 6}" y="${top + 10}" text-anchor="end">${most >= 100 ? Math.round(most) : most.toFixed(2)}</text>` +
    `<text x="${LEFT - 6}" y="${top + PANEL}" text-anchor="end">0</text>` +
    `<polyline points="${line}" fill="none" stroke="#0b7a75" stroke-width="1.5"/>`
  );
}
