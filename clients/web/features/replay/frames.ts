import { applyCourierEvent, applyOrderEvent, applyRestaurantEvent } from "#shared/client/merge.ts";
import type { BlackBox, BlackBoxFix, BlackBoxOffer, BlackBoxView } from "#shared/contracts/black-box.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { CourierState, SeenOrder } from "#shared/contracts/views.ts";

import { statusWords } from "../ops/board.ts";

/** A courier's screen, as far as it was about this order. */
export interface CourierFrame {
  readonly courierId: string;
  readonly name: string;
  readonly state: CourierState;
  readonly work: SeenOrder | undefined;
  /** When the screen last changed. */
  readonly changedAtMs: number;
}

/** Where a courier was, by the newest fix at that time. */
export interface Place {
  readonly courierId: string;
  readonly name: string;
  readonly fix: BlackBoxFix;
}

/** Everybody's screen at one moment, and what was true. */
export interface Frame {
  readonly atMs: number;
  /** Undefined: nothing had been told yet. */
  readonly customer: SeenOrder | undefined;
  /** The place that the customer's map may have shown. */
  readonly shown: Place | undefined;
  /** Undefined: not (or no longer) on the kitchen's board. */
  readonly ticket: SeenOrder | undefined;
  /** Those who had been told something by then; who was told last stands first. */
  readonly couriers: readonly CourierFrame[];
  readonly truth: SeenOrder | undefined;
  readonly place: Place | undefined;
  readonly openOffer: BlackBoxOffer | undefined;
}

/**
 * All screens at one moment, made from the events that each had been sent by then with the functions that the live screens
 * use. [BLX5]
 *
 * @param atMs deployment time
 */
export function frameAt(box: BlackBox, atMs: number): Frame {
  const told = (view: BlackBoxView | undefined) => (view?.events ?? []).filter((event) => event.atMs <= atMs);
  const viewOf = (sight: BlackBoxView["as"]) => box.views.find((view) => view.as === sight);
  return {
    atMs,
    customer: orderAfter(box, told(viewOf("customer"))),
    shown: shownAt(box, atMs),
    ticket: ticketAfter(box, told(viewOf("kitchen"))),
    couriers: box.views
      .filter((view) => view.as === "courier")
      .flatMap((view) => courierAfter(box, view, told(view)) ?? [])
      .toSorted((a, b) => b.changedAtMs - a.changedAtMs),
    truth: orderAfter(box, told(viewOf("ops"))),
    place: placeAt(box, atMs),
    openOffer: box.offers.find((offer) => offer.offeredAtMs <= atMs && atMs < (offer.answeredAtMs ?? Infinity)),
  };
}

/** The first event brings the whole order: what stands before it is only its id. */
function orderAfter(box: BlackBox, events: readonly SeenEvent[]): SeenOrder | undefined {
  if (events.length === 0) return undefined;
  const nothing: SeenOrder = { id: box.order.id, status: "PENDING_PAYMENT" };
  return events.reduce(applyOrderEvent, nothing);
}

function ticketAfter(box: BlackBox, events: readonly SeenEvent[]): SeenOrder | undefined {
  const empty = { orders: [] as readonly SeenOrder[], paused: false };
  return events.reduce(applyRestaurantEvent, empty).orders.find((order) => order.id === box.order.id);
}

function courierAfter(box: BlackBox, view: BlackBoxView, events: readonly SeenEvent[]): CourierFrame | undefined {
  const last = events.at(-1);
  if (!last) return undefined;
  const empty: CourierState = {
    courierId: view.streamId,
    name: view.name,
    vehicle: "",
    shift: null,
    offer: null,
    suggestion: null,
    work: [],
  };
  const state = events.reduce(applyCourierEvent, empty);
  const work = state.work.find((order) => order.id === box.order.id);
  return { courierId: view.streamId, name: view.name, state, work, changedAtMs: last.atMs };
}

/** Where the courier who held the order was, by the newest fix that the live marker would have taken. */
function placeAt(box: BlackBox, atMs: number): Place | undefined {
  const path = box.paths.findLast((each) => each.fromMs <= atMs && atMs <= (each.toMs ?? Infinity));
  const fix = path?.fixes.findLast((each) => each.moved && each.takenAtMs <= atMs);
  return path && fix && { courierId: path.courierId, name: path.name, fix };
}

/** The same, when the customer was allowed to see it: nothing from before the pick-up, nothing after the hand-over. */
function shownAt(box: BlackBox, atMs: number): Place | undefined {
  const place = placeAt(box, atMs);
  const allowed = box.positionsShown.some(
    ({ courierId, fromMs, toMs }) =>
      courierId === place?.courierId && fromMs <= place.fix.takenAtMs && fromMs <= atMs && atMs < (toMs ?? Infinity),
  );
  return allowed ? place : undefined;
}

/** Something that happened, on the time line. */
export interface Tick {
  readonly id: string;
  readonly atMs: number;
  readonly type: string;
  readonly who: string;
}

/** The order's events and the ends of its offers, oldest first. */
export function ticksOf(box: BlackBox): Tick[] {
  const answers = box.offers.flatMap((offer) =>
    offer.answeredAtMs === null
      ? []
      : [{ id: offer.id, atMs: offer.answeredAtMs, type: `offer.${offer.status}`, who: offer.courierName }],
  );
  const story = box.story.map(({ id, atMs, type, actorRole }) => ({ id, atMs, type, who: statusWords(actorRole) }));
  return [...story, ...answers].toSorted((a, b) => a.atMs - b.atMs);
}

/** From the first event to the last thing known; a live order's end goes with the clock. */
export function spanOf(box: BlackBox, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  const fromMs = box.story[0]?.atMs ?? box.atMs;
  const toMs = isLive(box) ? Math.max(box.atMs, nowMs) : (box.story.at(-1)?.atMs ?? box.atMs);
  return { fromMs, toMs: Math.max(toMs, fromMs + 1_000) };
}

export function isLive(box: BlackBox): boolean {
  return (box.order.endedAtMs ?? null) === null;
}

/** The next moment at which something happened, forwards or backwards; undefined at the end. */
export function jump(ticks: readonly Tick[], atMs: number, to: "next" | "before"): number | undefined {
  return to === "next"
    ? ticks.find((tick) => tick.atMs > atMs)?.atMs
    : ticks.findLast((tick) => tick.atMs < atMs)?.atMs;
}

/** What was told of the arrival, from when on. */
export interface Told {
  readonly atMs: number;
  readonly p50AtMs: number;
  readonly p90AtMs: number;
}

/** Every arrival time that the customer was told, in order; an event that tells the same again is no new one. */
export function etasOf(box: BlackBox): Told[] {
  const events = box.views.find((view) => view.as === "customer")?.events ?? [];
  const told: Told[] = [];
  for (const [index, event] of events.entries()) {
    const eta = orderAfter(box, events.slice(0, index + 1))?.eta;
    const last = told.at(-1);
    if (!eta || (last?.p50AtMs === eta.p50AtMs && last.p90AtMs === eta.p90AtMs)) continue;
    told.push({ atMs: event.atMs, ...eta });
  }
  return told;
}
