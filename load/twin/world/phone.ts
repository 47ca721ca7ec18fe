import type { Fix, Point } from "#shared/contracts/geo.ts";
import { DEGREE_M, offsetBy } from "#shared/domain/geo/distance.ts";

import type { Phone } from "../../actors/phone.ts";
import { between, normal, type Decide } from "./chance.ts";
import { PHONE } from "./parameters.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** While it lasts the phone cannot speak to the hub; `dead` phones read nothing either. */
interface Outage {
  readonly startMs: number;
  readonly endMs: number;
  readonly dead: boolean;
}

/**
 * One courier's phone: its error wanders about the truth and is larger between high houses, it reads nothing where the sky is
 * covered, and now and then it has no network (readings are kept) or its battery is dead (there are none). What it reads at a
 * time does not depend on what it read before. [TWN6]
 */
export function phoneOf(decide: Decide, name: string): Phone {
  const errorM = between(decide(name, "phone"), ...PHONE.errorM);
  const outages = outagesOf(decide, name);
  const wander = wanderOf(decide, name);
  return {
    read(truth, covered) {
      if (covered || outages(truth.takenAtMs).some((each) => each.dead)) return undefined;
      const sigmaM = errorM * (inCanyon(decide, truth) ? PHONE.canyonTimes : 1);
      const { east, north } = wander(truth.takenAtMs);
      return misread(truth, sigmaM, east, north);
    },
    onlineFromMs(atMs) {
      let fromMs = atMs;
      for (let now = outages(fromMs); now.length > 0; now = outages(fromMs)) {
        fromMs = Math.max(...now.map((each) => each.endMs));
      }
      return fromMs;
    },
  };
}

function misread(truth: Fix, sigmaM: number, east: number, north: number): Fix {
  const { takenAtMs, speedMps, headingDeg } = truth;
  return {
    ...offsetBy(truth, east * sigmaM, north * sigmaM),
    takenAtMs,
    // What phones call accuracy: the radius of about two thirds of all errors in two dimensions.
    accuracyM: Math.round(sigmaM * 1.5 * 10) / 10,
    speedMps: speedMps === null ? null : Math.round(speedMps * 10) / 10,
    headingDeg: headingDeg === null ? null : Math.round(headingDeg) % 360,
  };
}

/** Two errors in standard deviations that change smoothly: between random values at even times. */
function wanderOf(decide: Decide, name: string) {
  const everyMs = PHONE.wanderS * 1000;
  let known: { index: number; a: [number, number]; b: [number, number] } | undefined;
  const valueAt = (index: number): [number, number] => {
    const rng = decide(name, "gps", index);
    return [normal(rng), normal(rng)];
  };
  return (atMs: number): { east: number; north: number } => {
    const index = Math.floor(atMs / everyMs);
    if (known?.index !== index) {
      known = { index, a: known?.index === index - 1 ? known.b : valueAt(index), b: valueAt(index + 1) };
    }
    const share = (atMs % everyMs) / everyMs;
    // Weights whose squares sum to 1 keep the spread the same in between.
    const [wa, wb] = [Math.cos((share * Math.PI) / 2), Math.sin((share * Math.PI) / 2)];
    return { east: wa * known.a[0] + wb * known.b[0], north: wa * known.a[1] + wb * known.b[1] };
  };
}

/** High houses stand block by block, the same for everybody. */
function inCanyon(decide: Decide, { lat, lng }: Point): boolean {
  const side = PHONE.canyonSideM / DEGREE_M;
  return decide("city", `block ${Math.floor(lat / side)}/${Math.floor(lng / side)}`)() < PHONE.canyonShare;
}

function outagesOf(decide: Decide, name: string): (atMs: number) => readonly Outage[] {
  const inHour = (hour: number): Outage[] => {
    const rng = decide(name, "outages", hour);
    const outage = (chance: number, minutes: readonly [number, number], dead: boolean): Outage[] => {
      const [happens, begins, lasts] = [rng() < chance, rng(), between(rng, ...minutes)];
      if (!happens) return [];
      const startMs = Math.floor((hour + begins) * HOUR_MS);
      return [{ startMs, endMs: Math.ceil(startMs + lasts * MINUTE_MS), dead }];
    };
    return [
      ...outage(PHONE.deadAnHour, PHONE.deadMin, true),
      ...outage(PHONE.noNetworkAnHour, PHONE.noNetworkMin, false),
    ];
  };
  let known: { hour: number; all: readonly Outage[] } = { hour: Number.NaN, all: [] };
  return (atMs) => {
    const hour = Math.floor(atMs / HOUR_MS);
    if (known.hour !== hour) known = { hour, all: [...inHour(hour - 1), ...inHour(hour)] };
    return known.all.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
  };
}
