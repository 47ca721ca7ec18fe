import type { Districts, Shares } from "./districts.ts";
import { playInOrder } from "./play-in-order.ts";
import { endedAtMs, type Outcome, type Task } from "./task.ts";

const MINUTE_MS = 60_000;
/** After so long what was seen counts for 1/e. */
const FORGET_MS = 120 * MINUTE_MS;
/** Fading goes by steps of this: less changes nothing that anybody could tell. */
const STEP_MS = 2 * MINUTE_MS;
/** How far from usual, in logarithms: the whole city, one of its districts, and a single trip for reasons of its own. */
const CITY = 0.06;
const DISTRICT = 0.15;
const TRIP = 0.33;
/** Districts so far apart have e^-1 of what is their own in common. */
const REACH_M = 1_000;
/** A single trip says no more than this of its way beyond what was believed of it. */
const FURTHEST = 0.6;
/** Nor what it was off altogether more than this: nearly three times, or a third. */
const MOST_OFF = 1;

/** How much slower than usual a way is just now, in logarithms, and how far that may be off. */
export type LivePace = readonly [slower: number, deviation: number];

/**
 * How much slower than usual each district is just now, by trips that are over: a Kalman filter (1960) whose state are all
 * districts, which fade towards the usual (Ornstein and Uhlenbeck, 1930); a trip is seen as the mean of the districts along its
 * fastest way. What two trips say of a street that both used is thus not counted twice, and what one says of it reaches the
 * streets beside it. Told everything in the order of time.
 */
export interface LivePaces {
  /** A trip is over that took `off`, in logarithms, beyond what was expected. */
  learn(shares: Shares, off: number, atMs: number): void;
  read(shares: Shares, atMs: number): LivePace;
}

export function makeLivePaces({ count, apartM }: Pick<Districts, "count" | "apartM">): LivePaces {
  const usual = new Float64Array(count * count);
  for (let one = 0; one < count; one++)
    for (let other = 0; other < count; other++)
      usual[one * count + other] = CITY ** 2 + DISTRICT ** 2 * Math.exp(-apartM(one, other) / REACH_M);
  const slower = new Float64Array(count);
  const spread = usual.slice();
  const common = new Float64Array(count);
  let fadedAtMs = Number.NEGATIVE_INFINITY;

  const fade = (nowMs: number) => {
    if (nowMs - fadedAtMs < STEP_MS) return;
    const kept = Math.exp(-(nowMs - fadedAtMs) / FORGET_MS);
    fadedAtMs = nowMs;
    for (let one = 0; one < count; one++) slower[one]! *= kept;
    for (let at = 0; at < spread.length; at++) spread[at] = usual[at]! + kept ** 2 * (spread[at]! - usual[at]!);
  };
  const meanOf = (shares: Shares) => shares.reduce((sum, [district, share]) => sum + share * slower[district]!, 0);

  return {
    learn: (shares, off, atMs) => {
      fade(atMs);
      if (shares.length === 0) return;
      common.fill(0);
      for (const [district, share] of shares)
        for (let one = 0; one < count; one++) common[one]! += share * spread[district * count + one]!;
      const varies = shares.reduce((sum, [district, share]) => sum + share * common[district]!, TRIP ** 2);
      const beyond = Math.max(-FURTHEST, Math.min(FURTHEST, off - meanOf(shares)));
      for (let one = 0; one < count; one++) {
        const gain = common[one]! / varies;
        if (gain === 0) continue;
        slower[one]! += gain * beyond;
        for (let other = 0; other < count; other++) spread[one * count + other]! -= gain * common[other]!;
      }
    },
    read: (shares, atMs) => {
      fade(atMs);
      let varies = 0;
      for (const [one, share] of shares)
        for (const [other, weight] of shares) varies += share * weight * spread[one * count + other]!;
      return [meanOf(shares), Math.sqrt(Math.max(0, varies))];
    },
  };
}

/** Trips, what was expected of each, and how its fastest way is spread over districts. */
export interface Ridden {
  readonly outcomes: readonly Outcome[];
  readonly expectedS: readonly number[];
  readonly shares: readonly Shares[];
}

/** How slow the way of each question is at its moment, by trips that were over by then. */
export function readLivePaces(
  districts: Districts,
  { outcomes, expectedS, shares }: Ridden,
  questions: readonly Task[],
  asked: readonly Shares[],
): LivePace[] {
  const live = makeLivePaces(districts);
  const read: LivePace[] = questions.map(() => [0, 0]);
  playInOrder(outcomes, questions, {
    asked: (index) => {
      read[index] = live.read(asked[index]!, questions[index]!.askedAtMs);
    },
    opened: () => undefined,
    closed: (index) => {
      const outcome = outcomes[index]!;
      const off = Math.log(outcome.tookS / expectedS[index]!);
      live.learn(shares[index]!, Math.max(-MOST_OFF, Math.min(MOST_OFF, off)), endedAtMs(outcome));
    },
  });
  return read;
}

/** With what is so just now: the trees learn and say what comes on top of it. */
export function withLivePaces<T extends Task>(tasks: readonly T[], paces: readonly LivePace[]): T[] {
  return tasks.map((task, index) => ({
    ...task,
    slower: paces[index]![0],
    facts: [...task.facts, ...paces[index]!],
  }));
}
