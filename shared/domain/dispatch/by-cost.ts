/** Gaps of Ciura, "Best increments for the average case of Shellsort" (FCT 2001). */
const GAPS = [701, 301, 132, 57, 23, 10, 4, 1];

/**
 * The places from `from` to before `to`, counted from `from`, by what stands there. Shell's sort: short lists, and many of them.
 * Of equals any may come first; the same costs give the same order.
 */
export function byCost(costs: Float64Array, from: number, to: number): Int32Array {
  const count = to - from;
  const places = new Int32Array(count);
  for (let place = 0; place < count; place++) places[place] = place;
  for (const gap of GAPS) sortByGap(places, gap, costs, from);
  return places;
}

function sortByGap(places: Int32Array, gap: number, costs: Float64Array, from: number): void {
  for (let next = gap; next < places.length; next++) {
    const moving = places[next] ?? 0;
    const cost = costs[from + moving] ?? 0;
    let hole = next;
    for (; hole >= gap; hole -= gap) {
      const before = places[hole - gap] ?? 0;
      if ((costs[from + before] ?? 0) <= cost) break;
      places[hole] = before;
    }
    places[hole] = moving;
  }
}
