import { Refusal } from "#shared/contracts/errors.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { startCustomerActor, type CustomerActor, type PlacedOrder } from "../../actors/customer-actor.ts";
import { logNormal } from "../world/chance.ts";
import { arrivals, chooseRestaurant, type Arrival } from "../world/demand.ts";
import { CUSTOMER } from "../world/parameters.ts";
import type { OrderTruth } from "./book.ts";
import { sentenceOf, until } from "./patience.ts";
import type { CastCustomer } from "./stage.ts";
import type { Life } from "./life.ts";

const DECLINED_CARD = "pm_card_chargeDeclined";
const GOOD_CARD = "pm_card_visa";
const CANCEL_REASON = "Ordered by mistake";
const NOTHING_OPEN = "nothing open near";

/** Lets people get hungry, each at their moment; resolves when the last of them has been served or refused. */
export async function feedCustomers(life: Life): Promise<void> {
  const { decide, local, weather } = life.world;
  const { fromMs, untilMs, perHour } = life;
  const meals = new Set<Promise<void>>();
  const span = untilMs === undefined ? { fromMs } : { fromMs, untilMs };
  for (const arrival of arrivals({ ...span, decide, perHour, local, weather })) {
    // oxlint-disable-next-line no-await-in-loop -- one comes after the other
    await until(life, arrival.atMs);
    if (life.closed()) return;
    const open = life.counts.placed - life.counts.delivered - life.counts.refused;
    if (open >= (life.mostOpen ?? Infinity)) continue;
    const meal = eat(life, arrival).finally(() => meals.delete(meal));
    meals.add(meal);
  }
  await Promise.all(meals);
}

/** One person's order, from the hunger to the end. */
async function eat(life: Life, arrival: Arrival): Promise<void> {
  const { customers } = life.stage.cast;
  const { ordinal } = arrival;
  const guest = customers[Math.floor(life.world.decide("city", "who", ordinal)() * customers.length)];
  if (!guest) return;
  life.counts.wanted += 1;
  let actor: CustomerActor | undefined;
  const stop = () => actor?.close();
  life.stops.add(stop);
  try {
    const session = await guest.session();
    const { marketId, clock, means, pay, recorder } = life.stage;
    actor = startCustomerActor({ at: ordinal, marketId, session, pay, clock, recorder, means });
    life.connected(actor.hub);
    await orderAndWait(life, arrival, guest, actor);
  } catch (error) {
    if (life.closed()) return;
    unplaced(life, error instanceof Refusal ? error.code : sentenceOf(error));
    life.tell(`order-${ordinal} was not placed: ${sentenceOf(error)}`);
  } finally {
    life.stops.delete(stop);
    actor?.close();
  }
}

function unplaced(life: Life, reason: string): void {
  life.counts.unplaced += 1;
  const known = life.book?.unplaced;
  known?.set(reason, (known.get(reason) ?? 0) + 1);
}

async function orderAndWait(life: Life, arrival: Arrival, guest: CastCustomer, actor: CustomerActor): Promise<void> {
  const { decide, local, pace } = life.world;
  const { ordinal, atMs } = arrival;
  const rng = decide("city", "basket", ordinal);
  const seen = { ordinal, near: guest.drop, local: local(atMs), reach: pace.reach };
  const found = await actor.browse(guest.drop, (all) => chooseRestaurant(decide, seen, all), rng);
  life.decided(guest.name, "order", ordinal, found ? `${found.restaurant.name}: ${found.lines.length}` : NOTHING_OPEN);
  if (!found) return unplaced(life, NOTHING_OPEN);
  const { restaurant, lines } = found;
  const tipMinor = rng() < CUSTOMER.tips ? Math.round(restaurant.deliveryBaseMinor * 0.3) : 0;
  const cards = rng() < CUSTOMER.badCard ? [DECLINED_CARD, GOOD_CARD] : [GOOD_CARD];
  let truth: OrderTruth | undefined;
  const wanted = { restaurantId: restaurant.id, lines, drop: guest.drop, dropLine: guest.dropLine, tipMinor, cards };
  const placed = await actor.order(
    wanted,
    (orderId) => {
      truth = noteOrder(life, {
        orderId,
        restaurantId: restaurant.id,
        ordinal,
        wantedAtMs: atMs,
        customer: guest.name,
      });
    },
    (order) => truth && noteSeen(truth, order, life.stage.clock.nowMs()),
  );
  thinkAgain(life, placed, guest, ordinal);
  const ended = await placed.ended;
  if (ended.status === "DELIVERED" || ended.status === "CONCLUDED") life.counts.delivered += 1;
  else life.counts.refused += 1;
  life.names.delete(placed.orderId);
}

/** A few do not want it any more, and say so while the kitchen has not begun. */
function thinkAgain(life: Life, placed: PlacedOrder, guest: CastCustomer, ordinal: number): void {
  const rng = life.world.decide("city", "second thoughts", ordinal);
  if (rng() >= CUSTOMER.cancels) return;
  const afterMs = logNormal(rng, CUSTOMER.cancelAfterS * 1000, 0.5);
  const cancel = life.stage.clock.after(afterMs, () => {
    life.decided(guest.name, "cancel", ordinal, placed.current().status);
    // Too late: then it comes all the same.
    placed.cancel(CANCEL_REASON).catch(() => undefined);
  });
  void placed.ended.then(cancel);
}

function noteOrder(
  life: Life,
  order: {
    readonly orderId: string;
    readonly restaurantId: string;
    readonly ordinal: number;
    readonly wantedAtMs: number;
    readonly customer: string;
  },
): OrderTruth | undefined {
  const { orderId, restaurantId, ordinal, wantedAtMs, customer } = order;
  const name = `order-${ordinal}`;
  life.counts.placed += 1;
  life.names.set(orderId, name);
  life.onPlaced?.({ orderId, restaurantId, wantedAtMs });
  if (!life.book) return undefined;
  const placedAtMs = life.stage.clock.nowMs();
  const truth: OrderTruth = {
    name,
    orderId,
    customer,
    placedAtMs,
    status: "PENDING_PAYMENT",
    endReason: null,
    told: {},
  };
  life.book.orders.set(orderId, truth);
  return truth;
}

/** What the platform tells the customer, first of all and when the food is first under way. */
function noteSeen(truth: OrderTruth, order: SeenOrder, atMs: number): void {
  const { status, delivery, readyEstimateAtMs, eta, promise } = order;
  truth.status = status;
  truth.endReason = order.endReason ?? null;
  if (delivery) truth.deliveryId = delivery.id;
  if (typeof readyEstimateAtMs === "number") truth.estimateAtMs ??= readyEstimateAtMs;
  noteTold(truth, atMs, promise ?? eta, "atOrder");
  if (status === "IN_DELIVERY") noteTold(truth, atMs, eta, "underWay");
}

function noteTold({ told }: OrderTruth, atMs: number, eta: SeenOrder["eta"], when: keyof OrderTruth["told"]): void {
  if (eta) told[when] ??= { atMs, ...eta };
}
