import type { Position } from "../contracts/streams.ts";
import { courierInRound, type Held, type OnDuty } from "../domain/dispatch/courier-in-round.ts";
import { busiestOf } from "../domain/dispatch/coverage.ts";
import { expectedDemand } from "../domain/dispatch/expected-demand.ts";
import { type ShiftWork, withShares } from "../domain/dispatch/fair-share.ts";
import { offerOf, offerTold, type RoundOf } from "../domain/dispatch/offer.ts";
import { askableOf, DISPATCHED, openDeliveryOf } from "../domain/dispatch/open-delivery.ts";
import { planRound } from "../domain/dispatch/plan-round.ts";
import type { Commit, Move, RoundCourier, RoundInput, RoundSettings } from "../domain/dispatch/round.ts";
import { suggestionOf, withAsked } from "../domain/dispatch/suggestion.ts";
import type { KitchenOrder } from "../domain/eta/order-eta.ts";
import { etaDiffers, isLookedAtAgain, seenAt } from "../domain/eta/refresh.ts";
import type { Point } from "../domain/geo/point.ts";
import { PLATFORM } from "../domain/order/change.ts";
import type { LoadedOrder } from "../domain/order/records.ts";
import type { SimDeps } from "./cases.ts";
import { simDaySoFar, simUsual } from "./day-so-far.ts";
import type { SimCourier, SimMarket } from "./store.ts";

export interface SimRoundDeps extends SimDeps {
  readonly rounds: RoundSettings;
  /** The newest known place of a courier. */
  readonly lastPlace: (courierId: string) => Position | undefined;
  /** Calls the offer's deadline when it comes. */
  readonly onOffer: (offerId: string, expiresAtMs: number) => void;
}

type SimHeld = Held & KitchenOrder;

/** What workers do with a market: rounds, and a new look at when couriers will arrive. */
export function makeSimRounds(deps: SimRoundDeps) {
  const { store, life, rounds, run } = deps;
  const pointOf = ({ row }: SimCourier): Point | undefined => {
    const newest = deps.lastPlace(row.id);
    if (newest) return { lat: newest.lat, lng: newest.lng };
    return row.lastLat === null || row.lastLng === null ? undefined : { lat: row.lastLat, lng: row.lastLng };
  };

  return {
    /** One dispatch round, if the newest is at least `minGapMs` old. */
    round(marketId: string, minGapMs: number): void {
      const market = life.market(marketId);
      const nowMs = deps.nowMs();
      if (market.roundAtMs > nowMs - minGapMs) return;
      market.round += 1;
      market.roundAtMs = nowMs;
      const looksForMoves = isTimeForMoves(market, rounds, nowMs);
      const open = openOf(deps, marketId);
      if (open.length === 0 && !looksForMoves) return;
      const { router, eta } = market.facts;
      const readyOf = (each: SimHeld) => eta.ready(each, nowMs);
      const duty = [...store.onDuty].filter(({ row }) => row.active && row.marketId === marketId);
      const held = new Map(duty.map((courier) => [courier.row.id, store.heldBy(courier).flatMap(heldOf)]));
      const known = duty.flatMap((courier) => {
        const point = pointOf(courier);
        const mine = held.get(courier.row.id) ?? [];
        return point
          ? [courierInRound(dutyOf(courier), point, mine, readyOf, { nowMs, router, settings: rounds })]
          : [];
      });
      const askable = askableOf(duty.map(dutyOf), (id) => held.get(id)?.length ?? 0, nowMs);
      const deliveries = open.map((each) =>
        openDeliveryOf(each, readyOf(each), store.answeredAtMs.get(each.delivery.id) ?? 0, askable, nowMs),
      );
      const shared = withShares(known, new Map(duty.flatMap((each) => workOf(each, nowMs))));
      const couriers = looksForMoves ? forMoves(deps, market, shared, nowMs) : { couriers: shared };
      const usual = simUsual(store, marketId, rounds.late, nowMs);
      const plan = planRound({ nowMs, deliveries, router, ...couriers, ...usual }, rounds);
      const of = { marketId, round: market.round, decisionId: null, plan };
      for (const commit of plan.commits) makeOffer(deps, of, commit);
      for (const move of plan.moves) makeSuggestion(deps, of, move);
    },

    /** Looks again at when each courier on the way will arrive and at promises near their end, and tells what has changed. */
    refreshEtas(): void {
      const again = [...store.orders(store.openOrders)].filter((loaded) => isLookedAtAgain(loaded, deps.nowMs()));
      for (const loaded of again) {
        const { eta } = life.facts(loaded.order.marketId);
        const now = seenAt(loaded, loaded.courier ? deps.lastPlace(loaded.courier.id) : undefined);
        const nowMs = deps.nowMs();
        if (!etaDiffers(now, eta.of(now, nowMs)?.p50AtMs, nowMs)) continue;
        run((w) => life.apply(w, now, PLATFORM, { type: "eta.updated" }));
      }
    },
  };
}

/** What somebody has had of the open shift's work; nothing without one. */
function workOf({ row, shift, given }: SimCourier, nowMs: number): [id: string, work: ShiftWork][] {
  if (!shift) return [];
  const deliveries = [...given.values()].filter((createdAtMs) => createdAtMs >= shift.startedAtMs).length;
  return [[row.id, { onDutyMs: Math.max(0, nowMs - shift.startedAtMs), deliveries }]];
}

function isTimeForMoves(market: SimMarket, { moves }: RoundSettings, nowMs: number): boolean {
  if (moves.perRound === 0 || market.movesAtMs > nowMs - moves.everyMs) return false;
  market.movesAtMs = nowMs;
  return true;
}

/** What the round is told besides, so that it moves idle couriers. Who is where they were asked to wait has arrived. */
function forMoves(
  { store, life, run, rounds }: SimRoundDeps,
  market: SimMarket,
  known: readonly RoundCourier[],
  nowMs: number,
): Pick<RoundInput, "couriers" | "demand"> {
  if (!known.some(({ freeAtMs }) => freeAtMs <= nowMs)) return { couriers: known };
  const askedOf = (id: string) => {
    const suggestion = store.couriers.get(id)?.suggestion;
    const row = suggestion && store.restaurants.get(suggestion.restaurantId)?.row;
    return row ? { suggestion, point: { lat: row.lat, lng: row.lng } } : undefined;
  };
  const { couriers, arrivedIds } = withAsked(known, askedOf, nowMs);
  for (const id of arrivedIds) {
    const courier = store.couriers.get(id);
    if (courier) run((w) => life.endSuggestion(w, courier, "arrived", PLATFORM));
  }
  const day = simDaySoFar(store, market, nowMs);
  return day.lately === 0 ? { couriers } : { couriers, demand: busiestOf(expectedDemand(day), rounds) };
}

/** Turns one move into a suggestion while its courier is on duty with neither an offer nor work. */
function makeSuggestion({ store, life, run, newId }: SimRoundDeps, of: RoundOf, move: Move): void {
  const courier = store.couriers.get(move.courierId);
  if (!courier?.shift || courier.openOffer !== undefined || courier.held.size > 0) return;
  run((w) => life.putSuggestion(w, courier, suggestionOf(newId(), of, move, w.nowMs)));
}

function dutyOf({ row, shift, openOffer }: SimCourier): OnDuty {
  return { courier: row, shiftEndsAtMs: shift?.endsAtMs ?? 0, hasOffer: openOffer !== undefined };
}

function heldOf({ order, delivery, restaurant }: LoadedOrder): SimHeld[] {
  const { lat, lng, prepMinutes } = restaurant;
  return delivery ? [{ order, delivery, restaurant: { lat, lng }, prepMinutes }] : [];
}

/** Deliveries that nobody has and nobody is asked about, oldest first. */
function openOf({ store }: SimDeps, marketId: string): SimHeld[] {
  return [...store.orders(store.pending)]
    .filter(({ order, delivery }) => {
      if (order.marketId !== marketId || !DISPATCHED.includes(order.status)) return false;
      return delivery !== null && delivery.pinnedAtMs === null && !store.offerOfDelivery.has(delivery.id);
    })
    .flatMap(heldOf)
    .toSorted((a, b) => (a.delivery.id < b.delivery.id ? -1 : 1));
}

/** Turns one commit into an offer while its deliveries are open and its courier has none. */
function makeOffer(deps: SimRoundDeps, of: RoundOf, commit: Commit): void {
  const { store, life, settings } = deps;
  const orders = [...store.orders(commit.addedIds.map((id) => store.orderOfDelivery.get(id) ?? ""))];
  const courier = store.couriers.get(commit.courierId);
  const open = orders.filter(
    ({ delivery }) => delivery?.status === "PENDING" && !store.offerOfDelivery.has(delivery.id),
  );
  if (!courier || courier.openOffer !== undefined || open.length !== commit.addedIds.length) return;
  deps.run((w) => {
    const row = offerOf(deps.newId(), of, commit, orders, settings.offerLifeMs, w.nowMs);
    store.offers.set(row.id, { row, deliveryIds: commit.addedIds });
    for (const id of commit.addedIds) store.offerOfDelivery.set(id, row.id);
    courier.openOffer = row.id;
    life.endSuggestion(w, courier, "overtaken", PLATFORM);
    for (const told of offerTold(of, commit, orders, life.offerView(row.id), row.id)) w.append(told);
    deps.onOffer(row.id, row.expiresAtMs);
  });
}
