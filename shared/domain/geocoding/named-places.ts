import { E7, type City } from "../city/city.ts";
import { distanceM } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";
import { fold } from "./words.ts";

export interface NamedPlace {
  readonly kind: "place" | "quarter";
  readonly name: string;
  readonly addressLine: string | null;
  readonly point: Point;
}

/** Labels that name where people live; others ("state", "islet", "square") are places. */
const QUARTERS: ReadonlySet<string> = new Set(
  "city town village hamlet suburb quarter neighbourhood borough city_block".split(" "),
);
/** Two of one name nearer than this are one thing mapped twice. */
const SAME_WITHIN_M = 400;

/** Everything with a name that is no street: labels, places, and parks and the like at the middle of their outline. */
export function namedPlaces(city: City): NamedPlace[] {
  const found: NamedPlace[] = [];
  const byName = new Map<string, NamedPlace[]>();
  const add = (place: NamedPlace) => {
    const key = fold(place.name);
    const same = byName.get(key) ?? [];
    if (key === "" || same.some((each) => distanceM(each.point, place.point) < SAME_WITHIN_M)) return;
    byName.set(key, [...same, place]);
    found.push(place);
  };
  for (const { name, kind, point } of city.labels) {
    add({ kind: QUARTERS.has(kind) ? "quarter" : "place", name, addressLine: null, point });
  }
  for (const { name, addressLine, point } of city.places) add({ kind: "place", name, addressLine, point });
  for (const place of namedAreas(city)) add(place);
  return found;
}

function* namedAreas({ areas, names }: City): Generator<NamedPlace> {
  for (const [area, nameId] of areas.name.entries()) {
    const name = names[nameId] ?? "";
    const ring = areas.firstRing[area] ?? 0;
    const [begin, end] = [areas.ringStart[ring] ?? 0, areas.ringStart[ring + 1] ?? 0];
    if (name === "" || end <= begin) continue;
    const middle = (column: Int32Array) => {
      let [least, most] = [Infinity, -Infinity];
      for (let at = begin; at < end; at++) {
        least = Math.min(least, column[at] ?? 0);
        most = Math.max(most, column[at] ?? 0);
      }
      return (least + most) / 2 / E7;
    };
    yield { kind: "place", name, addressLine: null, point: { lat: middle(areas.latE7), lng: middle(areas.lngE7) } };
  }
}
