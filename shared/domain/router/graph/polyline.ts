import { decodeNumbers, encodeNumber } from "../../geo/number-text.ts";
import type { Point } from "../../geo/point.ts";

/** Letters of a number of 32 bits and its sign. */
const MOST_LETTERS = 7;

/**
 * Google's "Encoded Polyline Algorithm Format": differences of rounded degrees in groups of five bits, latitude first.
 *
 * @param digits decimals of a degree: 5 (`polyline`) or 6 (`polyline6`)
 */
export function encodePolyline(points: readonly Point[], digits: 5 | 6): string {
  const scale = 10 ** digits;
  let [lat, lng] = [0, 0];
  let text = "";
  for (const point of points) {
    const [nextLat, nextLng] = [Math.round(point.lat * scale), Math.round(point.lng * scale)];
    text += encodeNumber(nextLat - lat) + encodeNumber(nextLng - lng);
    [lat, lng] = [nextLat, nextLng];
  }
  return text;
}

/**
 * The points of an encoded line.
 *
 * @returns undefined when the text is no encoded polyline
 */
export function decodePolyline(text: string, digits: 5 | 6): Point[] | undefined {
  const numbers = decodeNumbers(text, MOST_LETTERS);
  if (!numbers || numbers.length % 2 === 1) return undefined;
  const points: Point[] = [];
  let [lat, lng] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    lat += numbers[at] ?? 0;
    lng += numbers[at + 1] ?? 0;
    points.push({ lat: lat / 10 ** digits, lng: lng / 10 ** digits });
  }
  return points;
}
