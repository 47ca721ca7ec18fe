import type { PackedZoneFrame, ZoneFrame } from "../../contracts/streams.ts";

/** Steps in a degree: a millionth is 11 cm or less. */
const STEPS = 1e6;

/**
 * A zone's frame as it travels: fixed-point numbers, each as its difference from the frame's first place and newest time.
 *
 * @param couriers who moved, at least one
 */
export function packZoneFrame({ zone, couriers }: ZoneFrame): PackedZoneFrame {
  const lat = Math.round((couriers[0]?.lat ?? 0) * STEPS);
  const lng = Math.round((couriers[0]?.lng ?? 0) * STEPS);
  const atMs = couriers.reduce((newest, { takenAtMs }) => Math.max(newest, takenAtMs), 0);
  return {
    zone,
    lat,
    lng,
    atMs,
    couriers: couriers.map((each) => [
      each.courierId,
      Math.round(each.lat * STEPS) - lat,
      Math.round(each.lng * STEPS) - lng,
      each.speedMps === null ? null : Math.round(each.speedMps * 10),
      each.headingDeg === null ? null : Math.round(each.headingDeg),
      atMs - each.takenAtMs,
    ]),
  };
}

export function unpackZoneFrame({ zone, lat, lng, atMs, couriers }: PackedZoneFrame): ZoneFrame {
  return {
    zone,
    couriers: couriers.map(([courierId, north, east, speedDmps, headingDeg, agoMs]) => ({
      courierId,
      lat: (lat + north) / STEPS,
      lng: (lng + east) / STEPS,
      speedMps: speedDmps === null ? null : speedDmps / 10,
      headingDeg,
      takenAtMs: atMs - agoMs,
    })),
  };
}
