import { houseNumberOf, type HouseNumber } from "./house-number.ts";
import { isFiller, wordsOf } from "./words.ts";

/** One way to understand a text: the name's words, and a number at it or none. */
export interface Reading {
  readonly words: readonly string[];
  readonly number: HouseNumber | null;
}

/** Two streets that meet. */
export interface CornerReading {
  readonly first: readonly string[];
  readonly second: readonly string[];
}

export interface Readings {
  readonly words: readonly string[];
  readonly plain: readonly Reading[];
  readonly corners: readonly CornerReading[];
}

/** Longer texts are not addresses; what is beyond is not read. */
const MOST_WORDS = 12;
/** Joins two streets. "y" also stands in names: both ways are tried. */
const JOINS: ReadonlySet<string> = new Set(["y", "e", "esq", "esquina", "and", "i", "et"]);

/**
 * Every way to understand a text. Streets begin with numbers ("18 de Julio"), people write the house number first or last:
 * each number is tried as the house's, and none, and the names that there are decide.
 */
export function readingsOf(text: string): Readings {
  const words = wordsOf(text.replaceAll(/[&/+]/gu, " y ")).slice(0, MOST_WORDS);
  return { words, plain: plainReadings(words), corners: cornerReadings(words) };
}

function plainReadings(words: readonly string[]): Reading[] {
  const readings: Reading[] = [{ words, number: null }];
  for (const [at, word] of words.entries()) {
    const number = houseNumberOf(word);
    const rest = words.filter((_, other) => other !== at);
    // "Calle 5" is a name: no street is called by what is left.
    if (!number || rest.every(isFiller)) continue;
    const without = (count: number) => [...words.slice(0, at), ...words.slice(at + count)];
    const next = words[at + 1] ?? "";
    const isSuffix = number.suffix === "" && (next === "bis" || /^\p{L}$/u.test(next));
    if (isSuffix && words.length > 2)
      readings.push({ words: without(2), number: { value: number.value, suffix: next } });
    if (!isSuffix || next !== "bis") readings.push({ words: without(1), number });
  }
  return readings;
}

function cornerReadings(words: readonly string[]): CornerReading[] {
  return words.flatMap((word, at) => {
    if (!JOINS.has(word)) return [];
    const [first, second] = [words.slice(0, at), words.slice(at + 1)];
    return first.length > 0 && second.length > 0 ? [{ first, second }] : [];
  });
}
