import { after, atomsOf, both, spreadOf, type Atoms, type Spread } from "./spread.ts";

/** What is known of the food. */
export type KitchenState =
  /** No order yet, or not begun. */
  | { readonly state: "waiting" }
  /** Begun; `readyAtMs` is the kitchen's own word, when it gave one. */
  | { readonly state: "cooking"; readonly startedAtMs: number; readonly readyAtMs?: number }
  | { readonly state: "ready" };

/** What is known of the courier. Ways are the router's durations. */
export type CourierState =
  | { readonly state: "unknown" }
  /** Assigned: `wayS` to the restaurant from `freeAtMs` on, or from now. */
  | { readonly state: "coming"; readonly wayS: number; readonly freeAtMs?: number }
  | { readonly state: "at-restaurant" }
  /** The food is in hand: the way that counts is from here, stops in between included. */
  | { readonly state: "carrying" }
  | { readonly state: "at-customer" };

export interface EtaInput {
  readonly nowMs: number;
  readonly kitchen: KitchenState;
  readonly courier: CourierState;
  /** Restaurant to customer; once the food is in hand, courier to customer. Router's duration, seconds. */
  readonly wayToCustomerS: number;
}

/** What the parts are believed to take before anything was learned. */
export interface EtaPriors {
  /** From the kitchen's start to ready. */
  readonly prep: Spread;
  /** From now until an unknown courier stands in the restaurant. */
  readonly search: Spread;
  /** From food and courier both there to leaving. */
  readonly handover: Spread;
  /** From arriving to the food in the customer's hands. */
  readonly drop: Spread;
  /** A way's quantiles as multiples of the router's duration. */
  readonly way: { readonly p50: number; readonly p90: number };
}

const MINUTE_MS = 60_000;

export const ETA_PRIORS: EtaPriors = {
  prep: { p50Ms: 15 * MINUTE_MS, p90Ms: 25 * MINUTE_MS },
  search: { p50Ms: 8 * MINUTE_MS, p90Ms: 16 * MINUTE_MS },
  handover: { p50Ms: 3 * MINUTE_MS, p90Ms: 6 * MINUTE_MS },
  drop: { p50Ms: 2 * MINUTE_MS, p90Ms: 5 * MINUTE_MS },
  way: { p50: 1, p90: 1.35 },
};

export interface Eta {
  /** The promise's early end. */
  readonly p50AtMs: number;
  /** The promise's late end. */
  readonly p90AtMs: number;
  /** What is left of each part; prep and the courier's way run side by side. */
  readonly parts: {
    readonly prepLeft: Spread;
    readonly courierWay: Spread;
    readonly handover: Spread;
    readonly wayToCustomer: Spread;
    readonly drop: Spread;
  };
}

const NOTHING: Atoms = atomsOf({ p50Ms: 0, p90Ms: 0 });

function wayAtoms(durationS: number, { way }: EtaPriors): Atoms {
  return atomsOf({ p50Ms: durationS * 1000 * way.p50, p90Ms: durationS * 1000 * way.p90 });
}

function prepLeft(nowMs: number, kitchen: KitchenState, { prep }: EtaPriors): Atoms {
  if (kitchen.state === "ready") return NOTHING;
  if (kitchen.state === "waiting") return atomsOf(prep);
  const saidMs =
    kitchen.readyAtMs === undefined ? prep.p50Ms : Math.max(MINUTE_MS, kitchen.readyAtMs - kitchen.startedAtMs);
  const said = { p50Ms: saidMs, p90Ms: (saidMs * prep.p90Ms) / prep.p50Ms };
  return atomsOf(said, Math.max(0, nowMs - kitchen.startedAtMs));
}

function courierWay(nowMs: number, courier: CourierState, priors: EtaPriors): Atoms {
  if (courier.state === "unknown") return atomsOf(priors.search);
  if (courier.state !== "coming") return NOTHING;
  const busyMs = Math.max(0, (courier.freeAtMs ?? nowMs) - nowMs);
  return wayAtoms(courier.wayS, priors).map((wayMs) => wayMs + busyMs);
}

/**
 * When the food will be in the customer's hands, from what is known now: at the quote, with a courier, under way. [ETA1-ETA6]
 *
 * max(prep left, courier's way) + handover + way + drop, each a distribution; independent of each other. What is
 * behind takes no time. Later food, a longer way or a busier courier never make the answer earlier.
 *
 * @returns epoch milliseconds, p90AtMs >= p50AtMs >= nowMs
 */
export function etaOf(input: EtaInput, priors: EtaPriors = ETA_PRIORS): Eta {
  const { nowMs, kitchen, courier } = input;
  const inHand = courier.state === "carrying" || courier.state === "at-customer";
  const prep = inHand ? NOTHING : prepLeft(nowMs, kitchen, priors);
  const coming = courierWay(nowMs, courier, priors);
  const handover = inHand ? NOTHING : atomsOf(priors.handover);
  const way = courier.state === "at-customer" ? NOTHING : wayAtoms(input.wayToCustomerS, priors);
  const drop = atomsOf(priors.drop);
  const whole = spreadOf([handover, way, drop].reduce(after, both(prep, coming)));
  return {
    p50AtMs: nowMs + whole.p50Ms,
    p90AtMs: nowMs + whole.p90Ms,
    parts: {
      prepLeft: spreadOf(prep),
      courierWay: spreadOf(coming),
      handover: spreadOf(handover),
      wayToCustomer: spreadOf(way),
      drop: spreadOf(drop),
    },
  };
}
