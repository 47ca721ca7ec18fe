import { useEffect, useState } from "react";

import type { Figures } from "./board.ts";

/** So many points are kept: at one in two seconds the last ten minutes of the screen. */
const MOST = 300;

/** The figures since the screen was opened, oldest first. */
export function useTrend(figures: Figures, atMs: number): readonly Figures[] {
  const [trend, setTrend] = useState<readonly Figures[]>([]);
  // One point a board: the figures are those of the board of this time.
  useEffect(() => setTrend((before) => [...before, figures].slice(-MOST)), [atMs]);
  return trend;
}

/** An SVG path through values, the lowest at the bottom; a flat line where nothing changes. */
export function pathOf(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return "";
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(1, highest - lowest);
  const [stepX, inner] = [width / (values.length - 1), height - 4];
  return values
    .map((value, index) => {
      const [x, y] = [index * stepX, 2 + inner - ((value - lowest) / span) * inner];
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join("");
}
