import type { Curve, CurvePoint } from "./curves.ts";

const WIDE = 860;
const TALL = 414;
const TOP = 76;
const PANEL_WIDE = 360;
const PANEL_TALL = 290;
const LEFTS = [52, 482] as const;
const COLOURS = ["#0b7a75", "#c2571a", "#9aa5b1"] as const;

/** How wrong a screen is for how many messages: a line for each way of telling it, the mean at the left and the 95th percentile at the right. */
export function chartOf(curves: readonly Curve[], production: CurvePoint): string {
  const legend = curves.map(({ name }, at) => {
    const x = LEFTS[0] + at * 190;
    return `<path d="M${x} 42h24" stroke="${COLOURS[at]}" stroke-width="2"/><text x="${x + 30}" y="46">${name}</text>`;
  });
  const panels = [
    panelOf(curves, production, LEFTS[0], "mean error, m", ({ errorMeanM }) => errorMeanM),
    panelOf(curves, production, LEFTS[1], "95th percentile, m", ({ errorP95M }) => errorP95M),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${TALL}" font-family="sans-serif" font-size="11">` +
    `<rect width="${WIDE}" height="${TALL}" fill="#fff"/>` +
    `<text x="12" y="22" font-size="14">How far off a courier is drawn, for how many messages a minute</text>` +
    `${legend.join("")}${panels.join("")}</svg>\n`
  );
}

function panelOf(
  curves: readonly Curve[],
  production: CurvePoint,
  left: number,
  title: string,
  of: (point: CurvePoint) => number,
): string {
  const all = curves.flatMap(({ points }) => points);
  const mostMessages = Math.ceil(Math.max(...all.map(({ messagesPerMinute }) => messagesPerMinute)));
  const stepM = Math.max(...all.map(of)) > 40 ? 20 : 5;
  const mostM = stepM * Math.ceil(Math.max(...all.map(of)) / stepM);
  const x = ({ messagesPerMinute }: CurvePoint) => (left + (messagesPerMinute / mostMessages) * PANEL_WIDE).toFixed(1);
  const yOf = (errorM: number) => (TOP + PANEL_TALL * (1 - errorM / mostM)).toFixed(1);
  const bottom = TOP + PANEL_TALL;
  const rows = Array.from({ length: mostM / stepM + 1 }, (_, at) => at * stepM).map(
    (errorM) =>
      `<path d="M${left} ${yOf(errorM)}h${PANEL_WIDE}" stroke="#eee"/>` +
      `<text x="${left - 6}" y="${yOf(errorM)}" dy="4" text-anchor="end" fill="#666">${errorM}</text>`,
  );
  const columns = Array.from({ length: mostMessages + 1 }, (_, at) => at).map(
    (count) =>
      `<text x="${(left + (count / mostMessages) * PANEL_WIDE).toFixed(1)}" y="${bottom + 16}" text-anchor="middle" fill="#666">${count}</text>`,
  );
  const lines = curves.map(({ points }, at) => {
    const path = points.map((point) => `${x(point)},${yOf(of(point))}`).join(" ");
    const dots = points.map(
      (point) => `<circle cx="${x(point)}" cy="${yOf(of(point))}" r="2.5" fill="${COLOURS[at]}"/>`,
    );
    return `<polyline points="${path}" fill="none" stroke="${COLOURS[at]}" stroke-width="1.5"/>${dots.join("")}`;
  });
  return (
    `${rows.join("")}${columns.join("")}<path d="M${left} ${TOP}V${bottom}h${PANEL_WIDE}" fill="none" stroke="#999"/>` +
    `<text x="${left}" y="${TOP - 4}" fill="#333">${title}</text>` +
    `<text x="${left + PANEL_WIDE}" y="${bottom + 32}" text-anchor="end" fill="#333">messages a minute</text>${lines.join("")}` +
    `<circle cx="${x(production)}" cy="${yOf(of(production))}" r="6" fill="none" stroke="#222" stroke-width="1.5"/>` +
    `<text x="${x(production)}" y="${yOf(of(production))}" dx="-10" dy="16" text-anchor="end">${of(production).toFixed(1)} m, deployed</text>`
  );
}
