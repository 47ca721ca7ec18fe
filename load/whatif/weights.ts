import type { RoundSettings } from "#shared/domain/dispatch/round.ts";

/** Something of the live policy that can be weighed otherwise. */
interface Term {
  readonly what: string;
  readonly least: number;
  readonly read: (settings: RoundSettings) => number;
  readonly write: (settings: RoundSettings, value: number) => RoundSettings;
}

const weight = (name: keyof RoundSettings["weights"], what: string): Term => ({
  what,
  least: 0,
  read: ({ weights }) => weights[name],
  write: (settings, value) => ({ ...settings, weights: { ...settings.weights, [name]: value } }),
});

type Plain = "horizonMs" | "leadMs" | "targetMs" | "deferMs" | "maxBundle" | "bundleGain";
const setting = (name: Plain, least: number, what: string): Term => ({
  what,
  least,
  read: (settings) => settings[name],
  write: (settings, value) => ({ ...settings, [name]: value }),
});

/** What live rounds weigh by. All are whole numbers, so that costs are. */
const TERMS: Readonly<Record<string, Term>> = {
  delay: weight("delay", "each ms that food waits longer than food and way alone would take"),
  late: weight("late", "each ms past targetMs"),
  travel: weight("travel", "each ms on the way"),
  idle: weight("idle", "each ms that a courier waits at a restaurant"),
  targetMs: setting("targetMs", 0, "click-to-door from which an order is late"),
  deferMs: setting("deferMs", 0, "what it costs, as delay, to leave an order for a later round"),
  horizonMs: setting("horizonMs", 0, "food that is ready later is not planned yet"),
  leadMs: setting("leadMs", 0, "from a commit to the courier's leaving, as it is planned with"),
  maxBundle: setting("maxBundle", 1, "deliveries in one trip at most"),
  bundleGain: setting("bundleGain", 0, "weighted ms that a bundle has to save"),
};

export type Weights = Readonly<Record<string, number>>;

/** One line for each term. */
export function termsText(settings: RoundSettings): string {
  return Object.entries(TERMS)
    .map(([name, { what, read }]) => `  ${name.padEnd(10)} ${String(read(settings)).padStart(8)}  ${what}`)
    .join("\n");
}

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
    if (!term) throw new Error(`there is no weight "${name}"; there are ${Object.keys(TERMS).join(", ")}`);
    if (!Number.isSafeInteger(value) || value < term.least)
      throw new Error(`${name} is a whole number from ${term.least}, not ${value}`);
  }
  return Object.fromEntries(pairs);
}

export function withWeights(settings: RoundSettings, weights: Weights): RoundSettings {
  return Object.entries(weights).reduce(
    (changed, [name, value]) => TERMS[name]?.write(changed, value) ?? changed,
    settings,
  );
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
