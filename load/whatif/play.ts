import { askAlong, askForRound } from "#shared/domain/dispatch/ask-ahead.ts";
import { courierInRound, dropOf, type Held } from "#shared/domain/dispatch/courier-in-round.ts";
import { withShares } from "#shared/domain/dispatch/fair-share.ts";
import { askableOf, openDeliveryOf } from "#shared/domain/dispatch/open-delivery.ts";
import type { Refusal } from "#shared/domain/dispatch/refusals/refusal-model.ts";
import type { RoundInput, RoundSettings } from "#shared/domain/dispatch/round.ts";
import { routerBy, type Router } from "#shared/domain/router/router.ts";

import { clicksSoFar, type ClicksSoFar } from "../replay/clicks-so-far.ts";
import type { Answer, AnswerOf } from "./answers.ts";
import { Person, type Carried, type OnCarried } from "./person.ts";
import type { Policy, Sent } from "./policies.ts";
import type { StoredDay, StoredOrder, StoredRestaurant } from "./stored-day.ts";
import { dutyOf, heldBy, heldOf, saidReady } from "./view.ts";

/** What became of an order. */
export interface Outcome {
  readonly placedAtMs: number;
  readonly readyAtMs: number;
  readonly pickedUpAtMs: number | null;
  readonly deliveredAtMs: number | null;
  /** Offers that it was in; one with several orders counts as a part of one for each. */
  readonly offers: number;
  /** Metres that couriers rode for it; what several share is shared out. Null: not known. */
  readonly wayM: number | null;
}

export interface Plan {
  readonly policy: Policy;
  readonly settings: RoundSettings;
  readonly router: Router;
  readonly answerOf: AnswerOf;
  /** What rounds know of how likely a courier is to refuse; absent: nothing. */
  readonly refusalOf?: (courierId: string, atMs: number) => Refusal;
  /** Told after each hour of the day. */
  readonly onHour?: (atMs: number, delivered: number) => void;
}

interface Offer extends Answer {
  readonly sent: Sent;
  readonly person: Person;
  readonly answeredAtMs: number;
}

/** An order, and what has come of it so far. */
interface Followed {
  readonly order: StoredOrder;
  readonly restaurant: StoredRestaurant;
  excluded: string[];
  lastAnsweredAtMs: number;
  offers: number;
  /** How often somebody was asked with it first. */
  readonly asked: Map<Person, number>;
  carried: Carried | undefined;
}

/** Everybody and everything of the day at one moment. */
interface Town extends Plan {
  readonly followed: readonly Followed[];
  readonly byDelivery: ReadonlyMap<string, Followed>;
  readonly people: readonly Person[];
  readonly restaurantOf: (order: StoredOrder) => StoredRestaurant;
  /** Orders that nobody has and nobody is asked about. */
  readonly open: Set<Followed>;
  readonly offers: Map<Person, Offer>;
  /** How long orders have taken so far. */
  readonly clicks: ClicksSoFar;
  /** So many of `followed` are known to rounds. */
  heard: number;
}

const HOUR_MS = 3_600_000;

/**
 * Plays a stored day with a policy: orders, kitchens, shifts, times at doors and answers as they were, rounds as workers hold
 * them, each over what the store would have shown at its moment. [WIF1, WIF2]
 *
 * @returns what became of each order, in the day's order
 */
export async function playStoredDay(day: StoredDay, plan: Plan): Promise<Outcome[]> {
  const town = makeTown(day, plan);
  const firstMs = Math.min(...day.orders.map(({ confirmedAtMs }) => confirmedAtMs));
  let nextHourMs = firstMs + HOUR_MS;
  for (let nowMs = firstMs; nowMs <= day.endMs && !isOver(town); nowMs += plan.settings.roundMs) {
    // oxlint-disable-next-line no-await-in-loop -- time goes one way
    await round(town, nowMs);
    if (nowMs < nextHourMs) continue;
    plan.onHour?.(nowMs, town.followed.filter(({ carried }) => carried).length);
    nextHourMs += HOUR_MS;
  }
  return town.followed.map(({ order: { placedAtMs, readyAtMs }, offers, carried }) => ({
    placedAtMs,
    readyAtMs,
    offers,
    ...(carried ?? { pickedUpAtMs: null, deliveredAtMs: null, wayM: 0 }),
  }));
}

function makeTown(day: StoredDay, plan: Plan): Town {
  const restaurantOf = ({ restaurantId }: StoredOrder) => must(day.restaurants.get(restaurantId));
  const followed = day.orders.map((order): Followed => {
    const restaurant = restaurantOf(order);
    return { order, restaurant, excluded: [], lastAnsweredAtMs: 0, offers: 0, asked: new Map(), carried: undefined };
  });
  const byDelivery = new Map(followed.map((each) => [each.order.id, each]));
  const clicks = clicksSoFar(plan.settings.late);
  const onCarried: OnCarried = ({ id, placedAtMs }, carried) => {
    must(byDelivery.get(id)).carried = carried;
    clicks.hear(placedAtMs, carried.deliveredAtMs);
  };
  const people = day.shifts.map((shift) => new Person(shift, plan.router, day.wayFactors, onCarried));
  return { ...plan, followed, byDelivery, people, restaurantOf, clicks, open: new Set(), offers: new Map(), heard: 0 };
}

/** Every order is in somebody's hands, and when it will be handed over is known. */
function isOver({ heard, followed, open, offers, people }: Town): boolean {
  return heard === followed.length && open.size === 0 && offers.size === 0 && !people.some((each) => each.isToFetch());
}

async function round(town: Town, nowMs: number): Promise<void> {
  for (; (town.followed[town.heard]?.order.confirmedAtMs ?? Infinity) <= nowMs; town.heard++)
    town.open.add(must(town.followed[town.heard]));
  await settle(town, nowMs);
  if (town.open.size === 0) return;
  const onDuty = town.people.filter(({ shift }) => shift.fromMs <= nowMs && nowMs < shift.toMs);
  const known = await gather(town, onDuty, nowMs);
  if (town.router.ask) await askForRound(town.router, known);
  const byShift = new Map(onDuty.map((person) => [person.shift.id, person]));
  for (const sent of town.policy(known, town.settings)) makeOffer(town, sent, must(byShift.get(sent.courierId)), nowMs);
}

/** Lives on: offers are answered in the order of time, couriers go on with what they do. */
async function settle(town: Town, nowMs: number): Promise<void> {
  const due = [...town.offers.values()].filter(({ answeredAtMs }) => answeredAtMs <= nowMs);
  // oxlint-disable no-await-in-loop -- one after the other
  for (const each of due.toSorted((a, b) => a.answeredAtMs - b.answeredAtMs)) await closeOffer(town, each);
  for (const person of town.people) if (person.isBusy()) await person.advance(nowMs);
  // oxlint-enable no-await-in-loop
}

async function closeOffer(town: Town, { sent, person, kind, answeredAtMs }: Offer): Promise<void> {
  town.offers.delete(person);
  await person.advance(answeredAtMs);
  const added = sent.addedIds.map((id) => must(town.byDelivery.get(id)));
  for (const each of added) each.lastAnsweredAtMs = answeredAtMs;
  // Who has gone home in the meantime has not refused.
  const gone = answeredAtMs >= person.shift.toMs;
  if (kind === "accepted" && !gone) {
    const orders = sent.deliveryIds.map((id) => must(town.byDelivery.get(id)).order);
    await person.take(orders, new Set(sent.addedIds), must(added[0]).restaurant.pickup, answeredAtMs);
    return;
  }
  for (const each of added) {
    if (!gone) each.excluded = [...each.excluded, person.shift.id];
    town.open.add(each);
  }
}

/** What workers read from the store and the last positions, of this town. */
async function gather(
  { offers, open, restaurantOf, router, settings, refusalOf, clicks }: Town,
  onDuty: readonly Person[],
  nowMs: number,
): Promise<RoundInput> {
  const readyOf = (each: Held) => saidReady(each, nowMs);
  const seen = onDuty.map((person) => {
    const hands = person.hands(nowMs);
    const held = heldBy(hands, restaurantOf, nowMs);
    const learned = refusalOf ? { refusal: refusalOf(person.shift.courierId, nowMs) } : {};
    return { duty: dutyOf(person.shift, offers.has(person)), place: hands.place, held, learned };
  });
  if (router.ask) {
    const ask = ({ duty, place, held }: (typeof seen)[number]) =>
      askAlong(
        routerBy(router, duty.courier.vehicle),
        place,
        held.flatMap((each) => [each.restaurant, dropOf(each)]),
      );
    await Promise.all(seen.map(ask));
  }
  const holding = new Map(seen.map(({ duty, held }) => [duty.courier.id, held.length]));
  const askable = askableOf(
    seen.map(({ duty }) => duty),
    (id) => holding.get(id) ?? 0,
    nowMs,
  );
  const usualMs = clicks.usualAt(nowMs);
  return {
    nowMs,
    router,
    ...(usualMs === undefined ? {} : { usualMs }),
    couriers: withShares(
      seen.map(({ duty, place, held, learned }) => ({
        ...courierInRound(duty, place, held, readyOf, { nowMs, router, settings }),
        ...learned,
      })),
      new Map(onDuty.map(({ shift, taken }) => [shift.id, { onDutyMs: nowMs - shift.fromMs, deliveries: taken }])),
    ),
    deliveries: [...open].map(({ order, restaurant, excluded, lastAnsweredAtMs }) => {
      const shown = heldOf(order, restaurant, { status: "PENDING", arrivedAtMs: null, excluded }, nowMs);
      return openDeliveryOf(shown, readyOf(shown), lastAnsweredAtMs, askable, nowMs);
    }),
  };
}

function makeOffer({ answerOf, offers, byDelivery, open }: Town, sent: Sent, person: Person, nowMs: number): void {
  const [firstId = ""] = sent.addedIds;
  const { asked } = must(byDelivery.get(firstId));
  const ordinal = asked.get(person) ?? 0;
  asked.set(person, ordinal + 1);
  const { kind, afterMs } = answerOf(person.shift.courierId, firstId, ordinal);
  offers.set(person, { sent, person, kind, afterMs, answeredAtMs: nowMs + afterMs });
  for (const id of sent.addedIds) {
    const each = must(byDelivery.get(id));
    each.offers += 1 / sent.addedIds.length;
    open.delete(each);
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the day names an order, a restaurant and a courier that it has");
  return value;
}
