import type { CostTerm } from "../../../contracts/dispatch.ts";
import { approachesOf, type Approach, type Costing } from "../approach.ts";
import { fairnessOf } from "../fair-share.ts";
import { groupBy } from "../../../lib/group-by.ts";
import { costingOf, kitchensOf, nearOf, usableCouriers } from "../kitchens.ts";
import { refusalRiskMs } from "../refusals/refusal-risk.ts";
import type { OpenDelivery, RoundSettings, TripNumbers } from "../round.ts";
import { boundOf, cheapestEdges, makeRow, numbersOf, weighedAt, type Weighed } from "../rows.ts";
import { inputOf, type DecisionRecord } from "./decision-record.ts";

/** A courier as the round weighed one for a delivery. */
export interface Option {
  readonly numbers: TripNumbers;
  readonly cost: number;
  readonly wayMs: number;
  readonly terms: readonly CostTerm[];
}

/** Everybody who was looked at for deliveries that go together. */
export interface Weighing {
  /** The cheapest way of each courier who is better than waiting. */
  readonly options: ReadonlyMap<string, Option>;
  /** Ways in which couriers could come, by courier, weighed or not. */
  readonly approaches: ReadonlyMap<string, readonly Approach[]>;
  /** Couriers who could take something within the horizon. */
  readonly usable: ReadonlySet<string>;
}

/**
 * Weighs a stored round's couriers for deliveries that go together as the round did, by the same code and the kept ways.
 *
 * @param together of one restaurant; the order of the plan
 * @throws {WayNotRecorded} when other code decided
 */
export function weighAgain(record: DecisionRecord, together: readonly OpenDelivery[]): Weighing {
  const { settings } = record.plan;
  const input = inputOf(record);
  const couriers = usableCouriers(input, settings);
  const costing = costingOf(input, settings, { near: nearOf(input, settings), couriers });
  const usable = new Set(couriers.map(({ id }) => id));
  const [own] = kitchensOf(together, couriers, costing);
  if (!own) return { options: new Map(), approaches: new Map(), usable };
  const { kitchen, deliveries } = own;
  const options = new Map<string, Option>();
  const row = makeRow(kitchen, deliveries, costing);
  for (const edge of cheapestEdges(row, costing)) {
    const each = weighedAt(row, edge, costing);
    if (!each) continue;
    const { id } = each.approach.courier;
    if (!options.has(id)) options.set(id, optionOf(each, numbersOf(each, kitchen, costing), together, costing));
  }
  return { options, approaches: groupBy(approachesOf(kitchen, costing), ({ courier }) => courier.id), usable };
}

function optionOf(weighed: Weighed, numbers: TripNumbers, together: readonly OpenDelivery[], costing: Costing): Option {
  const { approach, pickupAtMs, endAtMs, cost } = weighed;
  const { freeAtMs, courier } = approach;
  const { settings } = costing;
  const parts = partsOf(numbers, settings);
  const urgency = numbers.cost - sumOf(parts);
  const refusalMs = refusalRiskMs(approach, pickupAtMs, together, settings);
  const refusal = termOf("refusal", { weight: settings.refusal.weight, ms: refusalMs });
  const bound = termOf("bound", boundOf({ freeAtMs, endAtMs, shiftEndsAtMs: courier.shiftEndsAtMs }, costing));
  const fairness = termOf("fairness", fairnessOf(courier, settings, costing.riskShort));
  const risk = cost - numbers.cost + approach.carriedCost - sumOf([...refusal, ...bound, ...fairness]);
  return {
    numbers,
    cost,
    wayMs: approach.start.travelMs,
    terms: [
      ...parts,
      ...bound,
      ...part("urgency", urgency),
      ...refusal,
      ...fairness,
      ...part("risk", risk),
      ...part("trip-as-it-was", -approach.carriedCost),
    ],
  };
}

/**
 * The same from what the plan itself wrote down: what more there was in its cost is not known by name. What a version did not
 * weigh yet is nothing. [DSP66]
 */
export function optionAsWritten(written: AsWritten, settings: RoundSettings): Option {
  const numbers: TripNumbers = { ...written, lateMs: written.lateMs ?? 0 };
  const { cost, arriveAtMs, leaveAtMs } = numbers;
  const parts = partsOf(numbers, settings);
  const wayMs = arriveAtMs - leaveAtMs - settings.handover.beforePickupMs;
  return { numbers, cost, wayMs, terms: [...parts, ...part("rest", cost - sumOf(parts))] };
}

/** Numbers as any version has written them: before version 8 nothing was late. */
type AsWritten = Omit<TripNumbers, "lateMs"> & Partial<Pick<TripNumbers, "lateMs">>;

function partsOf({ delayMs, lateMs, travelMs, idleMs }: TripNumbers, settings: RoundSettings): CostTerm[] {
  const weights: Partial<RoundSettings["weights"]> = settings.weights;
  const of = (name: "delay" | "late" | "travel" | "idle", ms: number): CostTerm => {
    const { [name]: weight = 0 } = weights;
    return { name, weight, ms, cost: weight * ms };
  };
  return [of("delay", delayMs), of("late", lateMs), of("travel", travelMs), of("idle", idleMs)];
}

function termOf(name: CostTerm["name"], { weight, ms }: { readonly weight: number; readonly ms: number }): CostTerm[] {
  return ms === 0 || weight === 0 ? [] : [{ name, weight, ms, cost: weight * ms }];
}

function part(name: CostTerm["name"], cost: number): CostTerm[] {
  return cost === 0 ? [] : [{ name, weight: null, ms: null, cost }];
}

function sumOf(terms: readonly CostTerm[]): number {
  return terms.reduce((sum, { cost }) => sum + cost, 0);
}
