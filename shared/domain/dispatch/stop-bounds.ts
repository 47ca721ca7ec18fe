import type { StopProblem } from "./stop-problem.ts";

/** Steps of the ascent; fewer stops are searched whole, which costs less than bounds. */
const STEPS = 30;
const WORTH_BOUNDING = 7;

/** What a route still costs at the least: `least[visited][last]` and the prices of all stops that it has not visited. */
export interface CompletionBounds {
  /** By how many stops were visited, then by the last of them; stops from 1. */
  readonly least: readonly Float64Array[];
  /** By stop, from 1. */
  readonly prices: Float64Array;
}

/**
 * Bounds on what a route still costs.
 *
 * State-space relaxation (Christofides, Mingozzi and Toth, "State-space relaxation procedures for the computation of bounds
 * to routing problems", Networks 11, 1981): routes that may visit a stop twice and leave out another, but not go back and
 * forth between two, with a price on each stop that subgradient ascent raises where it is left out and lowers where it is
 * visited twice; a real route pays each of them once.
 *
 * @param known the cost of some route, which sets the stride of the ascent
 */
export function completionBounds(problem: StopProblem, known: number): CompletionBounds {
  const stops = problem.after.length;
  const relaxed = makeRelaxation(problem);
  const prices = new Float64Array(stops + 1);
  let highest = relaxed.solve(prices);
  let bestPrices = prices.slice();
  if (stops < WORTH_BOUNDING) return { least: relaxed.least(), prices };
  let stride = 1;
  for (let step = 0; step < STEPS && highest < known - 1; step++) {
    const visits = relaxed.visits();
    const off = visits.reduce((sum, count, stop) => sum + (stop === 0 ? 0 : (1 - count) ** 2), 0);
    if (off === 0) break;
    const by = (stride * (known - highest)) / off;
    for (let stop = 1; stop <= stops; stop++) prices[stop] = (prices[stop] ?? 0) + by * (1 - (visits[stop] ?? 0));
    const value = relaxed.solve(prices);
    if (value > highest) [highest, bestPrices] = [value, prices.slice()];
    else stride *= 0.92;
  }
  relaxed.solve(bestPrices);
  return { least: relaxed.least(), prices: bestPrices };
}

interface Relaxation {
  /** Solves for these prices. Answers what every route costs at the least. */
  solve(prices: Float64Array): number;
  /** How often the last solution visits each stop. */
  visits(): Int32Array;
  least(): Float64Array[];
}

function makeRelaxation(problem: StopProblem): Relaxation {
  const stops = problem.after.length;
  const wide = stops + 1;
  const times = leastTimes(problem);
  const { allowed, earliest, latest } = windows(problem);
  // By visited * wide + last: the least to the end and the stop it goes on to; the least that goes on to another, and that.
  const first = new Float64Array(wide * wide);
  const goes = new Int32Array(wide * wide);
  const second = new Float64Array(wide * wide);
  const goesElse = new Int32Array(wide * wide);

  const relax = (visited: number, last: number, prices: Float64Array): void => {
    const at = visited * wide + last;
    const beyond = at - last + wide;
    const weight = times[visited] ?? 0;
    let low = Infinity;
    let lowBy = 0;
    let high = Infinity;
    let highBy = 0;
    for (let to = 1; to < wide; to++) {
      if (visited + 1 < (earliest[to] ?? 0) || visited + 1 > (latest[to] ?? 0)) continue;
      if (allowed[last * wide + to] === 0) continue;
      const rest = (goes[beyond + to] === last ? second[beyond + to] : first[beyond + to]) ?? 0;
      const cost = (problem.ways[last * wide + to] ?? 0) * weight - (prices[to] ?? 0) + rest;
      if (cost < low) {
        high = low;
        highBy = lowBy;
        low = cost;
        lowBy = to;
      } else if (cost < high) {
        high = cost;
        highBy = to;
      }
    }
    first[at] = low;
    goes[at] = lowBy;
    second[at] = high;
    goesElse[at] = highBy;
  };

  return {
    solve(prices) {
      for (let visited = stops - 1; visited > 0; visited--)
        for (let last = 1; last < wide; last++) relax(visited, last, prices);
      relax(0, 0, prices);
      return (first[0] ?? 0) + prices.reduce((sum, each) => sum + each, 0);
    },
    visits() {
      const counts = new Int32Array(wide);
      let before = 0;
      let last = 0;
      for (let visited = 0; visited < stops; visited++) {
        const at = visited * wide + last;
        const to = (visited > 0 && goes[at] === before ? goesElse[at] : goes[at]) ?? 0;
        counts[to] = (counts[to] ?? 0) + 1;
        before = last;
        last = to;
      }
      return counts;
    },
    least: () => Array.from({ length: wide }, (_, visited) => first.slice(visited * wide, (visited + 1) * wide)),
  };
}

/** How often a way counts at the least after so many stops, whichever they were: the least urgent are left. */
function leastTimes({ perWay, urgency }: StopProblem): number[] {
  const rising = urgency.toSorted((a, b) => a - b);
  return Array.from({ length: urgency.length + 1 }, (_, visited) =>
    rising.slice(0, urgency.length - visited).reduce((sum, each) => sum + each, perWay),
  );
}

/** Which stop may directly follow which, and the first and last place in the order that each can have. */
function windows({ after }: StopProblem) {
  const wide = after.length + 1;
  const allowed = new Uint8Array(wide * wide);
  const earliest = new Int32Array(wide).fill(1);
  const latest = new Int32Array(wide).fill(after.length);
  for (const [index, needed] of after.entries()) {
    for (let from = 0; from < wide; from++) allowed[from * wide + index + 1] = from === index + 1 ? 0 : 1;
    if (needed < 0) continue;
    earliest[index + 1] = 2;
    latest[needed + 1] = (latest[needed + 1] ?? 0) - 1;
  }
  for (const [index, needed] of after.entries()) if (needed >= 0) allowed[(index + 1) * wide + needed + 1] = 0;
  return { allowed, earliest, latest };
}
