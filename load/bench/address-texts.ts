import { E7, type City } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import type { Rng } from "#shared/lib/rng.ts";

export interface SampleAddress {
  readonly street: string;
  readonly number: string;
  /** Street and number as a map writes them. */
  readonly line: string;
  readonly point: Point;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
/** Shorter words carry no errors: every other word of so few letters is one error away. */
const LEAST_LETTERS = 4;

/** Doors drawn evenly; of a door with several numbers one of them. */
export function sampleAddresses({ addresses, names }: City, rng: Rng, count: number): SampleAddress[] {
  const nameAt = (column: Uint32Array, row: number) => names[column[row] ?? 0] ?? "";
  const found: SampleAddress[] = [];
  for (let tries = 0; found.length < count && tries < count * 20; tries++) {
    const row = Math.floor(rng() * addresses.street.length);
    const street = nameAt(addresses.street, row);
    const numbers = nameAt(addresses.number, row)
      .split(/[,;]/u)
      .map((each) => each.trim());
    const number = numbers[Math.floor(rng() * numbers.length)] ?? "";
    if (street === "" || !/^\d{1,5}( ?\p{L}+)?$/u.test(number)) continue;
    const point = { lat: (addresses.latE7[row] ?? 0) / E7, lng: (addresses.lngE7[row] ?? 0) / E7 };
    found.push({ street, number, line: `${street} ${number}`, point });
  }
  return found;
}

/** One letter of one word left out, changed, added or swapped with the next; the text itself where no word is long enough. */
export function mistyped(text: string, rng: Rng): string {
  const words = [...text.matchAll(/\p{L}+/gu)].filter(([word]) => word.length >= LEAST_LETTERS);
  const word = words[Math.floor(rng() * words.length)];
  if (!word) return text;
  const at = word.index + Math.floor(rng() * (word[0].length - 1));
  const letter = LETTERS[Math.floor(rng() * LETTERS.length)] ?? "";
  const [before, here, next, after] = [text.slice(0, at), text[at] ?? "", text[at + 1] ?? "", text.slice(at + 2)];
  const ways = [before + next + after, before + letter + next + after, before + here + letter + next + after];
  return [...ways, before + next + here + after][Math.floor(rng() * 4)] ?? text;
}

/** The text without its last one to three letters, as far as three of its last word are left. */
export function cutOff(text: string, rng: Rng): string {
  const last = /\p{L}+$/u.exec(text)?.[0] ?? "";
  const most = Math.min(3, last.length - 3);
  return most < 1 ? text : text.slice(0, -(1 + Math.floor(rng() * most)));
}
