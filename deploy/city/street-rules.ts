/**
 * What OpenStreetMap's tags say of a street: who may ride it which way, how fast, what it is. Defaults by kind of street
 * are the worldwide ones of the OpenStreetMap wiki, "OSM tags for routing/Access restrictions".
 */
import { STREET_CLASSES, STREET_FLAG, VEHICLES, type StreetClass, type Vehicle } from "#shared/domain/city/city.ts";

import type { Tags } from "./osm-data.ts";
import { maxSpeedKmh } from "./speed-tags.ts";

export interface StreetRule {
  readonly streetClass: StreetClass;
  /** Bits as in `StreetNetwork.access`, along the way's own direction. */
  readonly access: number;
  /** 0 when no limit is known. */
  readonly maxSpeedKmh: number;
  /** Bits of `STREET_FLAG`. */
  readonly flags: number;
}

/** Kinds of highway that are streets under another name. */
const SAME_AS: Readonly<Record<string, StreetClass>> = {
  road: "unclassified",
  bridleway: "path",
  corridor: "footway",
  crossing: "footway",
};

const BY_DEFAULT: Readonly<Partial<Record<StreetClass, readonly Vehicle[]>>> = {
  motorway: ["car", "motorbike"],
  pedestrian: ["foot"],
  cycleway: ["bicycle", "foot"],
  footway: ["foot"],
  path: ["bicycle", "foot"],
  steps: ["foot"],
};

/** Keys that speak of a vehicle by name, and wider ones; the most precise that is set decides. */
const OWN_KEYS: Readonly<Record<Vehicle, readonly string[]>> = {
  car: ["motorcar", "motor_vehicle"],
  motorbike: ["motorcycle", "motor_vehicle"],
  bicycle: ["bicycle"],
  foot: ["foot"],
};
const WIDE_KEYS: Readonly<Record<Vehicle, readonly string[]>> = {
  car: ["vehicle", "access"],
  motorbike: ["vehicle", "access"],
  bicycle: ["vehicle", "access"],
  foot: ["access"],
};

const OPEN = new Set(["yes", "designated", "official", "permissive", "public", "destination", "delivery", "customers"]);
const CLOSED = new Set([
  "no",
  "private",
  "agricultural",
  "forestry",
  "military",
  "emergency",
  "restricted",
  "permit",
  "residents",
  "use_sidepath",
  "dismount",
]);

/** What the street is and who may ride it; undefined when the tags are those of no street that exists. */
export function streetRule(tags: Tags): StreetRule | undefined {
  const streetClass = classOf(tags["highway"] ?? "");
  if (streetClass === undefined || tags["service"] === "emergency_access") return undefined;
  let access = 0;
  for (const [index, vehicle] of VEHICLES.entries()) {
    const { forward, backward } = mayGo(vehicle, streetClass, tags);
    access |= (Number(forward) | (Number(backward) << 1)) << (2 * index);
  }
  return { streetClass, access, maxSpeedKmh: maxSpeedKmh(tags), flags: flagsOf(tags) };
}

function classOf(highway: string): StreetClass | undefined {
  const name = SAME_AS[highway] ?? highway.replace(/_link$/u, "");
  return STREET_CLASSES.find((each) => each === name);
}

function flagsOf(tags: Tags): number {
  const isSet = (key: string): boolean => tags[key] !== undefined && tags[key] !== "no";
  return (
    (isSet("tunnel") ? STREET_FLAG.tunnel : 0) |
    (isSet("bridge") ? STREET_FLAG.bridge : 0) |
    (isRoundabout(tags) ? STREET_FLAG.roundabout : 0) |
    ((tags["highway"] ?? "").endsWith("_link") ? STREET_FLAG.link : 0)
  );
}

function isRoundabout(tags: Tags): boolean {
  return tags["junction"] === "roundabout" || tags["junction"] === "circular";
}

interface Directions {
  readonly forward: boolean;
  readonly backward: boolean;
}

function mayGo(vehicle: Vehicle, streetClass: StreetClass, tags: Tags): Directions {
  const open = isOpen(vehicle, streetClass, tags);
  const flow = flowOf(vehicle, tags);
  return {
    forward: inDirection(vehicle, "forward", tags) ?? (open && flow.forward),
    backward: inDirection(vehicle, "backward", tags) ?? (open && flow.backward),
  };
}

/**
 * `access=yes` on a footway is written by people who think of people: what is wide may close a street, only what names
 * the vehicle may open one that its kind keeps closed.
 */
function isOpen(vehicle: Vehicle, streetClass: StreetClass, tags: Tags): boolean {
  const own = firstVerdict(OWN_KEYS[vehicle], tags);
  if (own !== undefined) return own;
  return firstVerdict(WIDE_KEYS[vehicle], tags) !== false && isOpenByKind(vehicle, streetClass, tags);
}

function isOpenByKind(vehicle: Vehicle, streetClass: StreetClass, tags: Tags): boolean {
  if (tags["highway"] === "bridleway") return vehicle === "foot";
  if (tags["motorroad"] === "yes" && (vehicle === "bicycle" || vehicle === "foot")) return false;
  return (BY_DEFAULT[streetClass] ?? VEHICLES).includes(vehicle);
}

function firstVerdict(keys: readonly string[], tags: Tags): boolean | undefined {
  return keys.map((key) => verdict(tags[key])).find((said) => said !== undefined);
}

/** `motor_vehicle:backward=no` and the like. */
function inDirection(vehicle: Vehicle, direction: "forward" | "backward", tags: Tags): boolean | undefined {
  const keys = [...OWN_KEYS[vehicle], ...WIDE_KEYS[vehicle]].map((key) => `${key}:${direction}`);
  return firstVerdict(keys, tags);
}

/** What an access value says; undefined for none, and for one that nobody agreed on. */
function verdict(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (OPEN.has(value)) return true;
  return CLOSED.has(value) ? false : undefined;
}

const BOTH: Directions = { forward: true, backward: true };
const ONLY_FORWARD: Directions = { forward: true, backward: false };
const FLOWS: Readonly<Record<string, Directions>> = {
  yes: ONLY_FORWARD,
  true: ONLY_FORWARD,
  "1": ONLY_FORWARD,
  "-1": { forward: false, backward: true },
  reverse: { forward: false, backward: true },
  no: BOTH,
  false: BOTH,
  "0": BOTH,
  alternating: BOTH,
  // Which way it goes changes with the hour, which nobody tells us: better no street than the wrong way.
  reversible: { forward: false, backward: false },
};

function flowOf(vehicle: Vehicle, tags: Tags): Directions {
  const own = OWN_KEYS[vehicle].map((key) => FLOWS[tags[`oneway:${key}`] ?? ""]).find((flow) => flow !== undefined);
  if (own) return own;
  if (vehicle === "foot" || (vehicle === "bicycle" && ridesAgainst(tags))) return BOTH;
  return FLOWS[tags["oneway"] ?? ""] ?? impliedFlow(tags);
}

function impliedFlow(tags: Tags): Directions {
  return isRoundabout(tags) || tags["highway"] === "motorway" ? ONLY_FORWARD : BOTH;
}

const CYCLEWAYS = ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"] as const;

/** Whether a lane lets bicycles ride against the one-way. */
function ridesAgainst(tags: Tags): boolean {
  return CYCLEWAYS.some((key) => {
    const against = tags[`${key}:oneway`];
    return (tags[key] ?? "").startsWith("opposite") || against === "-1" || against === "no";
  });
}
