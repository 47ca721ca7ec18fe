import type { OfferView } from "../../contracts/views.ts";
import { cellCentre, cellOf } from "../geo/cells.ts";
import { distanceM } from "../geo/distance.ts";
import type { Actor, Told } from "../order/change.ts";
import type { LoadedOrder, OfferRecord, OrderRecord, RestaurantRecord } from "../order/records.ts";
import { offerWords } from "./decision/words.ts";
import type { Commit, RoundPlan } from "./round.ts";

/** A round and what it planned. */
export interface RoundOf {
  readonly marketId: string;
  readonly round: number;
  /** Under which the round is kept; null where rounds are not kept. */
  readonly decisionId: string | null;
  readonly plan: Pick<RoundPlan, "version">;
}

/**
 * Turns one commit of a plan into an offer to its courier. [DSP16]
 *
 * @param orders of the added deliveries
 * @param lifeMs deployment ms that the courier has to answer
 */
export function offerOf(
  id: string,
  { marketId, round, decisionId, plan }: RoundOf,
  commit: Commit,
  orders: readonly LoadedOrder[],
  lifeMs: number,
  nowMs: number,
): OfferRecord {
  const { kind, numbers } = commit;
  return {
    marketId,
    id,
    courierId: commit.courierId,
    restaurantId: commit.restaurantId,
    status: "offered",
    round,
    offeredAtMs: nowMs,
    expiresAtMs: nowMs + lifeMs,
    answeredAtMs: null,
    declineReason: null,
    payMinor: orders.reduce((sum, { order }) => sum + order.price.deliveryMinor + order.price.tipMinor, 0),
    decisionId,
    reason: { version: plan.version, kind, numbers },
  };
}

/** The courier is told the offer; the office, in each order's stream, by which decision it was made. */
export function offerTold(
  { marketId, round, decisionId }: RoundOf,
  commit: Commit,
  orders: readonly LoadedOrder[],
  offer: OfferView | undefined,
  offerId: string,
): Told[] {
  const by = { marketId, actorRole: "platform", actorId: null };
  const { courierId, numbers } = commit;
  return [
    { ...by, type: "offer.made", payload: { offer }, in: { courier: courierId } },
    ...orders.map(({ order, delivery }) => {
      const reason = { offerId, deliveryId: delivery?.id, courierId, decisionId, round, numbers };
      const payload = { order: { id: order.id, status: order.status }, reason };
      return { ...by, type: "delivery.offered" as const, payload, in: { order: order.id } };
    }),
  ];
}

/** An offer is no longer open. */
export function offerClosedTold(
  { marketId, id, courierId }: Pick<OfferRecord, "marketId" | "id" | "courierId">,
  status: Exclude<OfferRecord["status"], "offered">,
  actor: Actor,
): Told {
  return {
    marketId,
    type: `offer.${status}`,
    payload: { offer: null, closed: { offerId: id, status } },
    actorRole: actor.role,
    actorId: actor.personId,
    in: { courier: courierId },
  };
}

/** Before acceptance a drop is told by a cell of some 170 m, not by the door. */
const AREA_RES = 9;

/**
 * An offer as its courier sees it.
 *
 * @param drops in drop-off order
 */
export function offerViewOf(
  offer: OfferRecord,
  restaurant: RestaurantRecord,
  currency: string,
  drops: readonly { readonly deliveryId: string; readonly order: OrderRecord }[],
): OfferView {
  const pickupPoint = { lat: restaurant.lat, lng: restaurant.lng };
  return {
    id: offer.id,
    status: offer.status,
    offeredAtMs: offer.offeredAtMs,
    expiresAtMs: offer.expiresAtMs,
    currency,
    payMinor: offer.payMinor,
    why: offerWords(offer.reason, offer.offeredAtMs),
    restaurantName: restaurant.name,
    restaurantLine: restaurant.addressLine,
    pickupPoint,
    drops: drops.map(({ order, deliveryId }) => {
      const drop = { lat: order.dropLat ?? restaurant.lat, lng: order.dropLng ?? restaurant.lng };
      return {
        deliveryId,
        orderCode: order.code,
        areaPoint: cellCentre(cellOf(drop, AREA_RES)),
        // To 100 m: with the area, metres would give the door away.
        distanceM: Math.round(distanceM(pickupPoint, drop) / 100) * 100,
      };
    }),
  };
}
