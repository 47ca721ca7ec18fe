import type { Point } from "#shared/contracts/geo.ts";
import type { MoveSuggestion, OfferView } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { StepKind } from "./courier-moves.ts";
import type { Handover } from "./handover.ts";
import type { Means } from "./means.ts";
import type { Phone } from "./phone.ts";
import type { Recorder } from "./recorder.ts";
import type { Ride, Way } from "./ride.ts";
import type { ActorSession } from "./session.ts";

/** What a courier says to an offer, and how long (deployment ms) that takes. */
export type OfferAnswer =
  | { readonly accept: true; readonly afterMs: number }
  | { readonly accept: false; readonly afterMs: number; readonly reason: string };

export interface CourierActorOptions {
  /** Which of the hubs it is at. */
  readonly at: number;
  readonly marketId: string;
  readonly session: ActorSession;
  readonly clock: Clock;
  /** Where the shift begins. */
  readonly start: Point;
  readonly endsAtMs: number;
  /** How the courier gets from place to place, setting out at a deployment time. */
  readonly way: (from: Point, to: Point, startMs: number) => Way;
  readonly handover: Handover;
  /** Deployment ms between fixes on the way; standing still, every sixth is sent. */
  readonly fixEveryMs: number;
  /** Where to, with nothing to do: a way, or the deployment time at which to ask again. Left out: one stays. */
  readonly roam?: (place: Point, nowMs: number) => Way | number;
  /** Asked once for each suggestion to wait elsewhere that comes while there is nothing to do. Left out: none is followed. */
  readonly follows?: (suggestion: MoveSuggestion) => boolean;
  /** Asked once for each offer. */
  readonly answer: (offer: OfferView) => OfferAnswer;
  readonly phone?: Phone;
  /** Hears what truly happens, whatever the platform is told of it and when. */
  readonly truth?: CourierTruth;
  readonly recorder?: Recorder | undefined;
  readonly means?: Means;
}

export interface CourierTruth {
  /** From here on the courier is on this ride; it replaces the one before, also in the middle. */
  rode(ride: Ride): void;
  /** A step was truly done at this deployment time. */
  did(kind: StepKind, deliveryId: string, atMs: number): void;
}
