import type { RoundSettings } from "#shared/domain/dispatch/round.ts";

/** Something of the live policy that can be weighed otherwise. */
interface Term {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly write: (settings: RoundSettings, value: number) => RoundSettings;
}

const weight = (name: keyof RoundSettings["weights"], what: string): Term => ({
  what,
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  write: (settings, value) => ({ ...settings, weights: { ...settings.weights, [name]: value } }),
});

const refusal = (name: keyof RoundSettings["refusal"], what: string, most: number = Number.MAX_SAFE_INTEGER): Term => ({
  what,
  least: 0,
  most,
  write: (settings, value) => ({ ...settings, refusal: { ...settings.refusal, [name]: value } }),
});

const fairness = (name: keyof RoundSettings["fairness"], what: string): Term => ({
  what,
  least: 0,
  most: Number.MAX_SAFE_INTEGER,
  write: (settings, value) => ({ ...settings, fairness: { ...settings.fairness, [name]: value } }),
});

type Plain = "horizonMs" | "leadMs" | "wholeCourierMs" | "targetMs" | "deferMs" | "farMs" | "maxBundle" | "bundleGain";
const setting = (name: Plain, what: string, least = 0, most = Number.MAX_SAFE_INTEGER): Term => ({
  what,
  least,
  most,
  write: (settings, value) => ({ ...settings, [name]: value }),
});

/** More food than this does not stay warm on one trip. */
const MOST_BUNDLED = 6;

/** What live rounds weigh by. All are whole numbers, so that costs are. */
const TERMS: Readonly<Record<string, Term>> = {
  delay: weight("delay", "each ms that food waits longer than food and way alone would take"),
  waited: weight("waited", "each ms of that once more, for each whole minute since the order was placed"),
  late: weight("late", "each ms past what is usual, up to a bound"),
  travel: weight("travel", "each ms on the way"),
  idle: weight("idle", "each ms that a courier waits at a restaurant"),
  bound: weight("bound", "each ms of a courier's shift that a trip takes, while couriers are short"),
  refusal: refusal("weight", "each ms that a refusal is to be expected to cost"),
  refusalDelayMs: refusal("delayMs", "how much later the next courier is asked after a refusal"),
  refusalMostPermille: refusal("mostPermille", "nobody is taken to refuse more often, in a thousand", 1_000),
  fairness: fairness("weight", "each ms that a courier's deliveries beyond an equal share count as"),
  fairnessPerDeliveryMs: fairness("perDeliveryMs", "so much does each delivery beyond an equal share count"),
  fairnessMostDeliveries: fairness("mostDeliveries", "nobody counts as further ahead than this"),
  targetMs: setting("targetMs", "click-to-door from which an order is late, while the day has not shown what is usual"),
  deferMs: setting("deferMs", "what it costs, as delay, to leave an order for a later round"),
  farMs: setting("farMs", "the same where nobody can come within that time"),
  horizonMs: setting("horizonMs", "food that is ready later is not planned yet"),
  wholeCourierMs: setting("wholeCourierMs", "a courier with less of the shift left counts as less than one", 1),
  leadMs: setting("leadMs", "from a commit to the courier's leaving, as it is planned with"),
  maxBundle: setting("maxBundle", "deliveries in one trip at most", 1, MOST_BUNDLED),
  bundleGain: setting("bundleGain", "weighted ms that a bundle has to save"),
};

export type Weights = Readonly<Record<string, number>>;

/**
 * Reads `name=value,name=value`, or the text of a JSON file of the same.
 *
 * @throws {Error} in a sentence, with the names that there are
 */
export function readWeights(text: string): Weights {
  const trimmed = text.trim();
  const pairs = trimmed.startsWith("{") ? pairsOfJson(trimmed) : trimmed.split(",").map(pairOf);
  if (pairs.length === 0) throw new Error("no weight is given");
  for (const [name, value] of pairs) {
    const term = Object.hasOwn(TERMS, name) ? TERMS[name] : undefined;
    if (!term) throw new Error(`there is no weight "${name}"; there are\n${termsText()}`);
    if (!Number.isSafeInteger(value) || value < term.least || value > term.most)
      throw new Error(`${name} is a whole number from ${term.least} to ${term.most}, not ${value}`);
  }
  return Object.fromEntries(pairs);
}

export function withWeights(settings: RoundSettings, weights: Weights): RoundSettings {
  return Object.entries(weights).reduce(
    (changed, [name, value]) => TERMS[name]?.write(changed, value) ?? changed,
    settings,
  );
}

/**
 * The settings of a kept round, with today's for whatever its release did not know yet, in each group of them too: a weight
 * that is missing would make every cost none. [DSP66]
 */
export function settingsOfRound(kept: Readonly<Record<string, unknown>>, today: RoundSettings): RoundSettings {
  const groups: Readonly<Record<string, unknown>> = { ...today };
  const merged = Object.entries(kept).map(([name, value]) => {
    const group = groups[name];
    return [name, isGroup(value) && isGroup(group) ? { ...group, ...value } : value];
  });
  // Cast: a round's settings and today's have the same names; older ones have fewer.
  return { ...today, ...Object.fromEntries(merged) } as RoundSettings;
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function termsText(): string {
  return Object.entries(TERMS)
    .map(([name, { what }]) => `  ${name.padEnd(20)} ${what}`)
    .join("\n");
}

function pairOf(text: string): [string, number] {
  const [name = "", value = "", ...more] = text.split("=").map((part) => part.trim());
  if (name === "" || value === "" || more.length > 0) throw new Error(`"${text}" is not name=value`);
  return [name, Number(value)];
}

function pairsOfJson(text: string): [string, number][] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the weights are no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("the weights are no object");
  return Object.entries(value).map(([name, each]) => {
    if (typeof each !== "number") throw new Error(`${name} is no number`);
    return [name, each];
  });
}
