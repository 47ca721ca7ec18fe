import type { Point } from "#shared/contracts/geo.ts";

/** A typed place, degrees with point or comma; undefined when it is none on Earth. */
export function pointOf(latText: string, lngText: string): Point | undefined {
  const [lat, lng] = [degrees(latText), degrees(lngText)];
  if (lat === undefined || lng === undefined || Math.abs(lat) > 90 || Math.abs(lng) > 180) return undefined;
  return { lat, lng };
}

function degrees(text: string): number | undefined {
  const trimmed = text.trim().replace(",", ".");
  const value = Number(trimmed);
  return trimmed === "" || !Number.isFinite(value) ? undefined : value;
}
