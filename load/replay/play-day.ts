import type { HubClient } from "#shared/client/hub-client.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { startCourierActor, type CourierActor } from "../actors/courier-actor.ts";
import type { Handover } from "../actors/handover.ts";
import { startCustomerActor, type CustomerActor, type PlacedOrder } from "../actors/customer-actor.ts";
import { startKitchenActor, type KitchenActor, type KitchenPlan } from "../actors/kitchen-actor.ts";
import { payByCard, type PaymentsConfig } from "../actors/pay.ts";
import type { Recorder } from "../actors/recorder.ts";
import { straightWay } from "../actors/ride.ts";
import { REPLAY_MARKET, type Cast, type CastCourier } from "./cast.ts";
import type { InstanceOrder, ReplayInstance } from "./instance.ts";
import type { ReplayTime } from "./replay-time.ts";

export interface PlayDayOptions {
  readonly instance: ReplayInstance;
  readonly cast: Cast;
  readonly payments: PaymentsConfig;
  readonly clock: Clock;
  readonly time: ReplayTime;
  readonly recorder: Recorder;
  /** Told what somebody could not do. */
  readonly tell: (sentence: string) => void;
  /** Hears of each order as soon as it is placed. */
  readonly onPlaced: (order: PlacedOrder) => void;
}

/** A day under way. */
export interface PlayedDay {
  /** Resolves when every kitchen and customer is connected. */
  readonly ready: Promise<void>;
  /** What the platform calls the instance's orders. */
  readonly packOrders: ReadonlyMap<string, InstanceOrder>;
  readonly counts: {
    /** Orders of the day, as far as they were not called off. */
    readonly planned: number;
    readonly placed: number;
    readonly delivered: number;
    readonly ended: number;
    readonly failed: number;
  };
  readonly hubs: readonly HubClient[];
  /** Nobody orders from now on; what was placed is played to its end. */
  lastOrders(): void;
  close(): void;
}

const MINUTE_MS = 60_000;
/**
 * Wall ms between a courier's fixes on the way, at least, and with so many couriers: a phone sends more often, but a wall
 * second is a minute here. Where a courier stops, a fix is sent at once.
 */
const FIX_EVERY_WALL_MS = 1_500;
const FIX_EVERY_WALL_MS_A_COURIER = 8;
const FIX_EVERY_MS = 10_000;

/** Everybody of a day, each at the instance's minutes, over the public API. [RPL3-RPL5] */
export function playDay(options: PlayDayOptions): PlayedDay {
  const { instance, cast, clock, time } = options;
  const packOrders = new Map<string, InstanceOrder>();
  const counts = { planned: instance.orders.length, placed: 0, delivered: 0, ended: 0, failed: 0 };
  const cancels: (() => void)[] = [];
  const at = (minute: number, task: () => void): void => {
    cancels.push(clock.after(Math.max(0, time.atMinute(minute) - clock.nowMs()), task));
  };

  const kitchens = openKitchens(options, packOrders);
  const customers = cast.customers.map((session, index) =>
    startCustomerActor({
      ...common(options, index),
      session,
      pay: (secret, card) => payByCard(options.payments, secret, card),
    }),
  );
  for (const [index, order] of instance.orders.entries()) {
    const customer = customers[index % customers.length];
    at(order.placedMin, () => {
      if (counts.placed === counts.planned) return;
      counts.placed += 1;
      if (customer) void orderOnce(options, customer, order, packOrders, counts);
    });
  }
  const couriers: CourierActor[] = [];
  const closing = { begun: false };
  for (const [index, courier] of cast.couriers.entries()) {
    at(courier.plan.onMin, () => void ride(options, courier, index, couriers, closing));
  }
  return {
    ready: Promise.all([
      ...kitchens.map((kitchen) => kitchen.watching),
      ...customers.map(({ hub }) => whenLive(hub)),
    ]).then(() => undefined),
    packOrders,
    counts,
    get hubs() {
      return [...kitchens, ...customers, ...couriers].map(({ hub }) => hub);
    },
    lastOrders() {
      counts.planned = counts.placed;
    },
    close() {
      closing.begun = true;
      for (const cancel of cancels) cancel();
      for (const actor of [...customers, ...kitchens, ...couriers]) actor.close();
    },
  };
}

export function whenLive(hub: HubClient): Promise<void> {
  if (hub.status === "live") return Promise.resolve();
  return new Promise((resolve) => {
    const stop = hub.onStatus((status) => {
      if (status !== "live") return;
      stop();
      resolve();
    });
  });
}

function common({ clock, recorder }: PlayDayOptions, index: number) {
  return { at: index, marketId: REPLAY_MARKET, clock, recorder };
}

/** Kitchens answer at once, and say ready at the instance's minute. */
function openKitchens(options: PlayDayOptions, packOrders: ReadonlyMap<string, InstanceOrder>): KitchenActor[] {
  const { cast, clock, time } = options;
  const plan = ({ id }: SeenOrder): KitchenPlan => {
    const order = packOrders.get(id);
    if (!order) throw new Error(`a kitchen was given order ${id}, which nobody has placed`);
    return kitchenPlan(time.atMinute(order.readyMin), clock.nowMs());
  };
  return [...cast.kitchens.values()].map(({ restaurantId, session }, index) =>
    startKitchenActor({ ...common(options, index), restaurantId, session, plan }),
  );
}

/** Confirmed and begun at once; the minutes that it says are those that are left, in whole ones. [RPL4] */
export function kitchenPlan(readyAtMs: number, nowMs: number): KitchenPlan {
  const prepMinutes = Math.min(240, Math.max(0, Math.round((readyAtMs - nowMs) / MINUTE_MS)));
  return { confirmAtMs: nowMs, prepMinutes, startAtMs: nowMs, readyAtMs, handOutAtMs: readyAtMs };
}

async function orderOnce(
  options: PlayDayOptions,
  customer: CustomerActor,
  order: InstanceOrder,
  packOrders: Map<string, InstanceOrder>,
  counts: { delivered: number; ended: number; failed: number },
): Promise<void> {
  const kitchen = options.cast.kitchens.get(order.restaurantId);
  try {
    if (!kitchen) throw new Error(`order ${order.id} is for a restaurant that is not in the instance`);
    const placed = await customer.order(
      {
        restaurantId: kitchen.restaurantId,
        lines: [{ itemId: kitchen.itemId, quantity: 1 }],
        drop: { lat: order.lat, lng: order.lng },
        dropLine: `Order ${order.id}`,
      },
      (id) => packOrders.set(id, order),
    );
    options.onPlaced(placed);
    const ended = await placed.ended;
    counts.ended += 1;
    if (ended.status === "DELIVERED" || ended.status === "CONCLUDED") counts.delivered += 1;
    else options.tell(`order ${order.id} ended ${ended.status}: ${ended.endReason ?? ""}`);
  } catch (error) {
    counts.failed += 1;
    options.tell(`order ${order.id} was not placed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One shift: everything is accepted at once, legs take the instance's minutes. [RPL5] */
async function ride(
  options: PlayDayOptions,
  { plan, session }: CastCourier,
  index: number,
  couriers: CourierActor[],
  closing: { readonly begun: boolean },
): Promise<void> {
  const { instance, time, tell } = options;
  const { travelMs, handover } = ridingOf(instance);
  try {
    const courier = await startCourierActor({
      ...common(options, index),
      session,
      start: { lat: plan.lat, lng: plan.lng },
      endsAtMs: time.atMinute(plan.offMin),
      way: (from, to) => straightWay(from, to, travelMs(from, to)),
      handover,
      fixEveryMs: fixEveryMs(options),
      answer: () => ({ accept: true, afterMs: 0 }),
      follows: () => true,
    });
    couriers.push(courier);
    if (closing.begun) courier.close();
    await courier.done;
  } catch (error) {
    tell(`courier ${plan.id} could not ride: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Deployment ms. */
function fixEveryMs({ cast, clock }: PlayDayOptions): number {
  const wallMs = Math.max(FIX_EVERY_WALL_MS, FIX_EVERY_WALL_MS_A_COURIER * cast.couriers.length);
  return Math.max(FIX_EVERY_MS, wallMs * clock.rate);
}

/** Straight lines, each leg as long as the instance says; half of each service before the food changes hands, half after. [RPL5] */
export function ridingOf(instance: ReplayInstance): {
  readonly travelMs: (from: Point, to: Point) => number;
  readonly handover: Handover;
} {
  const { router } = instance.travel;
  const half = (minutes: number) => (minutes * MINUTE_MS) / 2;
  return {
    travelMs: (from, to) => Math.round(router.leg(from, to).durationS * 1000),
    handover: {
      beforePickupMs: half(instance.pickupServiceMin),
      afterPickupMs: half(instance.pickupServiceMin),
      beforeDropMs: half(instance.dropoffServiceMin),
      afterDropMs: half(instance.dropoffServiceMin),
    },
  };
}
