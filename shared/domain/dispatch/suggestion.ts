import type { SuggestionEnd } from "../../contracts/states.ts";
import type { MoveSuggestion } from "../../contracts/views.ts";
import type { Point } from "../geo/point.ts";
import type { Actor, Told } from "../order/change.ts";
import type { RestaurantRecord } from "../order/records.ts";
import type { RoundOf } from "./offer.ts";
import type { Move, RoundCourier } from "./round.ts";
import { isThere } from "./there.ts";

const MINUTE_MS = 60_000;
/** It stands for its way and so much longer. */
const GRACE_MS = 5 * MINUTE_MS;
/** Who did not want to go, or did not, is left in peace for so long. */
const QUIET_MS = 20 * MINUTE_MS;

/** The newest suggestion to a courier. Times are the deployment's. */
export interface SuggestionRecord {
  readonly marketId: string;
  readonly courierId: string;
  readonly id: string;
  readonly restaurantId: string;
  /** The round's decision that it follows from; null where rounds are not kept. */
  readonly decisionId: string | null;
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  readonly wayMs: number;
  /** Null while it stands, or when it has expired: nobody writes that down. */
  readonly endedAtMs: number | null;
  readonly ended: SuggestionEnd | null;
}

/** Turns a move of a plan into a suggestion: advice, never an order. It may come late or never, and nothing follows from it. [DSP29] */
export function suggestionOf(
  id: string,
  { marketId, decisionId }: Pick<RoundOf, "marketId" | "decisionId">,
  { courierId, restaurantId, wayMs }: Move,
  nowMs: number,
): SuggestionRecord {
  const expiresAtMs = nowMs + wayMs + GRACE_MS;
  const open = { endedAtMs: null, ended: null };
  return { marketId, courierId, id, restaurantId, decisionId, madeAtMs: nowMs, expiresAtMs, wayMs, ...open };
}

/** Whether it counts and is shown. */
export function isStanding({ endedAtMs, expiresAtMs }: SuggestionRecord, nowMs: number): boolean {
  return endedAtMs === null && nowMs < expiresAtMs;
}

/** A suggestion and the place of its restaurant. */
export interface Asked {
  readonly suggestion: SuggestionRecord;
  readonly point: Point;
}

/**
 * Couriers as a round that looks for moves should see them, so that nobody is asked twice, or again soon after a no. [DSP29]
 *
 * @param newestOf the newest suggestion to a courier, ended or not
 * @returns also whose suggestion is to be ended, because they are there
 */
export function withAsked(
  couriers: readonly RoundCourier[],
  newestOf: (courierId: string) => Asked | undefined,
  nowMs: number,
): { readonly couriers: RoundCourier[]; readonly arrivedIds: string[] } {
  const arrivedIds: string[] = [];
  const seen = couriers.map((courier) => {
    const asked = newestOf(courier.id);
    if (!asked) return courier;
    if (!isStanding(asked.suggestion, nowMs) || !isThere(courier.point, asked.point)) {
      return { ...courier, ...askedOf(asked, nowMs) };
    }
    arrivedIds.push(courier.id);
    return courier;
  });
  return { couriers: seen, arrivedIds };
}

function askedOf({ suggestion, point }: Asked, nowMs: number): Pick<RoundCourier, "askedTo" | "stays"> {
  const { ended, endedAtMs, expiresAtMs } = suggestion;
  if (isStanding(suggestion, nowMs)) return { askedTo: point };
  const notWanted = ended === null || ended === "dismissed";
  return notWanted && nowMs < (endedAtMs ?? expiresAtMs) + QUIET_MS ? { stays: true } : {};
}

/** A suggestion as its courier sees it. */
export function suggestionViewOf(
  { id, madeAtMs, expiresAtMs, wayMs }: SuggestionRecord,
  { name, addressLine, lat, lng }: Pick<RestaurantRecord, "name" | "addressLine" | "lat" | "lng">,
): MoveSuggestion {
  return { id, madeAtMs, expiresAtMs, restaurantName: name, restaurantLine: addressLine, point: { lat, lng }, wayMs };
}

/** The courier alone is told; it takes the place of an older one. */
export function suggestionMadeTold({ marketId, courierId }: SuggestionRecord, suggestion: MoveSuggestion): Told {
  return {
    marketId,
    type: "suggestion.made",
    payload: { suggestion },
    actorRole: "platform",
    actorId: null,
    in: { courier: courierId },
  };
}

/** A suggestion ended before its time. */
export function suggestionEndedTold(
  { marketId, courierId }: Pick<SuggestionRecord, "marketId" | "courierId">,
  how: SuggestionEnd,
  actor: Actor,
): Told {
  return {
    marketId,
    type: `suggestion.${how}`,
    payload: { suggestion: null },
    actorRole: actor.role,
    actorId: actor.personId,
    in: { courier: courierId },
  };
}
