import { and, asc, eq, inArray } from "drizzle-orm";

import { offerDeliveries } from "#drizzle/schema/deliveries.ts";
import { couriers, restaurants } from "#drizzle/schema/restaurants.ts";
import type { DispatchDecision } from "#shared/contracts/dispatch.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { explain, explainOwn } from "#shared/domain/dispatch/decision/explain.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { marketOfDecision, readDecision, type KeptDecision } from "#shared/server/life/decisions.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { identityOf } from "../orders/who.ts";
import type { UseCases } from "../use-cases.ts";
import { ownOffer } from "./offers.ts";
import { ownMarkets } from "./own-markets.ts";

type DecisionCases = Pick<UseCases, "dispatch.decision" | "dispatch.decision-by-id" | "offer.why">;

/** Couriers told of one delivery: of thousands on duty the best are enough; any other one can be asked for. */
const MOST_COURIERS = 200;

/** Why dispatch decided as it did, found from what the round kept. [DSP24, DSP25] */
export function decisionUseCases({ db }: OrderDeps): DecisionCases {
  const decision: UseCases["dispatch.decision"] = async (_caller, { marketId, decisionId, deliveryId, courierId }) => {
    const kept = await keptDecision(db.orm, marketId, decisionId);
    return {
      ...roundOf(marketId, kept),
      moves: await movesOf(db.orm, marketId, kept),
      explained: deliveryId === undefined ? null : await explained(db.orm, marketId, kept, deliveryId, courierId),
    };
  };
  return {
    "dispatch.decision": decision,

    /** Of the caller's own markets each is asked by the whole key; what is elsewhere is not there. [API19] */
    "dispatch.decision-by-id": async (caller, input) => {
      const own = await ownMarkets(db.orm, identityOf(caller), "dispatch.decision");
      const marketId = await marketOfDecision(db.orm, own, input.decisionId);
      if (marketId === undefined) throw notKept();
      return decision(caller, { ...input, marketId });
    },

    "offer.why": async (caller, { marketId, offerId }) => {
      const offer = await ownOffer(db.orm, caller, marketId, offerId);
      if (offer.decisionId === null) throw new Refusal("decision.not-found", "the offer is of before rounds were kept");
      const { record, decidedAtMs } = await keptDecision(db.orm, marketId, offer.decisionId);
      const [first] = await db.orm
        .select({ deliveryId: offerDeliveries.deliveryId })
        .from(offerDeliveries)
        .where(and(eq(offerDeliveries.marketId, marketId), eq(offerDeliveries.offerId, offerId)))
        .orderBy(asc(offerDeliveries.position))
        .limit(1);
      const own = first && explainOwn(record, first.deliveryId, offer.courierId);
      if (!own) throw new Refusal("decision.not-found", "the round that made the offer does not know it");
      return { offerId, decidedAtMs, version: record.plan.version, ...own };
    },
  };
}

/** @throws {Refusal} `decision.not-found` */
async function keptDecision(tx: Tx, marketId: string, id: string): Promise<KeptDecision> {
  const kept = await readDecision(tx, marketId, id);
  if (!kept) throw notKept();
  return kept;
}

function notKept(): Refusal {
  return new Refusal("decision.not-found", "no such decision is kept here");
}

/** A kept round as it was decided, without names. */
function roundOf(marketId: string, { id, round, decidedAtMs, record: { plan, input } }: KeptDecision) {
  return {
    id,
    marketId,
    round,
    version: plan.version,
    decidedAtMs,
    openDeliveries: input.deliveries.length,
    couriers: input.couriers.length,
    settings: { ...plan.settings },
    commits: plan.commits.map((each) => ({
      courierId: each.courierId,
      kind: each.kind,
      deliveryIds: [...each.deliveryIds],
    })),
    holds: plan.holds.map((each) => ({
      deliveryId: each.deliveryId,
      reason: each.reason,
      courierId: each.courierId ?? null,
    })),
  };
}

/** @throws {Refusal} `delivery.not-found` when the round did not know it */
async function explained(
  tx: Tx,
  marketId: string,
  { record }: KeptDecision,
  deliveryId: string,
  courierId: string | undefined,
): Promise<NonNullable<DispatchDecision["explained"]>> {
  const found = explain(record, deliveryId);
  if (!found) throw new Refusal("delivery.not-found", "the round did not know this delivery");
  const told = found.couriers
    .filter((each) => courierId === undefined || each.courierId === courierId)
    .slice(0, MOST_COURIERS);
  const names = await namesOf(
    tx,
    marketId,
    couriers,
    told.map((each) => each.courierId),
  );
  return { ...found, couriers: told.map((each) => ({ ...each, name: names.get(each.courierId) ?? "" })) };
}

/** Who was advised to wait where. */
async function movesOf(tx: Tx, marketId: string, { record }: KeptDecision): Promise<DispatchDecision["moves"]> {
  const { moves } = record.plan;
  const courierNames = await namesOf(
    tx,
    marketId,
    couriers,
    moves.map((each) => each.courierId),
  );
  const restaurantNames = await namesOf(
    tx,
    marketId,
    restaurants,
    moves.map((each) => each.restaurantId),
  );
  return moves.map(({ courierId, restaurantId, wayMs }) => ({
    courierId,
    courierName: courierNames.get(courierId) ?? "",
    restaurantId,
    restaurantName: restaurantNames.get(restaurantId) ?? "",
    wayMs,
  }));
}

/** Names by id, of couriers or restaurants. */
export async function namesOf(
  tx: Tx,
  marketId: string,
  of: typeof couriers | typeof restaurants,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: of.id, name: of.name })
    .from(of)
    .where(and(eq(of.marketId, marketId), inArray(of.id, [...ids])));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
