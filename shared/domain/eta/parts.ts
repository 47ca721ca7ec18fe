import type { Vehicle } from "../city/city.ts";
import type { Point } from "../geo/point.ts";
import type { Spread } from "./spread.ts";

/** What an order's time is made of, each as it is believed for this order. Asked for only where it still counts. */
export interface EtaParts {
  /** From the kitchen's start to ready, before the kitchen has given its word. */
  prep(): Spread;
  /** The same, once the kitchen has said that it takes `saidMs`. Never falls as it rises. */
  word(saidMs: number): Spread;
  /** The same for who plans by it: as it was given, as far as nothing was learned of words. A made-up spread would only make plans timid. */
  givenWord(saidMs: number): Spread;
  /** Until an unknown courier stands in the restaurant, from `sinceAtMs` on, or from now. */
  search(): { readonly spread: Spread; readonly sinceAtMs?: number };
  /** The courier's way to the restaurant, by the router's seconds. Never falls as they rise. */
  approach(wayS: number): Spread;
  /** From food and courier both there to leaving. */
  handover(): Spread;
  /** The way to the customer, by the router's seconds. Never falls as they rise. */
  ride(wayS: number): Spread;
  /** From arriving to the food in the customer's hands. */
  drop(): Spread;
}

/** What the parts are believed to take before anything was learned. */
export interface EtaPriors {
  readonly prep: Spread;
  readonly search: Spread;
  readonly handover: Spread;
  readonly drop: Spread;
  /** A way's quantiles as multiples of the router's duration. */
  readonly way: { readonly p50: number; readonly p90: number };
}

const MINUTE_MS = 60_000;
/** How much later than its usual minutes a kitchen is once in ten times. */
const PREP_P90 = 1.6;

export const ETA_PRIORS: EtaPriors = {
  prep: { p50Ms: 15 * MINUTE_MS, p90Ms: 25 * MINUTE_MS },
  search: { p50Ms: 8 * MINUTE_MS, p90Ms: 16 * MINUTE_MS },
  handover: { p50Ms: 3 * MINUTE_MS, p90Ms: 6 * MINUTE_MS },
  drop: { p50Ms: 2 * MINUTE_MS, p90Ms: 5 * MINUTE_MS },
  way: { p50: 1, p90: 1.35 },
};

/** What is believed of a kitchen that says itself how many minutes it usually takes. */
export function usualPrep(prepMinutes: number): Spread {
  const usualMs = Math.max(1, prepMinutes) * MINUTE_MS;
  return { p50Ms: usualMs, p90Ms: Math.round(usualMs * PREP_P90) };
}

export function partsOfPriors({ prep, search, handover, drop, way }: EtaPriors): EtaParts {
  const ridden = (wayS: number): Spread => ({ p50Ms: wayS * 1000 * way.p50, p90Ms: wayS * 1000 * way.p90 });
  return {
    prep: () => prep,
    word: (saidMs) => ({ p50Ms: saidMs, p90Ms: (saidMs * prep.p90Ms) / prep.p50Ms }),
    givenWord: (saidMs) => ({ p50Ms: saidMs, p90Ms: saidMs }),
    search: () => ({ spread: search }),
    approach: ridden,
    handover: () => handover,
    ride: ridden,
    drop: () => drop,
  };
}

/** All that what is believed of an order may depend on; what is not known yet is absent. */
export interface EtaQuestion {
  readonly nowMs: number;
  readonly restaurantId: string;
  /** The restaurant's own word for its usual minutes. */
  readonly prepMinutes: number;
  /** Dishes in the basket. */
  readonly items: number | null;
  /** Orders that the kitchen had to make when this one was placed. */
  readonly load: number | null;
  readonly restaurant: Point;
  readonly door: Point | null;
  /** Paid: since then a courier is looked for. */
  readonly createdAtMs?: number;
  /** The kitchen's start. */
  readonly confirmedAtMs?: number;
  /** The kitchen has taken its first word back and given another. */
  readonly saidAgain?: boolean;
  /** Of its courier. */
  readonly vehicle?: Vehicle;
}

/** What is believed of a market's orders just now: the port between estimates and whatever was learned. */
export interface EtaBeliefs {
  /** 0 before anything was learned. Answers are kept under it: another version believes otherwise. */
  readonly version: number;
  /** Quotes with the same key and the same usual minutes have the same parts. */
  keyOf(question: EtaQuestion): string;
  partsOf(question: EtaQuestion): EtaParts;
}

/** Nothing learned. */
export function priorBeliefs(priors: EtaPriors = ETA_PRIORS): EtaBeliefs {
  return {
    version: 0,
    keyOf: () => "",
    partsOf: ({ prepMinutes }) => partsOfPriors({ ...priors, prep: usualPrep(prepMinutes) }),
  };
}
