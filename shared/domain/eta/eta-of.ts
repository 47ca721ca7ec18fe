import { ETA_PRIORS, partsOfPriors, type EtaParts } from "./parts.ts";
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
  /** Restaurant to customer; once the food is in hand, courier to customer; stops in between included. Router's duration, seconds. */
  readonly wayToCustomerS: number;
  /** Stops in between: each takes as long as a door does. Absent: none. */
  readonly stopsBefore?: number;
}

const MINUTE_MS = 60_000;
const UNLEARNED = partsOfPriors(ETA_PRIORS);

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

/** What is left until the food is ready, once that it has taken so long already is known. */
export function readyIn(nowMs: number, kitchen: KitchenState, believed: EtaParts): Spread {
  return spreadOf(prepLeft(nowMs, kitchen, believed));
}

function prepLeft(nowMs: number, kitchen: KitchenState, parts: EtaParts): Atoms {
  if (kitchen.state === "ready") return NOTHING;
  if (kitchen.state === "waiting") return atomsOf(parts.prep());
  const { startedAtMs, readyAtMs } = kitchen;
  const said = readyAtMs === undefined ? parts.prep() : parts.word(Math.max(MINUTE_MS, readyAtMs - startedAtMs));
  return atomsOf(said, Math.max(0, nowMs - startedAtMs));
}

function courierWay(nowMs: number, courier: CourierState, parts: EtaParts): Atoms {
  if (courier.state === "unknown") {
    const { spread, sinceAtMs } = parts.search();
    return atomsOf(spread, Math.max(0, nowMs - (sinceAtMs ?? nowMs)));
  }
  if (courier.state !== "coming") return NOTHING;
  const busyMs = Math.max(0, (courier.freeAtMs ?? nowMs) - nowMs);
  return atomsOf(parts.approach(courier.wayS)).map((wayMs) => wayMs + busyMs);
}

/**
 * When the food will be in the customer's hands, from what is known now: at the quote, with a courier, under way. [ETA1-ETA6]
 *
 * max(prep left, courier's way) + handover + way + stops in between + drop, each a distribution; independent of each other. What is
 * behind takes no time. Later food, a longer way or a busier courier never make the answer earlier.
 *
 * @returns epoch milliseconds, p90AtMs >= p50AtMs >= nowMs
 */
export function etaOf(input: EtaInput, believed: EtaParts = UNLEARNED): Eta {
  const { nowMs, kitchen, courier } = input;
  const inHand = courier.state === "carrying" || courier.state === "at-customer";
  const prep = inHand ? NOTHING : prepLeft(nowMs, kitchen, believed);
  const coming = courierWay(nowMs, courier, believed);
  const handover = inHand ? NOTHING : atomsOf(believed.handover());
  const way = courier.state === "at-customer" ? NOTHING : atomsOf(believed.ride(input.wayToCustomerS));
  const drop = atomsOf(believed.drop());
  const stops = courier.state === "at-customer" ? [] : Array.from({ length: input.stopsBefore ?? 0 }, () => drop);
  const whole = spreadOf([handover, way, ...stops, drop].reduce(after, both(prep, coming)));
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
