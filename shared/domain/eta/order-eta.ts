import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Point } from "../geo/point.ts";
import type { LoadedOrder, OrderRecord } from "../order/records.ts";
import { routerBy, type Router } from "../router/router.ts";
import { stopsBefore, type StopsBefore } from "./earlier-work.ts";
import { etaOf, readyIn, type CourierState, type EtaInput, type KitchenState } from "./eta-of.ts";
import { priorBeliefs, type EtaBeliefs, type EtaParts, type EtaQuestion } from "./parts.ts";

const MINUTE_MS = 60_000;
/** A quote's way is rounded up to this, so that quotes of the same neighbourhood are the same sum. */
const QUOTE_STEP_S = 5;
const QUOTES_KEPT = 10_000;

/** What a quote is asked about. */
export interface QuoteQuestion {
  readonly nowMs: number;
  readonly kind: "delivery" | "takeaway";
  readonly restaurantId: string;
  readonly prepMinutes: number;
  /** Dishes in the basket. */
  readonly items: number;
  /** Orders that the kitchen has to make now. */
  readonly load: number;
  readonly from: Point;
  readonly to: Point | null;
}

/** When food comes, from a basket alone or from an order under way. */
export interface OrderEta {
  quote(question: QuoteQuestion): Estimate;
  of(loaded: LoadedOrder, nowMs: number): Estimate | null;
  ready(asked: KitchenOrder, nowMs: number): Ready;
}

/** An order as far as its kitchen goes. */
export interface KitchenOrder {
  readonly order: Pick<
    OrderRecord,
    | "restaurantId"
    | "items"
    | "kitchenLoad"
    | "dropLat"
    | "dropLng"
    | "createdAtMs"
    | "confirmedAtMs"
    | "delayedAtMs"
    | "readyAtMs"
    | "readyEstimateAtMs"
  >;
  readonly restaurant: Point;
  readonly prepMinutes: number;
}

/** When food will be ready: as likely before as after, and in nine cases of ten; epoch ms. */
export interface Ready {
  readonly readyAtMs: number;
  /** Absent: it is known. */
  readonly readyLateAtMs?: number;
  /** The kitchen has not said when, or what it said has passed. */
  readonly isUnsaid?: true;
}

export interface Estimate {
  readonly p50AtMs: number;
  readonly p90AtMs: number;
}

const PRIORS = priorBeliefs();

/**
 * Reads an order's state into what the ETA function asks for: at the quote, at the order, under way. [ETA7, ETA16]
 *
 * @param routerOf the market's router
 * @param believed what is believed of the market's orders just now; asked anew for each estimate
 */
export function makeOrderEta(
  routerOf: (marketCenter: Point) => Router,
  center: Point,
  believed: () => EtaBeliefs = () => PRIORS,
): OrderEta {
  const router = routerOf(center);
  /** What is expected from time 0 on when nothing has begun: most quotes of a neighbourhood and an hour share it. */
  const untold = makeKept((parts: EtaParts, wayToCustomerS: number) =>
    whole({ nowMs: 0, kitchen: { state: "waiting" }, courier: { state: "unknown" }, wayToCustomerS }, parts),
  );

  return {
    quote: ({ nowMs, kind, prepMinutes, from, to, ...basket }) => {
      const question = { nowMs, prepMinutes, restaurant: from, door: to && blockOf(to), ...basket };
      if (kind === "takeaway" || to === null)
        return takeaway({ state: "waiting" }, believed().partsOf(question), nowMs);
      const wayToCustomerS = Math.ceil(router.leg(from, to).durationS / QUOTE_STEP_S) * QUOTE_STEP_S;
      const { p50AtMs, p90AtMs } = untold(believed(), wayToCustomerS, question);
      return { p50AtMs: nowMs + p50AtMs, p90AtMs: nowMs + p90AtMs };
    },
    ready: (asked, nowMs) => {
      const { readyAtMs, readyEstimateAtMs: saidAtMs } = asked.order;
      if (readyAtMs !== null) return { readyAtMs };
      const parts = believed().partsOf(questionOf(asked, asked.prepMinutes, nowMs));
      if (saidAtMs !== null && saidAtMs > nowMs) {
        const { p50Ms, p90Ms } = readyIn(nowMs, kitchenState(asked), {
          ...parts,
          word: (saidMs) => parts.givenWord(saidMs),
        });
        return { readyAtMs: nowMs + p50Ms, ...(p90Ms > p50Ms ? { readyLateAtMs: nowMs + p90Ms } : {}) };
      }
      const { p50Ms, p90Ms } = readyIn(nowMs, kitchenState(asked), parts);
      // The word has passed and nobody has said ready: any moment now, and it may be long.
      const likelyAtMs = saidAtMs === null ? nowMs + p50Ms : nowMs;
      return { readyAtMs: likelyAtMs, readyLateAtMs: nowMs + p90Ms, isUnsaid: true };
    },
    of: (loaded, nowMs) => {
      const { order, restaurant } = loaded;
      if (order.endedAtMs !== null || order.status === "DELIVERED") return null;
      const parts = believed().partsOf({
        ...questionOf(loaded, restaurant.prepMinutes, nowMs),
        ...(loaded.courier ? { vehicle: loaded.courier.vehicle } : {}),
      });
      if (order.dropLat === null || order.dropLng === null) return takeaway(kitchenState(loaded), parts, nowMs);
      const to = { lat: order.dropLat, lng: order.dropLng };
      const from = { lat: restaurant.lat, lng: restaurant.lng };
      const own = routerBy(router, loaded.courier?.vehicle);
      const { beforePickup, beforeDoor } = stopsFirst(loaded);
      const freeAtMs = nowMs + beforePickup.length * parts.drop().p50Ms;
      const courier = courierState(loaded, own, [...beforePickup, from], freeAtMs);
      const start = courier.state === "carrying" ? (placeOf(loaded) ?? from) : from;
      const wayToCustomerS = waySOf(own, start, [...beforeDoor, to]);
      const kitchen = kitchenState(loaded);
      return whole({ nowMs, kitchen, courier, wayToCustomerS, stopsBefore: beforeDoor.length }, parts);
    },
  };
}

/** A quote is for the houses around: to a thousandth of a degree, some 100 m. */
function blockOf({ lat, lng }: Point): Point {
  return { lat: Math.round(lat * 1000) / 1000, lng: Math.round(lng * 1000) / 1000 };
}

/** The two ends, whole milliseconds. */
function whole(input: EtaInput, parts: EtaParts): Estimate {
  const { p50AtMs, p90AtMs } = etaOf(input, parts);
  return { p50AtMs: Math.round(p50AtMs), p90AtMs: Math.round(p90AtMs) };
}

/** Keeps answers by all that they depend on: the beliefs' version, what these look at, the usual minutes, the way. [ETA22] */
function makeKept(answer: (parts: EtaParts, wayS: number) => Estimate) {
  const kept = new Map<string, Estimate>();
  return (beliefs: EtaBeliefs, wayS: number, question: EtaQuestion): Estimate => {
    const key = `${beliefs.version}/${question.prepMinutes}/${wayS}/${beliefs.keyOf(question)}`;
    const known = kept.get(key);
    if (known) return known;
    const estimate = answer(beliefs.partsOf(question), wayS);
    if (kept.size >= QUOTES_KEPT) kept.clear();
    kept.set(key, estimate);
    return estimate;
  };
}

function questionOf(
  { order, restaurant }: Pick<KitchenOrder, "order" | "restaurant">,
  prepMinutes: number,
  nowMs: number,
): EtaQuestion {
  const { createdAtMs, confirmedAtMs } = order;
  return {
    nowMs,
    restaurantId: order.restaurantId,
    prepMinutes,
    items: order.items,
    load: order.kitchenLoad,
    restaurant: { lat: restaurant.lat, lng: restaurant.lng },
    door: order.dropLat === null || order.dropLng === null ? null : { lat: order.dropLat, lng: order.dropLng },
    saidAgain: order.delayedAtMs !== null,
    ...(createdAtMs === null ? {} : { createdAtMs }),
    ...(confirmedAtMs === null ? {} : { confirmedAtMs }),
  };
}

/** Nobody carries it: it is there when it is ready. */
function takeaway(kitchen: KitchenState, parts: EtaParts, nowMs: number): Estimate {
  if (kitchen.state === "ready") return { p50AtMs: nowMs, p90AtMs: nowMs };
  const startedAtMs = kitchen.state === "cooking" ? kitchen.startedAtMs : nowMs;
  const said = kitchen.state === "cooking" ? kitchen.readyAtMs : undefined;
  const { p50Ms, p90Ms } = said === undefined ? parts.prep() : parts.word(Math.max(MINUTE_MS, said - startedAtMs));
  const [p50AtMs, p90AtMs] = [Math.round(startedAtMs + p50Ms), Math.round(startedAtMs + p90Ms)];
  if (p50AtMs > nowMs) return { p50AtMs, p90AtMs };
  // Overdue: later than now, as much as is left after so long. [ETA6]
  const left = readyIn(nowMs, kitchen, parts);
  return { p50AtMs: nowMs + left.p50Ms, p90AtMs: nowMs + left.p90Ms };
}

function kitchenState({ order }: Pick<KitchenOrder, "order">): KitchenState {
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

/**
 * @param toRestaurant the way there, other stops first
 * @param freeAtMs when the time at these is over
 */
function courierState(
  loaded: LoadedOrder,
  router: Router,
  toRestaurant: readonly Point[],
  freeAtMs: number,
): CourierState {
  const state = stateOf(loaded);
  if (state !== "coming") return { state };
  const place = placeOf(loaded);
  return place ? { state, wayS: waySOf(router, place, toRestaurant), freeAtMs } : { state: "unknown" };
}

function stateOf({ delivery }: LoadedOrder): CourierState["state"] {
  return delivery ? COURIER_STATES[delivery.status] : "unknown";
}

const NO_STOPS: StopsBefore = { beforePickup: [], beforeDoor: [] };

/** The courier's stops before this order's own. [ETA41] */
function stopsFirst(loaded: LoadedOrder): StopsBefore {
  const state = stateOf(loaded);
  if (!loaded.earlier || state === "unknown" || state === "at-customer") return NO_STOPS;
  return stopsBefore(loaded.order.restaurantId, state, loaded.earlier);
}

/** The router's seconds along these places. */
function waySOf(router: Router, from: Point, stops: readonly Point[]): number {
  return stops.reduce((sum, to, index) => sum + router.leg(stops[index - 1] ?? from, to).durationS, 0);
}

/** The courier's place that was last written down, at most a minute or so old while on the move. */
function placeOf({ courier }: LoadedOrder): Point | undefined {
  return courier && courier.lastLat !== null && courier.lastLng !== null
    ? { lat: courier.lastLat, lng: courier.lastLng }
    : undefined;
}
