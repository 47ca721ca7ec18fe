import { seededRng, type Rng } from "../../lib/rng.ts";
import type { SomeRoute, StopProblem } from "./stop-problem.ts";
import { makeReinsert, MOST_FREE, type Reinsert } from "./stop-reinsertion.ts";

/** Stops that come and go together: a pick-up with its drop-offs. */
type Unit = readonly number[];

/** Times that a part of the route is taken out and put back. A count, unlike a clock, gives the same route on every machine. */
const STEPS = 720;
/** How much worse than the best a route may be to go on from, as its share: less and less. */
const PATIENCE = 0.2;
const MOST_OUT = 7;
/** So few stops are searched whole at once. */
const FEW = 8;
/** The chance that a unit is taken when it is come upon. */
const NEARNESS = 0.9;

/**
 * A good route: units put in one by one, each at its best, then ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt and
 * Dueck, "Record breaking optimization results using the ruin and recreate principle", Journal of Computational Physics 159,
 * 2000): some neighbours on the route are taken out and put back. What is taken out is drawn by a fixed seed.
 */
export function goodRoute(problem: StopProblem): SomeRoute {
  const units = unitsOf(problem);
  const reinsert = makeReinsert(problem);
  let best = putBack(reinsert, [], units);
  if (problem.after.length <= FEW) return best;
  const unitOf = [...problem.after.keys()].map((stop) => units.find((unit) => unit.includes(stop)) ?? []);
  const rng = seededRng(1);
  let route = best;
  for (let step = 0; step < STEPS; step++) {
    const out = drawn(route.order, unitOf, 2 + Math.floor(rng() * Math.min(MOST_OUT - 1, units.length - 1)), rng);
    const gone = new Set(out.flat());
    const kept = route.order.filter((stop) => !gone.has(stop));
    const next = putBack(reinsert, kept, out);
    const bearable = best.cost * (1 + PATIENCE * (1 - step / STEPS) ** 2);
    if (next.cost <= bearable) route = next;
    if (next.cost < best.cost) best = next;
  }
  return best;
}

function unitsOf({ after }: StopProblem): Unit[] {
  return [...after.keys()]
    .filter((stop) => (after[stop] ?? -1) < 0)
    .map((first) => [first, ...[...after.keys()].filter((stop) => after[stop] === first)]);
}

/** Puts the units in, as many stops of each at a time as can be. */
function putBack(reinsert: Reinsert, chain: readonly number[], units: readonly Unit[]): SomeRoute {
  let route: SomeRoute = { order: chain, cost: 0 };
  for (const unit of units) {
    route = reinsert(route.order, unit.slice(0, MOST_FREE));
    for (const stop of unit.slice(MOST_FREE)) route = reinsert(route.order, [stop]);
  }
  return route;
}

/** A few units whose stops follow each other on the route, nearly, in a drawn order. */
function drawn(route: readonly number[], unitOf: readonly Unit[], count: number, rng: Rng): Unit[] {
  const out: Unit[] = [];
  for (let place = Math.floor(rng() * route.length); out.length < count; place++) {
    const unit = unitOf[route[place % route.length] ?? 0];
    if (unit && !out.includes(unit) && rng() < NEARNESS) out.splice(Math.floor(rng() * (out.length + 1)), 0, unit);
  }
  return out;
}
