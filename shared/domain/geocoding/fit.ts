import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";
import { likenessOf, type Likeness, type Match } from "./likeness.ts";
import { isFiller } from "./words.ts";

/** How rare a word is among a gazetteer's names: 1 in one of them alone, near 0 in all. */
export function rarityOf(names: number, namesWithIt: number): number {
  return Math.log(1 + names / Math.max(1, namesWithIt)) / Math.log(1 + Math.max(1, names));
}

/** A word as typed, and how much it says: {@link rarityOf} the words that it is like, 1 for one like none. */
export interface Term {
  readonly typed: string;
  readonly weight: number;
  /** {@link likenessOf} it and a word of a name. */
  readonly likenessTo: (word: string) => Match | undefined;
}

/** A term that remembers what it was compared with: the same words stand in many names. */
export function termOf(typed: string, weight: number): Term {
  const known = new Map<string, Match | undefined>();
  const likenessTo = (word: string) => {
    if (known.has(word)) return known.get(word);
    const match = likenessOf(typed, word);
    known.set(word, match);
    return match;
  };
  return { typed, weight, likenessTo };
}

/** A name as it is compared. */
export interface NamedThing {
  readonly words: readonly string[];
  /** {@link rarityOf} each word. */
  readonly rarities: readonly number[];
  /** How many doors it has: of streets that fit alike the greater is meant. */
  readonly doors: number;
  readonly point: Point;
}

/** Best first: all words are there; all, some of them only begun; all, some with errors; some words are missing. */
export const TIERS = ["exact", "prefix", "typo", "partial"] as const;

export interface Fit {
  /** Index into {@link TIERS}. */
  readonly tier: number;
  /** Within the tier, greater is better. */
  readonly score: number;
}

/** Less of the text than this found in a name is chance. */
const LEAST_FOUND = 0.5;
/** Nearness fades with this distance, metres. */
const NEAR_M = 3_000;
const PARTIAL = TIERS.indexOf("partial");
const TIER_OF: Readonly<Record<Likeness, number>> = { exact: 0, prefix: 1, typo: 2 };

/**
 * How well a name fits the words of a text, in whatever order: how much of the text it has, how much of it the text has, how
 * great and how near it is. Each word of the name answers one word of the text.
 *
 * @returns undefined when it does not
 */
export function fitOf(terms: readonly Term[], thing: NamedThing, near: Point): Fit | undefined {
  const free = new Set(thing.words.keys());
  let [tier, asked, found, named] = [0, 0, 0, 0];
  for (const { typed, weight, likenessTo } of terms) {
    const best = bestWord(likenessTo, thing, free);
    if (!best) {
      const isSlight = isFiller(typed);
      tier = Math.max(tier, isSlight ? TIER_OF.prefix : PARTIAL);
      if (!isSlight) asked += weight;
      continue;
    }
    free.delete(best.at);
    asked += weight;
    found += weight * best.quality;
    named += thing.rarities[best.at] ?? 0;
    tier = Math.max(tier, TIER_OF[best.likeness]);
  }
  const share = asked === 0 ? 0 : found / asked;
  if (share < LEAST_FOUND) return undefined;
  const whole = thing.rarities.reduce((sum, each) => sum + each, 0);
  const nearness = Math.exp(-distanceM(thing.point, near) / NEAR_M);
  const greatness = Math.log10(1 + thing.doors);
  return { tier, score: share * (0.7 + (0.3 * named) / whole) + 0.1 * nearness + 0.02 * greatness };
}

/** Better first. */
export function compareFits(a: Fit, b: Fit): number {
  return a.tier - b.tier || b.score - a.score;
}

function bestWord(likenessTo: Term["likenessTo"], { words }: NamedThing, free: ReadonlySet<number>) {
  let best: { at: number; quality: number; likeness: Likeness } | undefined;
  for (const at of free) {
    const match = likenessTo(words[at] ?? "");
    if (match && match.quality > (best?.quality ?? 0)) best = { at, ...match };
  }
  return best;
}
