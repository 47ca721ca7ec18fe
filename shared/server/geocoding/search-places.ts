import type { FoundPlace } from "#shared/contracts/catalogue/geocoding.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { compareFits, fitOf, termOf, TIERS, type Fit, type Term } from "#shared/domain/geocoding/fit.ts";
import { houseNumberOf, type HouseNumber } from "#shared/domain/geocoding/house-number.ts";
import { likenessOf, lookupsOf } from "#shared/domain/geocoding/likeness.ts";
import { placeOfNumber, type DoorsAround } from "#shared/domain/geocoding/number-place.ts";
import { readingsOf, type CornerReading, type Reading } from "#shared/domain/geocoding/readings.ts";
import { fold, isFiller } from "#shared/domain/geocoding/words.ts";

import type { Tx } from "../db/connect.ts";
import {
  cornersOf,
  doorsAt,
  entriesWith,
  QUARTER_WITHIN_M,
  quartersAt,
  wordsUnder,
  type Entry,
  type KnownWord,
  type Wanted,
} from "./gazetteer-rows.ts";

export interface PlaceQuery {
  readonly marketId: string;
  /** How many names the market's gazetteer has. */
  readonly names: number;
  readonly text: string;
  /** Of places that fit alike the nearer to it is meant. */
  readonly near: Point;
  readonly limit: number;
}

/** A place before its quarter and distance are known. */
export type Candidate = Omit<FoundPlace, "quarter" | "distanceM"> & { readonly fit: Fit };

/** Shorter texts would find everything. */
const LEAST_LETTERS = 2;
/** Streets of which the house number is looked up. */
const MOST_NUMBERED = 24;
/** Streets tried on each side of a corner. */
const MOST_AT_CORNER = 16;
/** Words that one typed word may stand for. */
const MOST_MEANT = 120;
/** A name with less of what is wanted is not the one: what `fitOf` leaves off, and somewhat more for words that fit twice. */
const LEAST_SHARE = 0.35;
/** A number that is not known is worth so much less. */
const INEXACT = 0.1;

/** Two of one label nearer than this are one place. */
const SAME_WITHIN_M = 300;
const [BEGUN, PARTIAL] = [TIERS.indexOf("prefix"), TIERS.indexOf("partial")];

/** What a text may mean, the likeliest first. At most eight statements, each by an index. */
export async function searchPlaces(tx: Tx, query: PlaceQuery): Promise<Omit<FoundPlace, "distanceM">[]> {
  if (fold(query.text).length < LEAST_LETTERS) return [];
  const readings = readingsOf(query.text);
  const meanings = await readMeanings(tx, query, readings.words);
  const found = [
    ...(await named(tx, query, meanings, readings.words, readings.plain)),
    ...(await corners(tx, query, meanings, readings.corners)),
  ].toSorted((a, b) => compareFits(a.fit, b.fit));
  const wholly = found.filter(({ fit }) => fit.tier < PARTIAL);
  const best = distinct(wholly.length > 0 ? wholly : found, query.limit);
  const points = best.map(({ point }) => point);
  const quarters = await quartersAt(tx, query.marketId, points, QUARTER_WITHIN_M);
  return best.map(({ kind, label, line, point, exact }, index) => {
    return { kind, label, line, point, exact, quarter: quarters[index] ?? null };
  });
}

/** What one typed word may stand for, and how much it says. */
interface Meaning {
  readonly term: Term;
  readonly words: readonly { readonly word: string; readonly weight: number }[];
}
type Meanings = ReadonlyMap<string, Meaning>;

async function readMeanings(tx: Tx, { marketId, names }: PlaceQuery, typed: readonly string[]): Promise<Meanings> {
  const lookups = new Map(typed.map((word) => [word, lookupsOf(word)]));
  const keys = new Set([...lookups.values()].flatMap((its) => [...its]));
  const known = await wordsUnder(tx, marketId, names, [...keys]);
  return new Map(
    [...lookups].map(([word, its]) => [
      word,
      meaningOf(
        word,
        known.filter((each) => each.keys.some((key) => its.has(key))),
      ),
    ]),
  );
}

function meaningOf(typed: string, known: readonly KnownWord[]): Meaning {
  const words = known
    .flatMap(({ word, rarity }) => {
      const match = likenessOf(typed, word);
      return match ? [{ word, rarity, quality: match.quality, weight: match.quality * rarity }] : [];
    })
    .toSorted((a, b) => b.quality - a.quality || a.rarity - b.rarity)
    .slice(0, MOST_MEANT);
  const [first] = words;
  // A word that is nobody's says as much as one of one name alone: what lacks it is something else.
  return { term: termOf(typed, first?.rarity ?? 1), words };
}

function termsOf(meanings: Meanings, words: readonly string[]): Term[] {
  return words.map((typed) => meanings.get(typed)?.term ?? termOf(typed, 1));
}

/** What a name needs to be compared at all: words that say nothing, and numbers that may be the house's, need not be in it. */
function wantedOf(meanings: Meanings, words: readonly string[]): Wanted {
  const telling = words.filter((word) => !isFiller(word));
  const asked = telling.length > 0 ? telling : words;
  const wanted = asked.flatMap((typed, term) => (meanings.get(typed)?.words ?? []).map((each) => ({ ...each, term })));
  const heaviest = asked
    .filter((word) => !houseNumberOf(word))
    .map((word) => Math.max(0, ...(meanings.get(word)?.words ?? []).map(({ weight }) => weight)));
  return { wanted, leastWeight: LEAST_SHARE * heaviest.reduce((sum, each) => sum + each, 0) };
}

/** Streets, with and without a number, places and quarters by their name. */
async function named(
  tx: Tx,
  query: PlaceQuery,
  meanings: Meanings,
  words: readonly string[],
  readings: readonly Reading[],
): Promise<Candidate[]> {
  const entries = await entriesWith(tx, query.marketId, wantedOf(meanings, words), query.near);
  const fits = readings
    .flatMap(({ words: its, number }) => {
      const terms = termsOf(meanings, its);
      return entries.flatMap((entry) => {
        if (number && entry.kind !== "street") return [];
        const fit = fitOf(terms, entry, query.near);
        return fit ? [{ entry, number, fit }] : [];
      });
    })
    .toSorted((a, b) => compareFits(a.fit, b.fit));
  const numbered = fits.filter(({ number }) => number !== null).slice(0, MOST_NUMBERED);
  const asked = numbered.map(({ entry, number }) => ({ streetId: entry.id, number: number ?? NO_NUMBER }));
  const doors = await doorsAt(tx, query.marketId, asked);
  const candidates = [
    ...fits.filter(({ number }) => number === null).map(({ entry, fit }) => ({ entry, place: nameOf(entry, fit) })),
    ...numbered.map(({ entry, number, fit }, index) => ({
      entry,
      place: addressOf(entry, number ?? NO_NUMBER, fit, doors[index] ?? NO_DOORS),
    })),
  ].toSorted((a, b) => compareFits(a.place.fit, b.place.fit));
  // Of the ways to read a text, one is meant: that by which the street fits best.
  const seen = new Set<number>();
  return candidates.filter(({ entry }) => !seen.has(entry.id) && seen.add(entry.id)).map(({ place }) => place);
}

const NO_NUMBER: HouseNumber = { value: 0, suffix: "" };
const NO_DOORS: DoorsAround = { exact: undefined, below: undefined, above: undefined };

function nameOf({ kind, name, addressLine, point }: Entry, fit: Fit): Candidate {
  const line = addressLine === null ? name : `${name}, ${addressLine}`;
  return { kind, label: name, line, point, exact: true, fit };
}

function addressOf({ name, point }: Entry, number: HouseNumber, fit: Fit, doors: DoorsAround): Candidate {
  const at = placeOfNumber(number.value, doors);
  const label = `${name} ${doors.exact?.label ?? `${number.value} ${number.suffix}`.trim()}`;
  return {
    kind: at.point ? "address" : "street",
    label,
    line: label,
    point: at.point ?? point,
    exact: at.exact,
    fit: at.exact ? fit : { tier: Math.max(fit.tier, BEGUN), score: fit.score - INEXACT },
  };
}

/** Where two streets meet, for each way to take the text apart. */
async function corners(
  tx: Tx,
  query: PlaceQuery,
  meanings: Meanings,
  readings: readonly CornerReading[],
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const { first, second } of readings.slice(0, 2)) {
    // oxlint-disable-next-line no-await-in-loop -- one transaction
    const [ours, others] = [await streets(tx, query, meanings, first), await streets(tx, query, meanings, second)];
    // oxlint-disable-next-line no-await-in-loop
    const meets = await cornersOf(tx, query.marketId, [...ours.keys()], [...others.keys()]);
    for (const { streetId, otherId, point } of meets) {
      const [one, two] = [ours.get(streetId), others.get(otherId)];
      if (!one || !two) continue;
      const label = `${one.entry.name} ${/^h?i/u.test(fold(two.entry.name)) ? "e" : "y"} ${two.entry.name}`;
      const fit = { tier: Math.max(one.fit.tier, two.fit.tier), score: (one.fit.score + two.fit.score) / 2 };
      found.push({ kind: "corner", label, line: label, point, exact: true, fit });
    }
  }
  return found;
}

async function streets(tx: Tx, query: PlaceQuery, meanings: Meanings, words: readonly string[]) {
  const entries = await entriesWith(tx, query.marketId, wantedOf(meanings, words), query.near);
  const terms = termsOf(meanings, words);
  const fits = entries.flatMap((entry) => {
    const fit = entry.kind === "street" ? fitOf(terms, entry, query.near) : undefined;
    return fit ? [{ entry, fit }] : [];
  });
  const best = fits.toSorted((a, b) => compareFits(a.fit, b.fit)).slice(0, MOST_AT_CORNER);
  return new Map(best.map((each) => [each.entry.id, each]));
}

function distinct(candidates: readonly Candidate[], limit: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const each of candidates) {
    if (kept.length >= limit) break;
    const label = fold(each.label);
    const isSame = (other: Candidate) =>
      fold(other.label) === label && distanceM(other.point, each.point) < SAME_WITHIN_M;
    if (!kept.some(isSame)) kept.push(each);
  }
  return kept;
}
