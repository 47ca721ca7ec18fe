export interface Asked {
  readonly name: string;
  readonly asked: number;
  readonly reached: number;
  /** The same figure of each part that was told apart. */
  readonly parts: readonly number[];
  /** Nearest is best, as for a coverage; else least is. */
  readonly nearest?: boolean;
}

/** What was asked of a figure, and how the chart calls it. */
export type Asking<Figures> = readonly (readonly [figure: keyof Figures, name: string, asked: number])[];

/** @param parts the same figures of each fold */
export function askedOf<Figures extends Readonly<Record<keyof Figures, number>>>(
  asking: Asking<Figures>,
  whole: Figures,
  parts: readonly Figures[],
): Asked[] {
  return asking.map(([figure, name, asked]) => ({
    name,
    asked,
    reached: whole[figure],
    parts: parts.map((part) => part[figure]),
    nearest: String(figure).startsWith("coverage"),
  }));
}

const [WIDE, LEFT, RIGHT, ROW, TOP] = [760, 220, 120, 30, 48] as const;
/** Shares of what was asked that the chart shows; what lies outside is drawn at its edge. */
const [LEAST, MOST] = [0.85, 1.2] as const;

/** What was reached as a share of what was asked, whole (large) and by parts (small), a line for each figure: an SVG document. */
export function askedChartOf(figures: readonly Asked[]): string {
  const tall = TOP + ROW * figures.length + 30;
  const x = (share: number) => {
    const shown = Math.max(LEAST, Math.min(MOST, share));
    return (LEFT + ((shown - LEAST) / (MOST - LEAST)) * (WIDE - LEFT - RIGHT)).toFixed(1);
  };
  const dot = (share: number, y: number, size: number, colour: string) =>
    `<circle cx="${x(share)}" cy="${y}" r="${size}" fill="${colour}" fill-opacity="${size > 4 ? 1 : 0.5}"/>`;
  const rows = figures.map(({ name, asked, reached, parts, nearest }, index) => {
    const y = TOP + ROW * (index + 0.5);
    const colour = nearest ? "#1b6ca8" : reached <= asked ? "#0b7a75" : "#c4552d";
    return [
      `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${name}</text>`,
      ...parts.map((part) => dot(part / asked, y, 3, colour)),
      dot(reached / asked, y, 6, colour),
      `<text x="${WIDE - RIGHT + 12}" y="${y + 4}">${digits(reached)} of ${digits(asked)}</text>`,
    ].join("");
  });
  const marks = [0.9, 1, 1.1].map(
    (share) =>
      `<line x1="${x(share)}" x2="${x(share)}" y1="${TOP - 8}" y2="${tall - 26}" stroke="${share === 1 ? "#333" : "#ddd"}"/>` +
      `<text x="${x(share)}" y="${tall - 10}" text-anchor="middle">${Math.round(100 * share)} %</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${tall}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDE}" height="${tall}" fill="#fff"/>`,
    `<text x="12" y="22" font-size="11.5">Reached as a share of what was asked: all rows (large), each fold (small). Coverage (blue) is best on the line, all else to its left</text>`,
    ...marks,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

function digits(value: number): string {
  return value.toPrecision(value < 10 ? 3 : 4).replace(/\.?0+$/u, "");
}
