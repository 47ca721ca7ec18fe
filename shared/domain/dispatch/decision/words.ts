import { tripNumbers, type Verdict } from "../../../contracts/dispatch.ts";
import { wayClass } from "../refusals/refusal-model.ts";
import type { HoldReason, RoundCourier, RoundPlan, TripNumbers } from "../round.ts";
import type { Voice } from "./voice.ts";
import type { Option } from "./weighing.ts";

const MINUTE_MS = 60_000;

/** A span for people, rounded to minutes. */
export function span(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  return minutes < 1 ? "less than a minute" : `${minutes} min`;
}

/** What a sentence about a courier may need to know. */
export interface Known {
  readonly verdict: Verdict;
  readonly courier: RoundCourier;
  readonly option: Option | undefined;
  /** Who was chosen or counted on, where that is somebody else. */
  readonly chosen: Option | undefined;
  /** When the food could be in this courier's hands, were it ready and the courier asked; undefined: the way was not asked for. */
  readonly inHandAtMs: number | undefined;
  /** Weighed for the same, and how many of them cost less. */
  readonly weighed: number;
  readonly cheaper: number;
  readonly plan: Pick<RoundPlan, "nowMs" | "settings">;
  readonly voice: Voice;
}

const WORDS: Readonly<Record<Verdict, (known: Known) => string>> = {
  chosen: chosenWords,
  "counted-on": chosenWords,
  dearer: dearerWords,
  "needed-elsewhere": ({ voice }) =>
    `${voice.couldHave} come, but the same plan needs ${voice.thisCourier} for another order, and together that costs least.`,
  "worse-than-waiting": (known) =>
    `${known.voice.couldHave} the food in ${inHandWords(known)} only: to look again a little later costs less.`,
  declined: ({ voice }) =>
    `${voice.declined} it before, let the offer lapse, or had it and it was given back or taken away.`,
  "has-offer": ({ voice }) => `${voice.had} another offer to answer.`,
  busy: ({ courier, plan: { nowMs, settings }, voice }) =>
    `${voice.isBusy} for another ${span(courier.freeAtMs - nowMs)}, longer than the plan looks ahead (${span(settings.horizonMs)}).`,
  "no-room": ({ courier, plan: { settings }, voice }) =>
    `${voice.hasRoomFor(courier.capacity)}, and a trip takes ${settings.maxBundle} at most.`,
  "shift-over": (known) =>
    `${known.voice.shiftEnds} in ${span(known.courier.shiftEndsAtMs - known.plan.nowMs)}; the food could be in hand in ${inHandWords(known)}.`,
  "too-far": ({ plan: { settings }, voice }) =>
    `${voice.isTooFar}: ${settings.candidates.enough} or more others were nearer, or the restaurant was out of reach.`,
  "not-asked": () => "Nobody was weighed yet.",
};

/** Why somebody was or was not sent, in plain words, without a name: they are read by the office under the name, or said to the courier. */
export function courierWords(known: Known): string {
  return WORDS[known.verdict](known);
}

function inHandWords({ inHandAtMs, plan }: Known): string {
  return span((inHandAtMs ?? plan.nowMs) - plan.nowMs);
}

function chosenWords({ verdict, courier, option, weighed, cheaper, plan, voice }: Known): string {
  const { nowMs } = plan;
  if (!option) return "Chosen; the numbers were not written down.";
  const { wayMs, numbers } = option;
  const free = `${voice.isFree} ${courier.freeAtMs <= nowMs ? "now" : `in ${span(courier.freeAtMs - nowMs)}`}`;
  const way = wayMs > 0 ? `${span(wayMs)} from the restaurant` : "on the way to the restaurant already";
  const waitMs = numbers.pickupAtMs - numbers.arriveAtMs;
  const waits = waitMs >= MINUTE_MS / 2 ? `, after waiting ${span(waitMs)} for it` : "";
  const there = `${free}, ${way}, with the food in hand in ${span(numbers.pickupAtMs - nowMs)}${waits}.`;
  const others = weighed - 1;
  const best =
    others <= 0
      ? "Nobody else could come."
      : cheaper === 0
        ? `Of ${weighed} who could come, food and people wait least with ${voice.thisOne}.`
        : `Of ${weighed} who could come, ${cheaper} would be better for this order alone, but other orders need them more.`;
  const later = verdict === "counted-on" ? ` ${voice.needNotLeave}` : "";
  return `${there} ${best}${acceptanceWords(courier, numbers, voice)}${later}`;
}

/** How likely the offer is to be accepted, and from how much that is known; empty where nothing was learned. */
function acceptanceWords({ refusal }: RoundCourier, { arriveAtMs, leaveAtMs }: TripNumbers, voice: Voice): string {
  const permille = refusal?.permilleByWay[wayClass(arriveAtMs - leaveAtMs)];
  if (!refusal || permille === undefined) return "";
  const from =
    refusal.answers === 0
      ? "by how couriers here answer"
      : `by ${refusal.answers} own ${refusal.answers === 1 ? "answer" : "answers"} and how couriers here answer`;
  return ` ${voice.accepts} in about ${100 - Math.round(permille / 10)} of 100 cases, ${from}.`;
}

const LESS = {
  delay: "food waits less, by",
  late: "it is less past what orders here usually take, by",
  travel: "the rides are shorter, by",
  idle: "the courier's wait for the food is shorter, by",
  bound: "the courier, while few are free, is bound shorter, by",
  refusal: "a refusal is less likely, and would cost less waiting on the average, by",
  fairness: "work is shared more equally, which counts as much as waiting less by",
} as const;

/** Names the part of the cost that parts the two most. */
function dearerWords({ courier, option, chosen, plan, voice }: Known): string {
  if (!option) return "Would have cost more.";
  const inHand = `${voice.couldHave} the food in ${span(option.numbers.pickupAtMs - plan.nowMs)} (${span(option.wayMs)} away)`;
  if (!chosen) return `${inHand}; nobody was chosen in this round.`;
  const [most] = (["delay", "late", "travel", "idle", "bound", "refusal", "fairness"] as const)
    .map((name) => {
      const partOf = ({ terms }: Option) => terms.find((term) => term.name === name);
      const [mine, theirs] = [partOf(option), partOf(chosen)];
      return { name, ms: (mine?.ms ?? 0) - (theirs?.ms ?? 0), cost: (mine?.cost ?? 0) - (theirs?.cost ?? 0) };
    })
    .toSorted((a, b) => b.cost - a.cost);
  if (!most || most.cost <= 0 || option.cost <= chosen.cost) {
    return `${inHand}; as good for this order alone, but the plan as a whole costs less so.`;
  }
  const words = `${inHand}; with the courier who was chosen ${LESS[most.name]} ${span(most.ms)}.`;
  return most.name === "refusal" ? `${words}${acceptanceWords(courier, option.numbers, voice)}` : words;
}

const HELD: Readonly<Record<HoldReason, string>> = {
  "beyond-horizon": "The food will not be ready for so long that nothing is planned yet.",
  "no-candidate": "Nobody on duty could come in time; it is looked for again in the next round.",
  outweighed: "Everybody who could come is needed more for other orders; it is planned anew in the next round.",
  "courier-busy":
    "The best courier is still busy; the offer goes out when that work ends, unless somebody better is free by then.",
  "not-yet": "There is time: who leaves a round later has the food in hand as early, and more will be known by then.",
};

const NOBODY: Readonly<Partial<Record<Verdict, string>>> = {
  declined: "said no before or had it already",
  "has-offer": "with another offer to answer",
  busy: "busy for longer than the plan looks ahead",
  "no-room": "without room",
  "shift-over": "whose shift ends first",
  "too-far": "too far away",
  "worse-than-waiting": "who could come only so late that looking again costs less",
};

/**
 * Why a delivery waits.
 *
 * @param verdicts of everybody in the round; undefined: not everybody is known
 */
export function holdWords(reason: HoldReason, verdicts?: readonly Verdict[]): string {
  return (reason === "no-candidate" && verdicts && nobodyWords(verdicts)) || HELD[reason];
}

/** What keeps everybody away, counted; undefined where it is not that. */
function nobodyWords(verdicts: readonly Verdict[]): string | undefined {
  if (verdicts.length === 0) return "No courier was on duty; it is looked for again in the next round.";
  if (verdicts.every((verdict) => verdict === "declined")) {
    return "Everybody on duty said no before or had it already; they are asked again two minutes after the last answer.";
  }
  const counted = Object.entries(NOBODY).flatMap(([verdict, words]) => {
    const count = verdicts.filter((each) => each === verdict).length;
    return count > 0 ? [`${count} ${words}`] : [];
  });
  if (counted.length === 0) return undefined;
  return `Nobody could be asked. Of ${verdicts.length} on duty: ${counted.join(", ")}. It is looked for again in the next round.`;
}

/** Why an offer was made, in a sentence to its courier, from what the offer itself keeps; empty where it keeps nothing. */
export function offerWords({ kind, numbers }: Readonly<Record<string, unknown>>, offeredAtMs: number): string {
  const known = tripNumbers.safeParse(numbers);
  if (!known.success) return "";
  if (kind === "addition") return "You are on your way there already, and it goes well with what you fetch.";
  const inHand = span(known.data.pickupAtMs - offeredAtMs);
  return `You can have the food in hand in ${inHand}; over all open orders it suits best that you take this one.`;
}
