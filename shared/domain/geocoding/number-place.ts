import type { Point } from "../geo/point.ts";

/** A door of a street with its number as written. */
export interface NumberedDoor {
  readonly label: string;
  readonly number: number;
  readonly point: Point;
}

/** The door with the number that was asked for, and those with the nearest numbers below and above. */
export interface DoorsAround {
  readonly exact: NumberedDoor | undefined;
  readonly below: NumberedDoor | undefined;
  readonly above: NumberedDoor | undefined;
}

/**
 * Where a house number is: at its door; else between its neighbours, as far along as the number is between theirs; else at
 * the one neighbour that there is. No point where the street has no doors.
 */
export function placeOfNumber(
  value: number,
  { exact, below, above }: DoorsAround,
): { readonly exact: boolean; readonly point: Point | undefined } {
  if (exact) return { exact: true, point: exact.point };
  if (!below || !above) return { exact: false, point: (below ?? above)?.point };
  const share = (value - below.number) / (above.number - below.number);
  const between = (from: number, to: number) => from + (to - from) * share;
  return {
    exact: false,
    point: { lat: between(below.point.lat, above.point.lat), lng: between(below.point.lng, above.point.lng) },
  };
}
