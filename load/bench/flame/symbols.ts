/**
 * A map of functions to addresses as V8 writes it for `perf` (`START SIZE NAME` in hexadecimal, one a line), with only what was written last for
 * each address: V8 moves code, and says where it is now without taking back where it was, so that old names would be believed.
 */
export function newestOf(map: string): string {
  const lines = map.split("\n").flatMap((line) => {
    const found = /^([0-9a-f]+) ([0-9a-f]+) (.+)$/u.exec(line);
    if (!found) return [];
    const [, start = "0", size = "0", name = ""] = found;
    return [{ start: Number.parseInt(start, 16), size: Number.parseInt(size, 16), name }];
  });
  // The last one first: whatever it covers is taken.
  const kept: typeof lines = [];
  const starts: number[] = [];
  for (const line of lines.toReversed()) {
    const at = placeOf(starts, line.start);
    const before = kept[at - 1];
    const after = kept[at];
    if (before && before.start + before.size > line.start) continue;
    if (after && line.start + line.size > after.start) continue;
    starts.splice(at, 0, line.start);
    kept.splice(at, 0, line);
  }
  return kept.map(({ start, size, name }) => `${start.toString(16)} ${size.toString(16)} ${name}\n`).join("");
}

/** How many of these, in order, are not above `value`. */
function placeOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
