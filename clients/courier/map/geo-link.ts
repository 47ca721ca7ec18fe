import type { Point } from "#shared/contracts/geo.ts";

/** Opens the phone's own navigation (RFC 5870, with the label that Android understands). */
export function geoLink({ lat, lng }: Point, label: string): string {
  const place = `${lat.toFixed(6)},${lng.toFixed(6)}`;
  return `geo:${place}?q=${place}(${encodeURIComponent(label)})`;
}
