import { E7, type City } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";

export interface Door {
  readonly point: Point;
  /** Street and number. */
  readonly line: string;
}

const VEHICLES = ["motorbike", "bicycle", "motorbike", "bicycle", "motorbike", "car", "bicycle", "foot"] as const;
export type CourierVehicle = (typeof VEHICLES)[number];

/** How far from a restaurant somebody lives who orders there, metres. */
const NEAREST_M = 250;
const FARTHEST_M = 1_900;
const TRIES_A_DOOR = 400;

/** A courier's vehicle: mostly motorbikes and bicycles, now and then a car or somebody on foot. */
export function vehicleOf(index: number): CourierVehicle {
  return VEHICLES[index % VEHICLES.length] ?? "bicycle";
}

/**
 * Doors of the city, each within a ride of one of the restaurants; fewer where there are not so many. The city and the
 * restaurants alone decide. [DMO5]
 */
export function chooseDoors(city: City, restaurants: readonly Point[], count: number): readonly Door[] {
  const rng = seededRng(restaurants.length * 7919 + count);
  const doors: Door[] = [];
  const taken = new Set<number>();
  for (let tries = 0; doors.length < count && tries < count * TRIES_A_DOOR; tries++) {
    const near = restaurants[doors.length % Math.max(1, restaurants.length)];
    const row = Math.floor(rng() * city.addresses.street.length);
    const door = doorAt(city, row);
    if (!near || !door || taken.has(row)) continue;
    const farM = distanceM(near, door.point);
    if (farM < NEAREST_M || farM > FARTHEST_M) continue;
    taken.add(row);
    doors.push(door);
  }
  return doors;
}

/** The door next to a place, as the crow flies; undefined in a city without addresses. */
export function nearestDoor(city: City, { lat, lng }: Point): Door | undefined {
  const { latE7, lngE7 } = city.addresses;
  const narrow = Math.cos((lat * Math.PI) / 180);
  let [best, bestSquare] = [-1, Number.POSITIVE_INFINITY];
  for (let row = 0; row < latE7.length; row++) {
    const north = (latE7[row] ?? 0) - lat * E7;
    const east = ((lngE7[row] ?? 0) - lng * E7) * narrow;
    const square = north * north + east * east;
    if (square < bestSquare) [best, bestSquare] = [row, square];
  }
  return doorAt(city, best);
}

function doorAt({ addresses, names }: City, row: number): Door | undefined {
  const street = names[addresses.street[row] ?? 0];
  const [latE7, lngE7] = [addresses.latE7[row], addresses.lngE7[row]];
  if (!street || latE7 === undefined || lngE7 === undefined) return undefined;
  const line = `${street} ${names[addresses.number[row] ?? 0] ?? ""}`.trim();
  return { point: { lat: latE7 / E7, lng: lngE7 / E7 }, line };
}

/** A crossing of the city near each of the places in turn, for couriers to begin at. */
export function chooseStarts(city: City, near: readonly Point[], count: number): readonly Point[] {
  const rng = seededRng(count);
  return Array.from({ length: count }, (_, index) => {
    const place = near[index % Math.max(1, near.length)] ?? centerOf(city);
    return crossingNear(city, place, rng);
  });
}

const START_WITHIN_M = 700;

function crossingNear({ streets }: City, place: Point, rng: Rng): Point {
  const nodes = streets.nodeLatE7.length;
  for (let tries = 0; tries < 4_000; tries++) {
    const node = Math.floor(rng() * nodes);
    const point = { lat: (streets.nodeLatE7[node] ?? 0) / E7, lng: (streets.nodeLngE7[node] ?? 0) / E7 };
    if (distanceM(point, place) <= START_WITHIN_M) return point;
  }
  return place;
}

/** The middle of the city's frame. */
export function centerOf({ meta: { southWest, northEast } }: City): Point {
  return { lat: (southWest.lat + northEast.lat) / 2, lng: (southWest.lng + northEast.lng) / 2 };
}
