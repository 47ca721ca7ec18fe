import type { Fix } from "../../../contracts/geo.ts";
import { decodeNumbers, encodeNumber } from "../../geo/number-text.ts";

/** Steps of one unit: milliseconds, a tenth of a metre on the ground, centimetres, cm/s, tenths of a degree. */
const DEGREES = 1e6;
const METRES = 100;
const SPEED = 100;
const HEADING = 10;
/** Numbers of a fix: time, latitude, longitude and accuracy as differences; speed and heading, 0 where not known. */
const NUMBERS = 6;
/** Letters of a number of 50 bits. */
const MOST_LETTERS = 10;

/** A trace in a few letters a fix; what is finer than the phone knows is rounded off. [MOT8] */
export function encodeTrace(fixes: readonly Fix[]): string {
  let before = [0, 0, 0, 0];
  let text = "";
  for (const { takenAtMs, lat, lng, accuracyM, speedMps, headingDeg } of fixes) {
    const now = [takenAtMs, Math.round(lat * DEGREES), Math.round(lng * DEGREES), Math.round(accuracyM * METRES)];
    for (const [index, value] of now.entries()) text += encodeNumber(value - (before[index] ?? 0));
    text += encodeNumber(speedMps === null ? 0 : 1 + Math.round(speedMps * SPEED));
    text += encodeNumber(headingDeg === null ? 0 : 1 + Math.round(headingDeg * HEADING));
    before = now;
  }
  return text;
}

/**
 * The fixes of {@link encodeTrace}; the caller parses each, as it would any that came as an object.
 *
 * @returns undefined when the text is no trace
 */
export function decodeTrace(text: string): Fix[] | undefined {
  const numbers = decodeNumbers(text, MOST_LETTERS);
  if (!numbers || numbers.length % NUMBERS !== 0) return undefined;
  const fixes: Fix[] = [];
  let [takenAtMs, lat, lng, accuracy] = [0, 0, 0, 0];
  for (let at = 0; at < numbers.length; at += NUMBERS) {
    takenAtMs += numbers[at] ?? 0;
    lat += numbers[at + 1] ?? 0;
    lng += numbers[at + 2] ?? 0;
    accuracy += numbers[at + 3] ?? 0;
    fixes.push({
      takenAtMs,
      lat: lat / DEGREES,
      lng: lng / DEGREES,
      accuracyM: accuracy / METRES,
      speedMps: known(numbers[at + 4], SPEED),
      headingDeg: known(numbers[at + 5], HEADING),
    });
  }
  return fixes;
}

function known(value: number | undefined, unit: number): number | null {
  return value === undefined || value === 0 ? null : (value - 1) / unit;
}
