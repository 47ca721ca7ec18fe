import { cellCentre, cellOf, cellOutline, cellResolution, zoneOf } from "../geo/cells.ts";
import { EARTH_RADIUS_M } from "../geo/distance.ts";
import type { Point } from "../geo/point.ts";

/** How far outside the old zone a courier must be to change it, metres: several times a phone's usual error. */
export const ZONE_MARGIN_M = 100;

const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180;

/** Metres from a point to the nearest piece of an outline; in the plane that touches the point, exact to a metre over a zone. */
export function metresToOutline(point: Point, outline: readonly Point[]): number {
  const perLng = METRES_PER_DEGREE * Math.cos((point.lat * Math.PI) / 180);
  // Across the date line the difference of longitudes is a whole turn too much.
  const turn = (lng: number) => lng - 360 * Math.round(lng / 360);
  const corners = outline.map(({ lat, lng }) => ({
    x: turn(lng - point.lng) * perLng,
    y: (lat - point.lat) * METRES_PER_DEGREE,
  }));
  let least = Infinity;
  let from = corners.at(-1);
  for (const to of corners) {
    if (from) {
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const share = Math.min(1, Math.max(0, -(from.x * dx + from.y * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, Math.hypot(from.x + share * dx, from.y + share * dy));
    }
    from = to;
  }
  return least;
}

/**
 * The zone whose room a courier belongs in after a fix. [TRK7, TRK8]
 *
 * Changing rooms costs a join on a hub and a marker on a screen, and someone who waits on a border would change with
 * every fix. So the old zone is kept until the fix is outside it by more than the margin.
 *
 * @param current the zone so far (H3 index), or undefined at the start of a shift
 * @returns an H3 index of the zones' resolution
 */
export function nextZone(current: string | undefined, fix: Point, marginM: number = ZONE_MARGIN_M): string {
  if (current === undefined) return zoneOf(fix);
  if (isWellWithin(current, fix)) return current;
  const here = cellOf(fix, cellResolution(current));
  if (here === current) return current;
  return metresToOutline(fix, cellOutline(current)) > marginM ? here : current;
}

/** A circle that lies within a zone, degrees. */
interface Inner {
  readonly centre: Point;
  readonly radiusLat: number;
  /** Of a degree of longitude in one of latitude, at the centre. */
  readonly perLng: number;
}

const inners = new Map<string, Inner>();
const MOST_INNERS = 4_096;
/** Of the circle that touches the outline: what the plane is wrong by over a zone is far less. */
const INNER_SHARE = 0.98;

/** Whether the fix lies in the circle within the zone, nine tenths of it: asked with each fix, and cheaper than its cell. [MOT17] */
function isWellWithin(zone: string, fix: Point): boolean {
  const { centre, radiusLat, perLng } = inners.get(zone) ?? innerOf(zone);
  const [north, east] = [fix.lat - centre.lat, (fix.lng - centre.lng) * perLng];
  return north * north + east * east < radiusLat * radiusLat;
}

function innerOf(zone: string): Inner {
  const centre = cellCentre(zone);
  const radiusLat = (INNER_SHARE * metresToOutline(centre, cellOutline(zone))) / METRES_PER_DEGREE;
  const inner = { centre, radiusLat, perLng: Math.cos((centre.lat * Math.PI) / 180) };
  if (inners.size >= MOST_INNERS) inners.clear();
  inners.set(zone, inner);
  return inner;
}
