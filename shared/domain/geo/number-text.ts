/** Bits of a letter; one more says that another letter follows. */
const BITS = 5;
const FULL = 2 ** BITS;
/** The letter of 0. */
const FIRST = 63;

/** A whole number, of up to 50 bits, in printable letters: groups of five bits, the sign in the lowest. */
export function encodeNumber(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = "";
  while (rest >= FULL) {
    text += String.fromCodePoint((rest % FULL) + FULL + FIRST);
    rest = Math.floor(rest / FULL);
  }
  return text + String.fromCodePoint(rest + FIRST);
}

/**
 * The numbers of a text of {@link encodeNumber}.
 *
 * @param mostLetters of one number
 * @returns undefined when the text is none
 */
export function decodeNumbers(text: string, mostLetters: number): number[] | undefined {
  const numbers: number[] = [];
  let [value, letters] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const bits = text.charCodeAt(at) - FIRST;
    if (bits < 0 || bits >= 2 * FULL || letters >= mostLetters) return undefined;
    value += (bits % FULL) * 2 ** (BITS * letters);
    letters += 1;
    if (bits >= FULL) continue;
    numbers.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2);
    [value, letters] = [0, 0];
  }
  return letters > 0 ? undefined : numbers;
}
