import { fold } from "./words.ts";

/** A house number as it is looked up: 1234 bis is value 1234, suffix "bis". */
export interface HouseNumber {
  readonly value: number;
  /** Folded, "" for none. */
  readonly suffix: string;
}

const NUMBER = /^(\d{1,5})(?: ?(\p{L}.*|\d.*))?$/u;

/** The number that a folded word is, with a letter at it or none ("1234", "12b"); undefined when it is none. */
export function houseNumberOf(word: string): HouseNumber | undefined {
  const [, digits, suffix = ""] = /^(\d{1,5})(bis|\p{L})?$/u.exec(word) ?? [];
  return digits === undefined ? undefined : { value: Number(digits), suffix };
}

/**
 * The numbers of one door as a map has them: "2744,2748" is two, "10-14" is one that begins at 10; what has no digits
 * ("s/n") is none.
 */
export function doorNumbersOf(written: string): (HouseNumber & { readonly label: string })[] {
  return written.split(/[,;]/u).flatMap((part) => {
    const label = part.trim();
    const [, digits, suffix = ""] = NUMBER.exec(fold(label)) ?? [];
    return digits === undefined ? [] : [{ value: Number(digits), suffix, label }];
  });
}
