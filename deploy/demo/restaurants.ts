import type { City, CityPlace } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { fold } from "#shared/domain/geocoding/words.ts";

import { KITCHENS, kitchenOf, type KitchenKind } from "./kitchen-of.ts";
import { menuFor, type DemoSection } from "./menu.ts";
import { parseOpeningHours, type OpenSpan } from "./opening-hours.ts";
import { nearestDoor } from "./people.ts";
import { rngOf, seedOf } from "./seed-of.ts";

export interface DemoRestaurant {
  readonly name: string;
  readonly kind: KitchenKind;
  readonly cuisine: string;
  readonly description: string;
  readonly addressLine: string;
  readonly point: Point;
  readonly prepMinutes: number;
  readonly hours: readonly OpenSpan[];
  readonly menu: readonly DemoSection[];
}

/** `always`: whoever tries the demo at four in the morning finds it open. `real`: by OpenStreetMap, as far as it is known. */
export type DemoHours = "always" | "real";

/** Restaurants stand no further from the middle than this, so that rides are short enough to be watched. */
const REACH_M = 4_500;
/** The middle is where most food is sold within so far. */
const DENSE_M = 1_200;
const APART_M = 90;
/** Of one kind of kitchen no more than this share, so that there is something for everybody. */
const LARGEST_SHARE = 0.14;
/** What each says of itself, and is known by. */
export const DEMO_WORDS = "A real place's name; this menu, its prices and its hours are demo data.";
/** Kinds of place, or bare numbers, that somebody entered for want of a name. */
const NO_NAME = /^(pizzeria|panaderia|restaurante?|bar|cafe|parrillada|heladeria|rotiseria|carrito|\d+)$/u;

/**
 * Restaurants for a demo out of a city's places: real names, near the place where most food is sold, of many kinds. The
 * city alone decides, so that a second start finds the same ones. [DMO4]
 */
export function chooseRestaurants(city: City, count: number, hours: DemoHours = "always"): readonly DemoRestaurant[] {
  const places = city.places.filter((place) => place.food && !NO_NAME.test(fold(place.name)));
  const middle = middleOf(places.map((place) => place.point));
  if (!middle) return [];
  const near = places.filter((place) => distanceM(place.point, middle) <= REACH_M);
  const ranked = near.toSorted((a, b) => rankOf(b) - rankOf(a) || Number(a.name > b.name) - Number(a.name < b.name));
  const chosen = spread(ranked, count);
  return chosen
    .toSorted((a, b) => distanceM(a.point, middle) - distanceM(b.point, middle))
    .map((place) => restaurantOf(place, hours, city));
}

/** The one of them around which most of the others lie; undefined of none. */
export function middleOf(points: readonly Point[]): Point | undefined {
  const around = (point: Point): number => points.filter((each) => distanceM(each, point) <= DENSE_M).length;
  const counted = points.map((point) => ({ point, count: around(point) }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.point;
}

/** What is known of a place speaks for it; the rest is by lot, but always the same one. */
function rankOf({ name, cuisines, addressLine, openingHours }: CityPlace): number {
  const known = (cuisines.length > 0 ? 2 : 0) + (addressLine === null ? 0 : 1) + (openingHours === null ? 0 : 1);
  return known + (seedOf(name) / 2 ** 32) * 2.5;
}

/** The first of them that are not the namesake or the next-door neighbour of one before, nor one too many of a kind. */
function spread(ranked: readonly CityPlace[], count: number): readonly CityPlace[] {
  const most = Math.max(1, Math.ceil(count * LARGEST_SHARE));
  const ofKind = new Map<KitchenKind, number>();
  const names = new Set<string>();
  const chosen: CityPlace[] = [];
  for (const place of ranked) {
    if (chosen.length === count) break;
    const kind = kitchenOf(place);
    const name = fold(place.name);
    if (names.has(name) || (ofKind.get(kind) ?? 0) >= most) continue;
    if (chosen.some((each) => distanceM(each.point, place.point) < APART_M)) continue;
    names.add(name);
    ofKind.set(kind, (ofKind.get(kind) ?? 0) + 1);
    chosen.push(place);
  }
  return chosen;
}

/** A place of the city as a restaurant of the platform. */
export function restaurantOf(place: CityPlace, hours: DemoHours = "always", city?: City): DemoRestaurant {
  const kind = kitchenOf(place);
  const { cuisine, prepMinutes } = KITCHENS[kind];
  const slower = Math.floor(rngOf(`${place.name} prep`)() * 5) - 2;
  const name = place.name.trim().slice(0, 80);
  return {
    name,
    kind,
    cuisine,
    description: DEMO_WORDS,
    addressLine: place.addressLine ?? nearestLine(place.point, city),
    point: place.point,
    prepMinutes: prepMinutes + slower,
    hours: hoursOf(place, hours),
    menu: menuFor(name, kind),
  };
}

/** OpenStreetMap often knows no number for a place, but one next to it. */
function nearestLine(point: Point, city: City | undefined): string {
  const door = city && nearestDoor(city, point);
  return door ? `By ${door.line}` : "On the map";
}

const DAYS = [0, 1, 2, 3, 4, 5, 6];
/** Opening and closing minutes by OpenStreetMap's kind, where a place's own are not known. */
const USUAL: Readonly<Record<string, readonly [number, number]>> = {
  cafe: [8 * 60, 21 * 60],
  bakery: [7 * 60, 21 * 60],
  pastry: [8 * 60, 20 * 60],
  confectionery: [8 * 60, 20 * 60],
  ice_cream: [11 * 60, 24 * 60],
  bar: [18 * 60, 26 * 60],
  pub: [18 * 60, 26 * 60],
  fast_food: [11 * 60, 25 * 60],
};
const USUAL_ELSE: readonly [number, number] = [11 * 60 + 30, 24 * 60];

function hoursOf({ kind, openingHours }: CityPlace, hours: DemoHours): readonly OpenSpan[] {
  if (hours === "always") return DAYS.map((weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));
  const known = openingHours === null ? null : parseOpeningHours(openingHours);
  const [opensMinute, closesMinute] = USUAL[kind] ?? USUAL_ELSE;
  return known ?? DAYS.map((weekday) => ({ weekday, opensMinute, closesMinute }));
}
