import { ETA_PARTS, LEARNED_KINDS, type EtaFault, type EtaPartTrial, type EtaTrials } from "../../../contracts/eta.ts";
import type { LocalClock } from "../../restaurant/opening-hours.ts";
import { etaOf } from "../eta-of.ts";
import { endedAtMs } from "../learning/task.ts";
import { partsOfPriors, priorBeliefs, usualPrep, type EtaBeliefs, type EtaPriors } from "../parts.ts";
import type { Spread } from "../spread.ts";
import { outcomesOf, type FinishedOrder, type PartOutcome } from "./finished-order.ts";
import { hourOfWeekBy, learnedBeliefs } from "./learned-beliefs.ts";
import { askPart, FEWEST_OUTCOMES, fitPart, type PartModel, type PartModels, type PartName } from "./part-model.ts";

export interface LearnedMarket {
  readonly models: PartModels;
  readonly trials: EtaTrials;
}

/** The newest share of the orders, on which what the older ones teach is tried. */
const HELD_OUT = 0.2;
/** Fewer held-out outcomes than this decide nothing. */
const FEWEST_HELD_OUT = 20;
/** Trees are not tried on fewer. */
const FEWEST_FOR_TREES = 600;

/**
 * Learns a market's parts from its finished orders. Each part is fitted on the older orders and tried on the newest: it is
 * believed only where it says those better than its prior at both levels, with trees only where they say them better than
 * the ladder; then it is fitted on all. Whole orders are tried the same way, and where all parts together do not say those
 * better than the priors, nothing is believed. The same orders give the same answer. [ETA17, ETA19]
 *
 * @param orders in any order
 * @param clock the market's
 */
export function learnMarket(orders: readonly FinishedOrder[], priors: EtaPriors, clock: LocalClock): LearnedMarket {
  const byTime = orders.toSorted((a, b) => a.deliveredAtMs - b.deliveredAtMs);
  const splitAtMs = byTime[Math.floor(byTime.length * (1 - HELD_OUT))]?.deliveredAtMs ?? 0;
  const outcomes = gather(byTime, priors, clock);
  const tried = new Map(ETA_PARTS.map((part) => [part, tryPart(part, outcomes[part], splitAtMs)]));
  const late = byTime.filter(({ createdAtMs }) => createdAtMs !== null && createdAtMs >= splitAtMs);
  const { used, whole } = tryWhole(late, trialModels(tried), priors, clock);
  const models = Object.fromEntries(
    ETA_PARTS.flatMap((part) => {
      const model = used[part];
      return model
        ? [
            [
              part,
              fitPart(
                part,
                model.kind,
                outcomes[part].map(({ outcome }) => outcome),
              ),
            ],
          ]
        : [];
    }),
  );
  const trial = ({ trial: each }: Tried, part: PartName): EtaPartTrial => ({
    ...each,
    used: used[part]?.kind ?? "prior",
  });
  // Cast: every part was tried.
  const parts = Object.fromEntries([...tried].map(([part, each]) => [part, trial(each, part)])) as EtaTrials["parts"];
  return { models, trials: { orders: orders.length, parts, whole } };
}

type Gathered = Readonly<Record<PartName, readonly PartOutcome[]>>;

function gather(orders: readonly FinishedOrder[], priors: EtaPriors, clock: LocalClock): Gathered {
  const hourOfWeek = hourOfWeekBy(clock);
  const all: Record<PartName, PartOutcome[]> = {
    prep: [],
    word: [],
    search: [],
    approach: [],
    handover: [],
    ride: [],
    drop: [],
  };
  for (const order of orders) {
    const own = partsOfPriors({ ...priors, prep: usualPrep(order.prepMinutes) });
    const found = outcomesOf(order, hourOfWeek, own);
    for (const part of ETA_PARTS) if (found[part]) all[part].push(found[part]);
  }
  return all;
}

interface Tried {
  /** Learned from the older outcomes alone; absent where the prior stands. */
  readonly model?: PartModel;
  readonly trial: Omit<EtaPartTrial, "used">;
}

function tryPart(part: PartName, all: readonly PartOutcome[], splitAtMs: number): Tried {
  const older = all.filter(({ outcome }) => endedAtMs(outcome) < splitAtMs).map(({ outcome }) => outcome);
  const newest = all.filter(({ outcome }) => outcome.askedAtMs >= splitAtMs);
  const outcomes = all.length;
  if (older.length < FEWEST_OUTCOMES || newest.length < FEWEST_HELD_OUT)
    return { trial: { outcomes, heldOut: 0, prior: null, learned: null } };
  const prior = faultOf(newest.map((each) => [each.outcome.tookS, each.prior]));
  let best: { readonly model: PartModel; readonly fault: EtaFault } | undefined;
  let first: EtaFault | null = null;
  for (const kind of LEARNED_KINDS) {
    if (kind === "trees" && (older.length < FEWEST_FOR_TREES || !best)) continue;
    const model = fitPart(part, kind, older);
    const fault = faultOf(newest.map((each) => [each.outcome.tookS, askPart(model, each.outcome, each.prior)]));
    first ??= fault;
    if (isBetter(fault, best?.fault ?? prior)) best = { model, fault };
  }
  const trial = { outcomes, heldOut: newest.length, prior, learned: best?.fault ?? first };
  return best ? { model: best.model, trial } : { trial };
}

function trialModels(tried: ReadonlyMap<PartName, Tried>): PartModels {
  return Object.fromEntries([...tried].flatMap(([part, { model }]) => (model ? [[part, model]] : [])));
}

/**
 * Whole orders, told when they were paid. The courier's search runs beside the kitchen and hangs together with it, so it is
 * left out first when all parts together do not help; then everything is.
 */
function tryWhole(
  late: readonly FinishedOrder[],
  models: PartModels,
  priors: EtaPriors,
  clock: LocalClock,
): { readonly used: PartModels; readonly whole: EtaTrials["whole"] } {
  const carried = late.filter((order) => order.carried !== null && order.carried.rideWayS !== null);
  if (carried.length < FEWEST_HELD_OUT) return { used: {}, whole: null };
  const prior = wholeFault(carried, priorBeliefs(priors));
  const { search: _, ...withoutSearch } = models;
  const sets = models.search ? [models, withoutSearch] : [models];
  for (const used of sets) {
    const learned = wholeFault(carried, learnedBeliefs(1, used, priors, clock));
    if (isBetter(learned, prior)) return { used, whole: { heldOut: carried.length, prior, learned } };
  }
  return { used: {}, whole: { heldOut: carried.length, prior, learned: prior } };
}

function wholeFault(orders: readonly FinishedOrder[], beliefs: EtaBeliefs): EtaFault {
  return faultOf(
    orders.map((order) => {
      const nowMs = order.createdAtMs ?? 0;
      const { restaurantId, prepMinutes, items, load, restaurant, carried } = order;
      const facts = { restaurantId, prepMinutes, items, load, restaurant };
      const parts = beliefs.partsOf({ ...facts, door: carried?.door ?? null, nowMs, createdAtMs: nowMs });
      const wayToCustomerS = carried?.rideWayS ?? 0;
      const kitchen = { state: "waiting" } as const;
      const { p50AtMs, p90AtMs } = etaOf({ nowMs, kitchen, courier: { state: "unknown" }, wayToCustomerS }, parts);
      return [(order.deliveredAtMs - nowMs) / 1000, { p50Ms: p50AtMs - nowMs, p90Ms: p90AtMs - nowMs }];
    }),
  );
}

function isBetter(one: EtaFault, other: EtaFault): boolean {
  return one.pinball50S < other.pinball50S && one.pinball90S < other.pinball90S;
}

function faultOf(pairs: readonly (readonly [tookS: number, told: Spread])[]): EtaFault {
  const mean = (value: (tookS: number, told: Spread) => number) =>
    pairs.reduce((sum, [tookS, told]) => sum + value(tookS, told), 0) / pairs.length;
  const pinball = (level: number, tookS: number, saidMs: number) => {
    const offS = tookS - saidMs / 1000;
    return offS >= 0 ? level * offS : (level - 1) * offS;
  };
  return {
    pinball50S: mean((tookS, { p50Ms }) => pinball(0.5, tookS, p50Ms)),
    pinball90S: mean((tookS, { p90Ms }) => pinball(0.9, tookS, p90Ms)),
    within50Pct: mean((tookS, { p50Ms }) => (tookS * 1000 <= p50Ms ? 100 : 0)),
    within90Pct: mean((tookS, { p90Ms }) => (tookS * 1000 <= p90Ms ? 100 : 0)),
  };
}
