import { atOnce, type Work } from "../../../lib/work.ts";
import { distanceM } from "../../geo/distance.ts";
import type { Point } from "../../geo/point.ts";
import type { NoisyFix } from "../router.ts";
import { dmOf, shareOf } from "./cost.ts";
import type { Label } from "./labels.ts";
import type { OnStreet } from "./street-index.ts";
import type { StreetRouter } from "./street-router.ts";

export type TraceFix = NoisyFix;

/** A stretch of a trace without a gap. */
export interface Matching {
  /** Where on the streets each of its fixes was. */
  readonly places: readonly { readonly fix: number; readonly on: OnStreet }[];
  /** 0 to 1: how likely fixes and ways are, beside fixes right on the street and ways without a detour. */
  readonly confidence: number;
}

/** Streets that a fix may be on, at most. */
const CANDIDATES = 8;
/** In standard errors: beyond this a street is not looked at; 99.9 % of errors are within 3.3. */
const REACH = 3.5;
const LEAST_REACH_M = 35;
/** A fix that is worse counts as this one: its streets say nothing, and the search for them grows with the square. */
const WORST_ACCURACY_M = 200;
/** Newson and Krumm's beta: metres by which the way and the straight line between fixes differ. */
const BETA_M = 8;
/** A way this much longer than the straight line is no way that was ridden. */
const LIKELY_M = 2_000;
const GAP_S = 60;
/** In standard errors: a step back that is no longer is none. */
const STANDS = 2;

/** A candidate of a fix with the likeliest chain of candidates that ends in it; figures are logarithms, 0 the best. */
interface Node {
  readonly fix: number;
  readonly on: OnStreet;
  readonly score: number;
  readonly before: Node | undefined;
}

/**
 * Finds the streets that a trace was ridden on: the likeliest chain of a hidden Markov model, whose states are places on
 * streets, seen with a normal error, and whose transitions fall off exponentially with the difference between the way and the
 * great circle (Newson and Krumm, "Hidden Markov map matching through noise and sparseness", ACM GIS 2009). A step back on
 * the same street within the fix's error counts as standing still.
 *
 * A step is a fix, and costs no more than the streets within 700 m ({@link WORST_ACCURACY_M} times {@link REACH}), the searches
 * from the ends of {@link CANDIDATES} streets, and the ways from each to each of those of the fix before.
 */
export function* matchTrace(router: StreetRouter, trace: readonly TraceFix[]): Work<Matching[]> {
  const fixes = trace.map((fix) => ({ ...fix, accuracyM: Math.min(fix.accuracyM, WORST_ACCURACY_M) }));
  const wayM = makeWays(router);
  const matchings: Matching[] = [];
  let row: readonly Node[] = [];
  const close = (): void => {
    const matching = matchingOf(row, router, fixes);
    if (matching) matchings.push(matching);
    row = [];
  };
  for (const [index, fix] of fixes.entries()) {
    yield;
    const reachM = Math.max(LEAST_REACH_M, REACH * fix.accuracyM);
    const candidates = router.onStreets(fix.point, CANDIDATES, reachM);
    if (candidates.length === 0) continue;
    const last = fixes[row[0]?.fix ?? index] ?? fix;
    if (fix.atS !== undefined && last.atS !== undefined && fix.atS - last.atS > GAP_S) close();
    const next = candidates.flatMap((on) => likeliest(row, { index, fix, last, on }, wayM));
    if (next.length > 0) {
      row = next;
      continue;
    }
    close();
    row = candidates.map((on) => ({ fix: index, on, score: seenAt(fix, on), before: undefined }));
  }
  close();
  return matchings;
}

/** Where the last fix of a trace was, by all of them; undefined where it is near no street, or stands alone. [ETA44] */
export function endOfTrace(router: StreetRouter, trace: readonly TraceFix[]): Point | undefined {
  const last = atOnce(matchTrace(router, trace)).at(-1)?.places.at(-1);
  return last && last.fix === trace.length - 1 ? last.on.point : undefined;
}

interface Arrival {
  readonly index: number;
  readonly fix: TraceFix;
  readonly last: TraceFix;
  readonly on: OnStreet;
}

/** The candidate with the best of the chains before it; nothing when none can lead there. */
function likeliest(row: readonly Node[], { index, fix, last, on }: Arrival, wayM: WayM): Node[] {
  const straightM = distanceM(last.point, fix.point);
  let best: Node | undefined;
  for (const before of row) {
    const detourM = Math.abs(wayM(before.on, on, STANDS * fix.accuracyM) - straightM);
    if (detourM > LIKELY_M) continue;
    const score = before.score - detourM / BETA_M + seenAt(fix, on);
    if (!best || score > best.score) best = { fix: index, on, score, before };
  }
  return best ? [best] : [];
}

function seenAt({ accuracyM }: TraceFix, on: OnStreet): number {
  return -0.5 * (on.distanceM / Math.max(1, accuracyM)) ** 2;
}

function matchingOf(row: readonly Node[], router: StreetRouter, fixes: readonly TraceFix[]): Matching | undefined {
  let best: Node | undefined;
  for (const node of row) if (!best || node.score > best.score) best = node;
  const chain: Node[] = [];
  for (let at = best; at; at = at.before) chain.push(at);
  // One fix alone says nothing of a way.
  if (!best || chain.length < 2) return undefined;
  return { places: held(chain.toReversed(), router, fixes), confidence: Math.exp(best.score / chain.length) };
}

/** The places of a chain; on a one-way street whoever stands stays where they are, since the way to what is behind is a loop. */
function held(chain: readonly Node[], router: StreetRouter, fixes: readonly TraceFix[]): Matching["places"] {
  const places: { readonly fix: number; readonly on: OnStreet }[] = [];
  for (const { fix, on, before } of chain) {
    const last = places.at(-1)?.on;
    const { forward, backward } = router.admits(on.segment);
    const ahead = (from: OnStreet) => (on.share - from.share) * (forward ? 1 : -1);
    const { point, accuracyM } = fixes[fix] ?? { point: on.point, accuracyM: 0 };
    const stands =
      last?.segment === on.segment &&
      forward !== backward &&
      ahead(last) < 0 &&
      before !== undefined &&
      ahead(before.on) * longM(router, on) >= -STANDS * accuracyM;
    places.push({ fix, on: stands ? { ...last, distanceM: distanceM(point, last.point) } : on });
  }
  return places;
}

function longM(router: StreetRouter, { segment }: OnStreet): number {
  return dmOf(router.costOf(segment)) / 10;
}

type WayM = (from: OnStreet, to: OnStreet, standsM: number) => number;

/** Metres of the fastest way between places on streets; what lies between crossings is searched once a trace. */
function makeWays(router: StreetRouter): WayM {
  const { streets, nodes } = router;
  const outs = new Map<number, Label>();
  const backs = new Map<number, Label>();
  const known = new Map<number, number>();
  const kept = (labels: Map<number, Label>, node: number, make: (node: number) => Label): Label => {
    const label = labels.get(node) ?? make(node);
    labels.set(node, label);
    return label;
  };
  const costBetween = (from: number, to: number): number => {
    const key = from * streets.nodeLatE7.length + to;
    const cost = known.get(key) ?? nodes.cost(kept(outs, from, nodes.out), kept(backs, to, nodes.back));
    known.set(key, cost);
    return cost;
  };
  const ends = ({ segment, share }: OnStreet, leaving: boolean) => {
    const { forward, backward } = router.admits(segment);
    const long = router.costOf(segment);
    const fromStart = shareOf(long, share);
    const first = { node: streets.from[segment] ?? 0, cost: fromStart };
    const last = { node: streets.to[segment] ?? 0, cost: long - fromStart };
    return leaving
      ? [...(backward ? [first] : []), ...(forward ? [last] : [])]
      : [...(forward ? [first] : []), ...(backward ? [last] : [])];
  };
  return (from, to, standsM) => {
    if (from.segment === to.segment) {
      const aheadM = (to.share - from.share) * longM(router, from);
      if (Math.abs(aheadM) <= standsM) return Math.max(0, aheadM);
      const { forward, backward } = router.admits(from.segment);
      if (aheadM > 0 ? forward : backward) return Math.abs(aheadM);
    }
    let [least, metres] = [Infinity, Infinity];
    for (const a of ends(from, true)) {
      for (const b of ends(to, false)) {
        const cost = a.cost + costBetween(a.node, b.node) + b.cost;
        if (cost < least) [least, metres] = [cost, dmOf(cost) / 10];
      }
    }
    return metres;
  };
}
