import { seededRng, type Rng } from "#shared/lib/rng.ts";

/** Who takes part: two hubs, two processes that write, and watchers of a kitchen's and two orders' streams. */
export const HUBS = 2;
export const WRITERS = 2;
export const ORDERS = 2;
export const WATCHERS = 4;

/** One thing that happens, ms from the start. `forMs` is how long it lasts. */
export type Action = { readonly atMs: number } & (
  | {
      readonly do: "write";
      readonly writer: number;
      readonly order: number;
      /** Whether the kitchen hears of it too. */
      readonly kitchen: boolean;
      readonly count: number;
      readonly openMs: number;
      readonly fate: "committed" | "rolled-back" | "answer-lost" | "killed";
    }
  | { readonly do: "staff"; readonly writer: number; readonly on: boolean }
  | { readonly do: "sever"; readonly watcher: number; readonly clientLearnsMs: number; readonly hubLearnsMs: number }
  | { readonly do: "leave"; readonly watcher: number; readonly forMs: number }
  | { readonly do: "lossy"; readonly watcher: number; readonly oneIn: number; readonly forMs: number }
  | { readonly do: "hub-crash"; readonly hub: number; readonly forMs: number }
  | { readonly do: "all-hubs-crash"; readonly forMs: number }
  | { readonly do: "subscriber-killed"; readonly hub: number }
  | { readonly do: "publisher-killed"; readonly writer: number }
  | { readonly do: "redis"; readonly how: "paused" | "down" | "losing" | "refusing"; readonly forMs: number }
  | { readonly do: "store"; readonly how: "down" | "slow" | "flaky"; readonly forMs: number }
  | { readonly do: "occupy"; readonly forMs: number }
  | { readonly do: "restore"; readonly lose: number }
);

export interface Plan {
  readonly seed: number;
  /** Nothing fails: then every event must be there at once. */
  readonly calm: boolean;
  /** The store's answers take up to so much longer from the start, ms. */
  readonly slowMs: number;
  /** Hubs have just started when everybody comes: for a while they take what the bus says as a hint. */
  readonly fresh: boolean;
  readonly actions: readonly Action[];
}

/** The network, Redis and the store fail between these, ms; writers and watchers may act a little longer. */
const FAULTS_MS = 900;
const ACTS_MS = 1_000;

/**
 * How often each kind is drawn among faults. A connection loses no single frame; where something else does, heads and gaps
 * tell. Not so for the first watcher, the cook: what came before the end of a right cannot be asked for after it.
 */
const FAULTS: readonly (readonly [number, (draw: Draw) => Action])[] = [
  [
    4,
    (d) => ({
      do: "sever",
      atMs: d.at(),
      watcher: d.below(WATCHERS),
      clientLearnsMs: d.upTo(400),
      hubLearnsMs: d.upTo(400),
    }),
  ],
  [2, (d) => ({ do: "leave", atMs: d.at(), watcher: d.below(WATCHERS), forMs: d.upTo(300) })],
  [
    3,
    (d) => ({
      do: "lossy",
      atMs: d.at(),
      watcher: 1 + d.below(WATCHERS - 1),
      oneIn: 1 + d.below(4),
      forMs: d.upTo(1_500),
    }),
  ],
  [2, (d) => ({ do: "hub-crash", atMs: d.at(), hub: d.below(HUBS), forMs: d.upTo(400) })],
  [2, (d) => ({ do: "all-hubs-crash", atMs: d.at(), forMs: d.upTo(200) })],
  [2, (d) => ({ do: "subscriber-killed", atMs: d.at(), hub: d.below(HUBS) })],
  [1, (d) => ({ do: "publisher-killed", atMs: d.at(), writer: d.below(WRITERS) })],
  [
    3,
    (d) => ({
      do: "redis",
      atMs: d.early(),
      how: d.one(["paused", "down", "losing", "losing", "refusing", "refusing"]),
      forMs: d.upTo(900),
    }),
  ],
  [5, (d) => ({ do: "store", atMs: d.at(), how: d.one(["down", "slow", "flaky"]), forMs: d.upTo(700) })],
  [1, (d) => ({ do: "occupy", atMs: d.at(), forMs: d.upTo(1_500) })],
  [2, (d) => ({ do: "staff", atMs: d.early(), writer: d.below(WRITERS), on: false })],
  [1, (d) => ({ do: "staff", atMs: d.at(), writer: d.below(WRITERS), on: true })],
];
const RESTORE_SHARE = 0.08;
const CALM_SHARE = 0.3;
const FRESH_SHARE = 0.2;
/** What happens while something has just failed, or is about to, meets more than what happens at any time: so many writes and faults do. */
const WRITES_BESIDE_SHARE = 0.5;
const FAULTS_BESIDE_SHARE = 0.3;
const BESIDE_MS = 150;

/** A schedule by its number: the same number is the same schedule. [SIM2] */
export function planOf(seed: number): Plan {
  const draw = new Draw(seededRng(Math.imul(seed + 1, 0x9e_37_79_b1)));
  const calm = draw.chance(CALM_SHARE);
  const fresh = draw.chance(FRESH_SHARE);
  const writes = 2 + draw.below(6);
  if (calm) {
    const staff = draw.chance(0.3) ? [{ do: "staff" as const, atMs: draw.early(), writer: 0, on: false }] : [];
    return { seed, calm, fresh, slowMs: draw.one([0, 40]), actions: inTime([...writesOf(draw, writes, []), ...staff]) };
  }
  const faults: Action[] = [];
  for (let left = 1 + draw.below(4); left > 0; left -= 1) {
    const fault = faultOf(draw);
    const moved = faults.length > 0 && draw.chance(FAULTS_BESIDE_SHARE);
    faults.push(moved ? { ...fault, atMs: draw.beside(faults) } : fault);
  }
  const restores = draw.chance(RESTORE_SHARE) ? [{ do: "restore" as const, atMs: draw.at(), lose: draw.below(4) }] : [];
  return { seed, calm, fresh, slowMs: 0, actions: inTime([...writesOf(draw, writes, faults), ...faults, ...restores]) };
}

function writesOf(draw: Draw, count: number, faults: readonly Action[]): Action[] {
  return Array.from({ length: count }, () => {
    const atMs = faults.length > 0 && draw.chance(WRITES_BESIDE_SHARE) ? draw.beside(faults) : draw.early();
    return writeOf(draw, atMs, faults.length === 0);
  });
}

function writeOf(draw: Draw, atMs: number, calm: boolean): Action {
  return {
    do: "write",
    atMs,
    writer: draw.below(WRITERS),
    order: draw.below(ORDERS),
    kitchen: draw.chance(0.7),
    count: draw.chance(0.3) ? 1 + draw.below(4) : 1,
    openMs: draw.chance(0.15) ? draw.upTo(900) : draw.upTo(8),
    fate: calm
      ? "committed"
      : draw.one(["committed", "committed", "committed", "rolled-back", "answer-lost", "killed"]),
  };
}

function faultOf(draw: Draw): Action {
  const all = FAULTS.reduce((sum, [weight]) => sum + weight, 0);
  let at = draw.below(all);
  for (const [weight, make] of FAULTS) {
    if (at < weight) return make(draw);
    at -= weight;
  }
  throw new Error("the weights have changed while they were drawn from");
}

function inTime(actions: readonly Action[]): Action[] {
  return actions.toSorted((a, b) => a.atMs - b.atMs);
}

class Draw {
  readonly #random: Rng;

  constructor(random: Rng) {
    this.#random = random;
  }

  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  /** Mostly short: half of all is below a quarter. */
  upTo(ms: number): number {
    return Math.ceil(this.#random() ** 2 * ms);
  }

  at(): number {
    return Math.ceil(this.#random() * FAULTS_MS);
  }

  /** Every third while watches are still being answered. */
  early(): number {
    return this.chance(0.35) ? this.upTo(80) : Math.ceil(this.#random() * ACTS_MS);
  }

  /** About when one of these happens. */
  beside(faults: readonly Action[]): number {
    return Math.max(0, this.one(faults).atMs - 20 + this.upTo(BESIDE_MS));
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  one<const T>(of: readonly T[]): T {
    const found = of[this.below(of.length)];
    if (found === undefined) throw new Error("there is nothing to choose from");
    return found;
  }
}
