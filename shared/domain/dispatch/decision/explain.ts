import type { ExplainedCourier, ExplainedDelivery } from "../../../contracts/dispatch.ts";
import { DISPATCH_VERSION, type Commit, type Hold, type OpenDelivery, type RoundCourier } from "../round.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { WayNotRecorded } from "./recorded-ways.ts";
import { TO_COURIER, TO_OFFICE, type Voice } from "./voice.ts";
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
  /** Whether all is known that there was. */
  readonly complete: boolean;
}

/**
 * Why a stored round decided about a delivery as it did, for every courier whom it knew: found by weighing again what was
 * kept, so that nothing is kept twice. Of a round of another version the couriers are told that it wrote down. [DSP24]
 *
 * @returns undefined when the round did not know the delivery
 */
export function explain(
  record: DecisionRecord,
  deliveryId: string,
  voice: Voice = TO_OFFICE,
): ExplainedDelivery | undefined {
  const known = knownOf(record, deliveryId);
  if (!known) return undefined;
  const { courierId = null, outcome, options, complete } = known;
  const told = record.input.couriers.filter(({ id }) => complete || options.has(id));
  const couriers = told.map((courier) => explainCourier(courier, known, record, voice)).toSorted(byRank);
  return {
    deliveryId,
    outcome,
    courierId,
    togetherIds: tripOf(known),
    weighed: options.size,
    complete,
    words: wordsOf(known, couriers),
    couriers,
  };
}

function tripOf({ commit, hold, deliveryId }: Known): string[] {
  return [...(commit?.deliveryIds ?? hold?.deliveryIds ?? [deliveryId])];
}

/** The same for one courier, who is spoken to: own numbers, no other courier's. [DSP69] */
export function explainOwn(record: DecisionRecord, deliveryId: string, courierId: string) {
  const explained = explain(record, deliveryId, TO_COURIER);
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
  const unplanned = hold?.reason === "beyond-horizon";
  const weighing = unplanned ? undefined : tryWeighing(record, together);
  return {
    deliveryId,
    commit,
    hold,
    courierId: (commit ?? hold)?.courierId,
    outcome: commit ? "offered" : "held",
    together,
    weighing,
    options: weighing ? withChosen(weighing.options, record, commit) : writtenOptions(record, commit, hold),
    complete: unplanned || weighing !== undefined,
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

function explainCourier(courier: RoundCourier, known: Known, { plan }: DecisionRecord, voice: Voice): ExplainedCourier {
  const { weighing, options, courierId, complete } = known;
  const option = options.get(courier.id);
  const goes = courier.id === courierId;
  const verdict = complete || goes ? verdictOf(courier, known, weighing, plan) : "dearer";
  const soonest = soonestOf(courier, known);
  const words = courierWords({
    verdict,
    courier,
    option,
    chosen: goes ? undefined : options.get(courierId ?? ""),
    inHandAtMs: soonest?.inHandAtMs,
    weighed: options.size,
    cheaper: cheaperThan(option, options),
    plan,
    voice,
  });
  return {
    courierId: courier.id,
    verdict,
    freeInMs: Math.max(0, courier.freeAtMs - plan.nowMs),
    wayMs: (option ?? soonest)?.wayMs ?? null,
    ...shownOf(option),
    words,
  };
}

/** The soonest way in which a courier could come, weighed or not. */
function soonestOf({ id }: RoundCourier, { weighing, together }: Known) {
  const ways = weighing?.approaches.get(id) ?? [];
  const [first] = ways.toSorted((a, b) => a.start.arriveAtMs - b.start.arriveAtMs);
  if (!first) return undefined;
  const { start, carried } = first;
  return { wayMs: start.travelMs, inHandAtMs: pickupAtMs(start.arriveAtMs, [...carried, ...together]) };
}

function cheaperThan(option: Option | undefined, options: ReadonlyMap<string, Option>): number {
  return option ? [...options.values()].filter(({ cost }) => cost < option.cost).length : 0;
}

function shownOf(option: Option | undefined): Pick<ExplainedCourier, "numbers" | "cost" | "terms"> {
  if (!option) return { numbers: null, cost: null, terms: [] };
  const { leaveAtMs, arriveAtMs, pickupAtMs: atMs, endAtMs, travelMs, idleMs, delayMs, lateMs } = option.numbers;
  const numbers = { leaveAtMs, arriveAtMs, pickupAtMs: atMs, endAtMs, travelMs, idleMs, delayMs, lateMs };
  return { numbers, cost: option.cost, terms: [...option.terms] };
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

function wordsOf({ hold, courierId, complete }: Known, couriers: readonly ExplainedCourier[]): string {
  const own = couriers.find((each) => each.courierId === courierId);
  const verdicts = complete ? couriers.map(({ verdict }) => verdict) : undefined;
  return [hold && holdWords(hold.reason, verdicts), own?.words].filter((words) => words !== undefined).join(" ");
}
