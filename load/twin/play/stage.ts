import type { Point } from "#shared/contracts/geo.ts";
import type { Vehicle } from "#shared/domain/city/city.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { Means } from "../../actors/means.ts";
import type { Pay } from "../../actors/pay.ts";
import type { Recorder } from "../../actors/recorder.ts";
import type { ActorSession } from "../../actors/session.ts";

/** Somebody who is played. */
export interface Member {
  /** Names all of this person's decisions: "courier-17". */
  readonly name: string;
  /** Signed in when it is first asked for; the same session afterwards. */
  readonly session: () => Promise<ActorSession>;
}

export interface CastCustomer extends Member {
  readonly drop: Point;
  readonly dropLine: string;
}

export interface CastKitchen extends Member {
  readonly restaurantId: string;
}

export interface CastCourier extends Member {
  readonly start: Point;
  readonly vehicle: Vehicle;
}

export interface Cast {
  readonly customers: readonly CastCustomer[];
  readonly kitchens: readonly CastKitchen[];
  readonly couriers: readonly CastCourier[];
}

/** What the twin plays on: a live platform, or one that is simulated in this process. */
export interface Stage {
  readonly marketId: string;
  readonly cast: Cast;
  /** Deployment time. */
  readonly clock: Clock;
  readonly means: Means;
  readonly pay: Pay;
  readonly recorder?: Recorder | undefined;
}
