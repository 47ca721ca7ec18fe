const WIDE = 860;
const LEFT = 70;
const RIGHT = 20;
const PANEL = 110;
const GAP = 34;
const TOP = 44;
const COLOURS = ["#0b7a75", "#c4552d", "#1b6ca8", "#7a5195"] as const;

export interface ChartPoint {
  readonly x: number;
  /** Null where it was not measured. */
  readonly y: number | null;
}

export interface ChartPanel {
  readonly title: string;
  /** Named where there is more than one. */
  readonly lines: readonly { readonly name?: string; readonly points: readonly ChartPoint[] }[];
}

export interface PanelChart {
  readonly title: string;
  readonly panels: readonly ChartPanel[];
  /** Where the common axis ends, and what is written there. */
  readonly untilX: number;
  readonly untilText: string;
  /** Upright lines through all panels, each with its name. */
  readonly marks?: readonly { readonly x: number; readonly name: string }[];
}

/** Panels above each other over one axis, each from nothing to the most it shows: an SVG document. */
export function panelChart({ title, panels, untilX, untilText, marks = [] }: PanelChart): string {
  const x = (value: number) => LEFT + (value / untilX) * (WIDE - LEFT - RIGHT);
  const tall = TOP + panels.length * (PANEL + GAP);
  const uprights = marks.map(
    ({ x: at, name }) =>
      `<path d="M${x(at).toFixed(1)} ${TOP - 8}V${tall - GAP}" stroke="#ccc"/>` +
      `<text x="${(x(at) + 3).toFixed(1)}" y="${TOP - 10}" fill="#666">${escaped(name)}</text>`,
  );
  const drawn = panels.map((panel, at) => panelOf(panel, TOP + at * (PANEL + GAP), x));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${tall}" font-family="sans-serif" font-size="11">` +
    `<rect width="${WIDE}" height="${tall}" fill="#fff"/>` +
    `<text x="12" y="18" font-size="14">${escaped(title)}</text>` +
    `${uprights.join("")}${drawn.join("")}` +
    `<text x="${WIDE - RIGHT}" y="${tall - 8}" text-anchor="end">${escaped(untilText)}</text></svg>\n`
  );
}

function panelOf({ title, lines }: ChartPanel, top: number, x: (value: number) => number): string {
  const measured = lines.map(({ name, points }) => ({
    name,
    points: points.flatMap(({ x: at, y: value }) => (value === null ? [] : [{ at, value }])),
  }));
  const most = Math.max(1e-9, ...measured.flatMap(({ points }) => points.map(({ value }) => value)));
  const y = (value: number) => top + PANEL - (value / most) * PANEL;
  const curves = measured.map(({ name, points }, nth) => {
    const colour = COLOURS[nth % COLOURS.length] ?? COLOURS[0];
    const line = points.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const label =
      name === undefined
        ? ""
        : `<text x="${WIDE - RIGHT - 70 * (lines.length - 1 - nth)}" y="${top - 4}" text-anchor="end" fill="${colour}">${escaped(name)}</text>`;
    return `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>${label}`;
  });
  return (
    `<path d="M${LEFT} ${top + PANEL}H${WIDE - RIGHT}" stroke="#999"/>` +
    `<text x="${LEFT}" y="${top - 4}" fill="#333">${escaped(title)}</text>` +
    `<text x="${LEFT - 6}" y="${top + 10}" text-anchor="end">${most >= 100 ? Math.round(most) : most.toFixed(2)}</text>` +
    `<text x="${LEFT - 6}" y="${top + PANEL}" text-anchor="end">0</text>` +
    curves.join("")
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
