export interface Line {
  readonly name: string;
  /** How far off each answer was, in the chart's unit. */
  readonly off: readonly number[];
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 360, 52, 44, 16] as const;
const COLORS = ["#1b6ca8", "#c4552d", "#3d8b4f", "#7a5195"] as const;
const POINTS = 60;

/** Which share of answers was how far off at most: a curve for each line, as an SVG document. */
export function chartOf(lines: readonly Line[], unit: string, furthest: number): string {
  const x = (off: number) => LEFT + (off / furthest) * (WIDTH - LEFT - 16);
  const y = (share: number) => HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  const curves = lines.map(({ name, off }, index) => {
    const sorted = Float64Array.from(off).toSorted();
    let within = 0;
    const points = Array.from({ length: POINTS + 1 }, (_, step) => {
      const limit = (step / POINTS) * furthest;
      while (within < sorted.length && (sorted[within] ?? 0) <= limit) within++;
      return `${x(limit).toFixed(1)},${y(within / Math.max(1, sorted.length)).toFixed(1)}`;
    });
    const color = COLORS[index % COLORS.length] ?? COLORS[0];
    const label = `<text x="${WIDTH - 24}" y="${HEIGHT - BOTTOM - 14 - 18 * (lines.length - 1 - index)}" text-anchor="end" fill="${color}">${name}</text>`;
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>${label}`;
  });
  const across = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const value = Math.round(share * 100);
    return `<line x1="${LEFT}" x2="${WIDTH - 16}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${value} %</text>`;
  });
  const along = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const off = part * furthest;
    return `<text x="${x(off)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${off}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...across,
    ...along,
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">at most so many ${unit} off</text>`,
    ...curves,
    "</svg>",
    "",
  ].join("\n");
}
