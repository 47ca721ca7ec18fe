import { formsOf } from "./words.ts";

/**
 * Typing errors by deletion: two words within one edit of each other share a word that is one letter shorter than either, or
 * one of them is it (the idea of SymSpell's "symmetric delete", W. Garbe 2012). So a store that keeps these keys answers
 * errors, beginnings and the words themselves with one exact look-up.
 */

/** Keys look at so many letters; what comes after is compared when the word is at hand. */
const KEY_LETTERS = 8;
/** Shorter words are too much like each other to guess. */
const ONE_EDIT_FROM = 4;
const TWO_EDITS_FROM = 8;

const DIGIT = /\d/u;

export type Likeness = "exact" | "prefix" | "typo";

export interface Match {
  readonly likeness: Likeness;
  /** 1 for the word itself, down to 0.5. */
  readonly quality: number;
}

/** Under which keys a word of a name is kept: all that {@link lookupsOf} of anything like it asks for. */
export function keysOf(word: string): Set<string> {
  const keys = new Set<string>();
  for (const form of formsOf(word)) {
    if (form.length === 1) keys.add(form);
    for (let length = 2; length <= Math.min(form.length, KEY_LETTERS); length++) keys.add(form.slice(0, length));
  }
  if (word.length < ONE_EDIT_FROM || DIGIT.test(word)) return keys;
  for (let length = ONE_EDIT_FROM; length <= Math.min(word.length, KEY_LETTERS); length++) {
    addAll(keys, without(word.slice(0, length)));
  }
  if (word.length >= TWO_EDITS_FROM) addTwice(keys, word.slice(0, KEY_LETTERS));
  return keys;
}

/** Which keys to ask for, for a word as typed, perhaps wrongly or not to its end. */
export function lookupsOf(typed: string): Set<string> {
  const start = typed.slice(0, KEY_LETTERS);
  const keys = new Set([start]);
  const most = editsAllowed(typed);
  if (most >= 1) addAll(keys, without(start));
  if (most >= 2) addTwice(keys, start);
  return keys;
}

/** How a typed word is like a word of a name; undefined when it is not. */
export function likenessOf(typed: string, word: string): Match | undefined {
  const forms = formsOf(word);
  if (forms.includes(typed)) return { likeness: "exact", quality: 1 };
  return begunOf(typed, forms) ?? typoOf(typed, word);
}

function begunOf(typed: string, forms: readonly string[]): Match | undefined {
  const begun = forms.find((form) => form.startsWith(typed));
  if (begun === undefined) return undefined;
  // One letter is an initial ("Luis A. de Herrera"); one digit begins no number.
  if (typed.length === 1) return DIGIT.test(typed) ? undefined : { likeness: "prefix", quality: 0.8 };
  return { likeness: "prefix", quality: 0.8 + (0.15 * typed.length) / begun.length };
}

function typoOf(typed: string, word: string): Match | undefined {
  if (DIGIT.test(word) || word.length < ONE_EDIT_FROM - 1) return undefined;
  const most = editsAllowed(typed);
  if (most === 0) return isShortOf(typed, word) ? { likeness: "typo", quality: 0.7 } : undefined;
  const { whole, start } = edits(typed, word);
  if (whole <= most) return { likeness: "typo", quality: whole === 1 ? 0.75 : 0.6 };
  return start <= 1 ? { likeness: "typo", quality: 0.5 } : undefined;
}

/**
 * Optimal string alignment: the fewest insertions, deletions, changes and swaps of neighbours, no letter touched twice.
 *
 * @returns from `typed` to the whole word, and to the nearest of its beginnings
 */
export function edits(typed: string, word: string): { readonly whole: number; readonly start: number } {
  let [before, last] = [[] as number[], Array.from({ length: word.length + 1 }, (_, index) => index)];
  const at = (row: readonly number[], index: number) => row[index] ?? Infinity;
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= word.length; j++) {
      const change = typed[i - 1] === word[j - 1] ? 0 : 1;
      const isSwap = i > 1 && typed[i - 1] === word[j - 2] && typed[i - 2] === word[j - 1];
      const swapped = isSwap ? at(before, j - 2) + 1 : Infinity;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + change, swapped));
    }
    [before, last] = [last, row];
  }
  return { whole: last[word.length] ?? 0, start: Math.min(...last) };
}

function editsAllowed(typed: string): number {
  if (DIGIT.test(typed) || typed.length < ONE_EDIT_FROM) return 0;
  return typed.length < TWO_EDITS_FROM ? 1 : 2;
}

/** Whether three letters are a word of four without one of them. */
function isShortOf(typed: string, word: string): boolean {
  return typed.length === 3 && word.length === 4 && !DIGIT.test(typed) && [...without(word)].includes(typed);
}

/** The word without one of its letters, each way. */
function* without(word: string): Generator<string> {
  for (let at = 0; at < word.length; at++) yield word.slice(0, at) + word.slice(at + 1);
}

function addTwice(keys: Set<string>, word: string): void {
  for (const once of without(word)) addAll(keys, without(once));
}

function addAll(keys: Set<string>, more: Iterable<string>): void {
  for (const key of more) keys.add(key);
}
