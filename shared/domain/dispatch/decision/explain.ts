import type { ExplainedCourier, ExplainedDelivery } from "../../../contracts/dispatch.ts";
import { DISPATCH_VERSION, type Commit, type Hold, type OpenDelivery, type RoundCourier } from "../round.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { WayNotRecorded } from "./recorded-ways.ts";
import { pickupAtMs, verdictOf, type Decided } from "./verdicts.ts";
import { optionAsWritten, weighAgain, type Option, type Weighing } from "./weighing.ts";
import { courierWords, holdWords } from "./words.ts";

/** What is known of a delivery's row. */
interface Known extends Decided {
  readonly deliveryId: string;
  readonly commit: Commit | undefined;
  readonly hold: Hold | undefined;
  /** Undefined: nobody was weighed, or not by this version of the code. */
  readonly weighing: Weighing | undefined;
  readonly options: ReadonlyMap<string, Option>;
}

/**
 * Why a stored round decided about a delivery as it did, for every courier whom it knew: found by weighing again what was
 * kept, so that nothing is kept twice. Of a round of another version the couriers are told that it wrote down. [DSP24]
 *
 * @returns undefined when the round did not know the delivery
 */
export function explain(record: DecisionRecord, deliveryId: string): ExplainedDelivery | undefined {
  const known = knownOf(record, deliveryId);
  if (!known) return undefined;
  const { commit, hold, courierId, outcome, options } = known;
  const told = known.weighing || hold?.reason === "beyond-horizon" ? record.input.couriers : writtenOf(record, known);
  const couriers = told.map((courier) => explainCourier(courier, known, record)).toSorted(byRank);
  return {
    deliveryId,
    outcome,
    courierId: courierId ?? null,
    togetherIds: [...(commit?.deliveryIds ?? hold?.deliveryIds ?? [deliveryId])],
    weighed: options.size,
    complete: known.weighing !== undefined || hold?.reason === "beyond-horizon",
    words: wordsOf(known, couriers),
    couriers,
  };
}

/** The same for one courier who was offered it: own numbers, no other courier's. */
export function explainOwn(record: DecisionRecord, deliveryId: string, courierId: string) {
  const explained = explain(record, deliveryId);
  const own = explained?.couriers.find((each) => each.courierId === courierId);
  return explained && own && { weighed: explained.weighed, words: own.words, own };
}

function knownOf(record: DecisionRecord, deliveryId: string): Known | undefined {
  const { plan, input } = record;
  const commit = plan.commits.find(({ addedIds }) => addedIds.includes(deliveryId));
  const hold = plan.holds.find((each) => each.deliveryId === deliveryId);
  if (!commit && !hold) return undefined;
  const ids = commit?.addedIds ?? hold?.deliveryIds ?? [deliveryId];
  const together = ids.flatMap((id) => input.deliveries.find((each) => each.id === id) ?? []);
  const weighing = hold?.reason === "beyond-horizon" ? undefined : tryWeighing(record, together);
  const courierId = commit?.courierId ?? hold?.courierId;
  return {
    deliveryId,
    commit,
    hold,
    courierId,
    outcome: commit ? "offered" : "held",
    together,
    weighing,
    options: weighing ? withChosen(weighing.options, record, commit) : writtenOptions(record, commit, hold),
  };
}

function tryWeighing(record: DecisionRecord, together: readonly OpenDelivery[]): Weighing | undefined {
  if (record.plan.version !== DISPATCH_VERSION) return undefined;
  try {
    return weighAgain(record, together);
  } catch (error) {
    if (error instanceof WayNotRecorded) return undefined;
    throw error;
  }
}

/** Who is sent may have two ways to come; the plan knows which it was. */
function withChosen(
  options: ReadonlyMap<string, Option>,
  { plan }: DecisionRecord,
  commit: Commit | undefined,
): ReadonlyMap<string, Option> {
  const found = commit && options.get(commit.courierId);
  if (!commit || found?.cost === commit.numbers.cost) return options;
  return new Map([...options, [commit.courierId, optionAsWritten(commit.numbers, plan.settings)]]);
}

function writtenOptions({ plan }: DecisionRecord, commit: Commit | undefined, hold: Hold | undefined) {
  const options = new Map<string, Option>();
  for (const each of commit?.weighed ?? []) {
    if (!options.has(each.courierId)) options.set(each.courierId, optionAsWritten(each, plan.settings));
  }
  if (hold?.courierId && hold.numbers) options.set(hold.courierId, optionAsWritten(hold.numbers, plan.settings));
  return options;
}

/** The couriers of whom the plan itself wrote something down. */
function writtenOf({ input }: DecisionRecord, { options }: Known): readonly RoundCourier[] {
  return input.couriers.filter(({ id }) => options.has(id));
}

function explainCourier(courier: RoundCourier, known: Known, { plan }: DecisionRecord): ExplainedCourier {
  const { together, weighing, options, courierId } = known;
  const option = options.get(courier.id);
  const verdict = weighing || courier.id === courierId || !option ? verdictOf(courier, known, weighing, plan) : "dearer";
  const ways = weighing?.approaches.get(courier.id) ?? [];
  const [soonest] = ways.toSorted((a, b) => a.start.arriveAtMs - b.start.arriveAtMs);
  const words = courierWords({
    verdict,
    courier,
    option,
    chosen: courierId === undefined || courierId === courier.id ? undefined : options.get(courierId),
    inHandAtMs: soonest && pickupAtMs(soonest.start.arriveAtMs, [...soonest.carried, ...together]),
    weighed: options.size,
    cheaper: option ? [...options.values()].filter(({ cost }) => cost < option.cost).length : 0,
    plan,
  });
  return {
    courierId: courier.id,
    verdict,
    freeInMs: Math.max(0, courier.freeAtMs - plan.nowMs),
    wayMs: option?.wayMs ?? soonest?.start.travelMs ?? null,
    numbers: option ? shownOf(option) : null,
    cost: option?.cost ?? null,
    terms: [...(option?.terms ?? [])],
    words,
  };
}

function shownOf({ numbers }: Option): ExplainedCourier["numbers"] {
  const { leaveAtMs, arriveAtMs, pickupAtMs: atMs, endAtMs, travelMs, idleMs, delayMs, lateMs } = numbers;
  return { leaveAtMs, arriveAtMs, pickupAtMs: atMs, endAtMs, travelMs, idleMs, delayMs, lateMs };
}

/** Who goes, then who was weighed by cost, then the others by their way; of equals by id. */
function byRank(a: ExplainedCourier, b: ExplainedCourier): number {
  const rank = ({ verdict }: ExplainedCourier) => (verdict === "chosen" || verdict === "counted-on" ? 0 : 1);
  const last = Infinity;
  return (
    rank(a) - rank(b) ||
    compare(a.cost ?? last, b.cost ?? last) ||
    compare(a.wayMs ?? last, b.wayMs ?? last) ||
    (a.courierId < b.courierId ? -1 : 1)
  );
}

/** Two infinities are equal. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function wordsOf({ hold, courierId }: Known, couriers: readonly ExplainedCourier[]): string {
  const own = couriers.find((each) => each.courierId === courierId);
  return [hold && holdWords(hold.reason), own?.words].filter((words) => words !== undefined).join(" ");
}
