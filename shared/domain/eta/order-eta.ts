import { ETA_PRIORS, etaOf, type CourierState, type EtaInput, type EtaPriors, type KitchenState } from "./eta-of.ts";
import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import { routerBy, type Router } from "../router/router.ts";

import type { LoadedOrder } from "../order/records.ts";

const MINUTE_MS = 60_000;
/** A quote's way is rounded up to this, so that quotes of the same neighbourhood are the same sum. */
const QUOTE_STEP_S = 5;
const QUOTES_KEPT = 10_000;

/** When food comes, from a basket alone or from an order under way. */
export interface OrderEta {
  quote(input: {
    readonly nowMs: number;
    readonly kind: "delivery" | "takeaway";
    readonly prepMinutes: number;
    readonly from: Point;
    readonly to: Point | null;
  }): Estimate;
  of(loaded: LoadedOrder, nowMs: number): Estimate | null;
}

export interface Estimate {
  readonly p50AtMs: number;
  readonly p90AtMs: number;
}

/**
 * Reads an order's state into what the ETA function asks for. [ETA7]
 *
 * @param routerOf the market's router
 * @param priors what is believed before anything was learned; prep is replaced by the restaurant's own
 */
export function makeOrderEta(
  routerOf: (marketCenter: Point) => Router,
  center: Point,
  priors: EtaPriors = ETA_PRIORS,
): OrderEta {
  const router = routerOf(center);
  const withPrep = (prepMinutes: number): EtaPriors => ({
    ...priors,
    prep: { p50Ms: prepMinutes * MINUTE_MS, p90Ms: Math.round(prepMinutes * MINUTE_MS * 1.6) },
  });
  const ask = (input: EtaInput, prepMinutes: number): Estimate => {
    const { p50AtMs, p90AtMs } = etaOf(input, withPrep(Math.max(1, prepMinutes)));
    return { p50AtMs: Math.round(p50AtMs), p90AtMs: Math.round(p90AtMs) };
  };
  const asked = new Map<string, Estimate>();
  /** What is expected from time 0 on when nothing has begun: it depends on two numbers, and most orders share them. */
  const untold = (prepMinutes: number, wayToCustomerS: number): Estimate => {
    const key = `${prepMinutes}/${wayToCustomerS}`;
    const known = asked.get(key);
    if (known) return known;
    const kitchen = { state: "waiting" } as const;
    const estimate = ask({ nowMs: 0, kitchen, courier: { state: "unknown" }, wayToCustomerS }, prepMinutes);
    if (asked.size >= QUOTES_KEPT) asked.clear();
    asked.set(key, estimate);
    return estimate;
  };

  return {
    quote: ({ nowMs, kind, prepMinutes, from, to }) => {
      if (kind === "takeaway" || to === null) return takeaway(nowMs + prepMinutes * MINUTE_MS, nowMs);
      const wayToCustomerS = Math.ceil(router.leg(from, to).durationS / QUOTE_STEP_S) * QUOTE_STEP_S;
      const { p50AtMs, p90AtMs } = untold(prepMinutes, wayToCustomerS);
      return { p50AtMs: nowMs + p50AtMs, p90AtMs: nowMs + p90AtMs };
    },
    of: (loaded, nowMs) => {
      const { order, restaurant } = loaded;
      if (order.endedAtMs !== null || order.status === "DELIVERED") return null;
      if (order.dropLat === null || order.dropLng === null) {
        return takeaway(
          order.readyAtMs ?? order.readyEstimateAtMs ?? nowMs + restaurant.prepMinutes * MINUTE_MS,
          nowMs,
        );
      }
      const to = { lat: order.dropLat, lng: order.dropLng };
      const from = { lat: restaurant.lat, lng: restaurant.lng };
      const own = routerBy(router, loaded.courier?.vehicle);
      const courier = courierState(loaded, own, from);
      const start = courier.state === "carrying" ? (placeOf(loaded) ?? from) : from;
      return ask(
        { nowMs, kitchen: kitchenState(loaded), courier, wayToCustomerS: own.leg(start, to).durationS },
        restaurant.prepMinutes,
      );
    },
  };
}

function takeaway(readyAtMs: number, nowMs: number): Estimate {
  const p50AtMs = Math.max(readyAtMs, nowMs);
  return { p50AtMs, p90AtMs: p50AtMs + Math.round((p50AtMs - nowMs) * 0.3) };
}

function kitchenState({ order }: LoadedOrder): KitchenState {
  if (order.readyAtMs !== null) return { state: "ready" };
  if (order.confirmedAtMs === null) return { state: "waiting" };
  return {
    state: "cooking",
    startedAtMs: order.confirmedAtMs,
    ...(order.readyEstimateAtMs === null ? {} : { readyAtMs: order.readyEstimateAtMs }),
  };
}

const COURIER_STATES = {
  PENDING: "unknown",
  CANCELLED: "unknown",
  ACCEPTED: "coming",
  PICKUP_ONGOING: "coming",
  ARRIVED_AT_MERCHANT: "at-restaurant",
  ORDER_PICKED: "carrying",
  DELIVERY_ONGOING: "carrying",
  RETURNING_TO_MERCHANT: "carrying",
  RETURNED_TO_MERCHANT: "carrying",
  ARRIVED_AT_CUSTOMER: "at-customer",
  ORDER_DELIVERED: "at-customer",
  DELIVERY_FINISHED: "at-customer",
} as const satisfies Record<DeliveryStatus, CourierState["state"]>;

function courierState(loaded: LoadedOrder, router: Router, restaurant: Point): CourierState {
  const state = loaded.delivery ? COURIER_STATES[loaded.delivery.status] : "unknown";
  if (state !== "coming") return { state };
  const place = placeOf(loaded);
  return place ? { state, wayS: router.leg(place, restaurant).durationS } : { state: "unknown" };
}

/** The courier's place that was last written down, at most a minute or so old while on the move. */
function placeOf({ courier }: LoadedOrder): Point | undefined {
  return courier && courier.lastLat !== null && courier.lastLng !== null
    ? { lat: courier.lastLat, lng: courier.lastLng }
    : undefined;
}
