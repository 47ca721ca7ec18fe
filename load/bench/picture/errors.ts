import type { Fix } from "#shared/contracts/geo.ts";

import type { Played } from "./play-trace.ts";
import { planeOf, type Trace } from "./read-traces.ts";

/** How far the marker was off at each second, metres; between two fixes the truth is the straight line. */
export function errorsM({ startMs, fixes }: Trace, { shown }: Pick<Played, "shown">): number[] {
  let leg = 0;
  return shown.map(([x, y], index) => {
    const atMs = startMs + (index + 1) * 1000;
    while (leg + 2 < fixes.length && (fixes[leg + 1]?.takenAtMs ?? Infinity) < atMs) leg += 1;
    const truth = between(fixes[leg], fixes[leg + 1], atMs);
    return Math.hypot(truth.x - x, truth.y - y);
  });
}

function between(from: Fix | undefined, to: Fix | undefined, atMs: number) {
  if (!from) throw new Error("a trace has a fix");
  const [a, b] = [planeOf(from), planeOf(to ?? from)];
  const spanMs = (to ?? from).takenAtMs - from.takenAtMs;
  const share = spanMs > 0 ? Math.min(1, (atMs - from.takenAtMs) / spanMs) : 0;
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}
