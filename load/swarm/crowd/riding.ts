import { makeWhereabouts, type Whereabouts } from "#shared/client/whereabouts.ts";
import type { Fix, Point } from "#shared/contracts/geo.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";

import { placeOf, type SwarmPlan } from "../plan.ts";
import type { Member } from "./members.ts";

const CRUISE_MPS = 6;
/** A courier turns, or stops at a light, about so often. */
const TURNS_EVERY_S = 40;
const STOP_SHARE = 0.15;
const GPS_NOISE_M = 3;
/** Nobody rides out of the city. */
const MOST_FROM_HOME_M = 2_000;
const TRY_MS = 4_000;
/** Spreads phases evenly, whoever is in which process. */
const SPREAD = (Math.sqrt(5) - 1) / 2;

/** A courier on the road, with the phone that decides what of it the hub is told. */
export interface Rider {
  readonly member: Member;
  /** The GPS reads at this moment, epoch ms. */
  read(atMs: number): void;
}

/** Rides along streets that cross at right angles; a fix is what the GPS makes of it. */
export function makeRider(member: Member, plan: SwarmPlan, marketId: string, onAnswer: (kept: boolean) => void): Rider {
  const rng = seededRng(member.person.index + 1);
  const phone = phoneOf(member, marketId, onAnswer);
  const start = placeOf(member.person.index, plan.couriers);
  let [eastM, northM] = [0, 0];
  let heading = Math.floor(rng() * 4);
  let speedMps = CRUISE_MPS;
  let lastMs: number | undefined;
  return {
    member,
    read(atMs) {
      const sinceS = lastMs === undefined ? 0 : (atMs - lastMs) / 1000;
      lastMs = atMs;
      if (rng() < sinceS / TURNS_EVERY_S) {
        heading = (heading + (rng() < 0.5 ? 1 : 3)) % 4;
        speedMps = rng() < STOP_SHARE ? 0 : CRUISE_MPS * (0.7 + 0.6 * rng());
      }
      const [east, north] = WAYS[heading] ?? [0, 1];
      if (Math.hypot(eastM + east * 100, northM + north * 100) > MOST_FROM_HOME_M) heading = (heading + 2) % 4;
      else [eastM, northM] = [eastM + east * speedMps * sinceS, northM + north * speedMps * sinceS];
      phone.took(fixOf(offsetBy(start, eastM, northM), { atMs, speedMps, heading, rng }));
    },
  };
}

/** North, east, south, west: metres east and north. */
const WAYS = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const;

function fixOf(at: Point, moving: { atMs: number; speedMps: number; heading: number; rng: Rng }): Fix {
  const { atMs, speedMps, heading, rng } = moving;
  const noise = () => (rng() + rng() - 1) * GPS_NOISE_M;
  return {
    ...offsetBy(at, noise(), noise()),
    takenAtMs: Math.round(atMs),
    accuracyM: 6,
    speedMps,
    headingDeg: heading * 90,
  };
}

/** The client library's own decision of what leaves the phone; motions and the minute's trace. */
function phoneOf({ client, person }: Member, marketId: string, onAnswer: (kept: boolean) => void): Whereabouts {
  const waiting: Fix[] = [];
  const whereabouts = makeWhereabouts({
    hub: {
      async command(name, input, options) {
        const answer = await client.command(name, input, options);
        // Cast: the answer to a motion.
        if (name === "motion.push") onAnswer((answer as { kept: number }).kept > 0);
        return answer;
      },
    },
    marketId,
    queue: {
      get size() {
        return waiting.length;
      },
      next: (count) => waiting.slice(0, count),
      sent: (fixes) => void waiting.splice(0, fixes.length),
    },
    nowMs: Date.now,
    online: () => client.status === "live",
    tryMs: TRY_MS,
    phase: (person.index * SPREAD) % 1,
  });
  return {
    ...whereabouts,
    took(fix) {
      waiting.push(fix);
      whereabouts.took(fix);
    },
  };
}
