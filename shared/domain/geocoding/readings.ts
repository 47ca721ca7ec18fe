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
  return [{ words, number: null }, ...words.flatMap((_, at) => numberedReadings(words, at))];
}

/** With the word at a place as the house's number, and with the next as its suffix. */
function numberedReadings(words: readonly string[], at: number): Reading[] {
  const number = houseNumberOf(words[at] ?? "");
  const without = (count: number) => [...words.slice(0, at), ...words.slice(at + count)];
  // "Calle 5" is a name: no street is called by what is left.
  if (!number || without(1).every(isFiller)) return [];
  const suffix = number.suffix === "" ? suffixAt(words, at + 1) : undefined;
  const plain = { words: without(1), number };
  if (suffix === undefined || words.length === 2) return [plain];
  const suffixed = { words: without(2), number: { ...number, suffix } };
  return suffix === "bis" ? [suffixed] : [suffixed, plain];
}

/** "1234 bis", "1234 B"; at the end of the text also what a map adds, as "1266 GAR" for a garage. */
function suffixAt(words: readonly string[], at: number): string | undefined {
  const word = words[at] ?? "";
  if (word === "bis" || /^\p{L}$/u.test(word)) return word;
  return at === words.length - 1 && /^\p{L}{2,3}$/u.test(word) && !isFiller(word) ? word : undefined;
}

function cornerReadings(words: readonly string[]): CornerReading[] {
  return words.flatMap((word, at) => {
    if (!JOINS.has(word)) return [];
    const [first, second] = [words.slice(0, at), words.slice(at + 1)];
    return first.length > 0 && second.length > 0 ? [{ first, second }] : [];
  });
}
