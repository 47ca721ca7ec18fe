import type { Point } from "../../geo/point.ts";

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
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const letter of text) {
    const bits = (letter.codePointAt(0) ?? 0) - 63;
    if (bits < 0 || bits > 63 || shift > 30) return undefined;
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits >= 32) continue;
    numbers.push(value % 2 === 1 ? -(value + 1) / 2 : value / 2);
    [value, shift] = [0, 0];
  }
  if (shift > 0 || numbers.length % 2 === 1) return undefined;
  const points: Point[] = [];
  let [lat, lng] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    lat += numbers[at] ?? 0;
    lng += numbers[at + 1] ?? 0;
    points.push({ lat: lat / 10 ** digits, lng: lng / 10 ** digits });
  }
  return points;
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let text = "";
  while (rest >= 32) {
    text += String.fromCodePoint((rest % 32) + 32 + 63);
    rest = Math.floor(rest / 32);
  }
  return text + String.fromCodePoint(rest + 63);
}
