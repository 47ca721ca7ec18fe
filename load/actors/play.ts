import { wallClock } from "#shared/client/wall-clock.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import { startCourierActor, type CourierActor } from "./courier-actor.ts";
import { startCustomerActor, type CustomerActor } from "./customer-actor.ts";
import { startKitchenActor, type KitchenPlan } from "./kitchen-actor.ts";
import { payByCard, type Pay, type PaymentsConfig } from "./pay.ts";
import { straightWay } from "./ride.ts";
import { openActorSession } from "./session.ts";
import type { Troupe } from "./troupe-file.ts";

export interface PlayOptions {
  readonly hubUrls: readonly string[];
  readonly marketId: string;
  readonly troupe: Troupe;
  readonly payments: PaymentsConfig;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly ordersPerMinute: number;
  /** Told what did not work; the play goes on. */
  readonly tell: (sentence: string) => void;
}

export interface Play {
  /** Ends every actor; the accounts and what they have begun stay. */
  stop(): void;
}

const MINUTE_MS = 60_000;
/** Deployment ms. */
const SHIFT_MS = 6 * 60 * MINUTE_MS;
const HANDOVER = { beforePickupMs: 20_000, afterPickupMs: 25_000, beforeDropMs: 25_000, afterDropMs: 20_000 };
/** A brisk cyclist in a street grid. */
const ROUTER = haversineRouter({ speedMps: 6.5, detour: 1.3 });
const DECLINE_SHARE = 0.08;

/** Keeps a market alive: kitchens that cook, couriers who ride, customers who order now and then. Runs until stopped. */
export async function startPlay(options: PlayOptions): Promise<Play> {
  const stops = new Set<() => void>();
  const life: Life = { ...options, stops, ended: () => ended };
  let ended = false;
  await openKitchens(life);
  for (const [index, courier] of options.troupe.couriers.entries()) void rideOn(life, courier, index);
  const customers = await openCustomers(life);
  orderOn(life, customers);
  return {
    stop() {
      ended = true;
      for (const stop of stops) stop();
    },
  };
}

interface Life extends PlayOptions {
  readonly stops: Set<() => void>;
  readonly ended: () => boolean;
}

async function openKitchens(life: Life): Promise<void> {
  for (const [index, { restaurantId, ...login }] of life.troupe.kitchens.entries()) {
    // One after the other: signing in costs the hub a tenth of a second of hashing, and people are waiting too.
    const session = await openActorSession({ hubUrls: life.hubUrls, ...login });
    const { marketId, clock, rng } = life;
    const plan = (order: SeenOrder): KitchenPlan => planOf(order, clock.nowMs(), rng);
    const kitchen = startKitchenActor({ at: index, marketId, restaurantId, session, clock, plan });
    life.stops.add(() => kitchen.close());
  }
}

/** Answers in half a minute, cooks for 4 to 10 minutes: a lively kitchen, so that there is something to see. */
function planOf(order: SeenOrder, nowMs: number, rng: Rng): KitchenPlan {
  const prepMinutes = 4 + Math.floor(rng() * 7);
  const confirmAtMs = nowMs + 3_000 + rng() * 20_000;
  const startAtMs = confirmAtMs + 2_000 + rng() * 15_000;
  // What was confirmed before a restart keeps its word.
  const saidAtMs = order.readyEstimateAtMs ?? confirmAtMs + prepMinutes * MINUTE_MS;
  const readyAtMs = saidAtMs + (rng() - 0.5) * 90_000;
  return { confirmAtMs, prepMinutes, startAtMs, readyAtMs, handOutAtMs: readyAtMs + 3 * MINUTE_MS };
}

/** One courier's shifts, one after the other. */
async function rideOn(life: Life, courier: Troupe["couriers"][number], index: number): Promise<void> {
  let start = courier.start;
  let playing: CourierActor | undefined;
  life.stops.add(() => playing?.close());
  const session = await persistently(life, () => openActorSession({ hubUrls: life.hubUrls, ...courier }));
  if (!session) return;
  while (!life.ended()) {
    try {
      playing = await startCourierActor({
        at: index,
        marketId: life.marketId,
        session,
        clock: life.clock,
        start,
        endsAtMs: life.clock.nowMs() + SHIFT_MS,
        way: (from, to) => straightWay(from, to, Math.round(ROUTER.leg(from, to).durationS * 1000)),
        handover: HANDOVER,
        fixEveryMs: 3_000,
        answer: () =>
          life.rng() < DECLINE_SHARE
            ? { accept: false, afterMs: 4_000, reason: "Not now" }
            : { accept: true, afterMs: 4_000 },
      });
      await playing.done;
      start = playing.place();
      playing.close();
    } catch (error) {
      life.tell(`a courier could not ride: ${sentenceOf(error)}`);
    }
    await pause(life, 5_000);
  }
}

async function openCustomers(life: Life): Promise<readonly Guest[]> {
  const guests: Guest[] = [];
  for (const [index, { drop, dropLine, ...login }] of life.troupe.customers.entries()) {
    const session = await openActorSession({ hubUrls: life.hubUrls, ...login });
    const { marketId, clock, payments } = life;
    const pay: Pay = (secret, card) => payByCard(payments, secret, card);
    const actor = startCustomerActor({ at: index, marketId, session, pay, clock });
    life.stops.add(() => actor.close());
    guests.push({ actor, drop, dropLine, waiting: false });
  }
  return guests;
}

interface Guest {
  readonly actor: CustomerActor;
  readonly drop: Troupe["customers"][number]["drop"];
  readonly dropLine: string;
  waiting: boolean;
}

/** Somebody orders, at times that have no memory (exponential gaps), but nobody while their last order is under way. */
function orderOn(life: Life, guests: readonly Guest[]): void {
  const gapMs = () => (-Math.log(1 - life.rng()) * MINUTE_MS) / life.ordersPerMinute;
  let cancel = () => {};
  const next = (inMs: number) => {
    cancel = life.clock.after(inMs, () => {
      const free = guests.filter((guest) => !guest.waiting);
      const guest = free[Math.floor(life.rng() * free.length)];
      if (guest) void orderOnce(life, guest);
      next(gapMs());
    });
  };
  life.stops.add(() => cancel());
  if (guests.length > 0 && life.ordersPerMinute > 0) next(2_000);
}

async function orderOnce(life: Life, guest: Guest): Promise<void> {
  const served = new Set(life.troupe.kitchens.map((kitchen) => kitchen.restaurantId));
  guest.waiting = true;
  try {
    const found = await guest.actor.browse(
      guest.drop,
      (all) => {
        const open = all.filter((each) => served.has(each.id) && each.open);
        return open[Math.floor(life.rng() * open.length)];
      },
      life.rng,
    );
    if (!found) return;
    const { restaurant, lines } = found;
    const placed = await guest.actor.order({
      restaurantId: restaurant.id,
      lines,
      drop: guest.drop,
      dropLine: guest.dropLine,
    });
    await placed.ended;
    placed.leave();
  } catch (error) {
    if (!life.ended()) life.tell(`a customer could not order: ${sentenceOf(error)}`);
  } finally {
    guest.waiting = false;
  }
}

async function persistently<T>(life: Life, task: () => Promise<T>): Promise<T | undefined> {
  while (!life.ended()) {
    try {
      return await task();
    } catch (error) {
      life.tell(sentenceOf(error));
      await pause(life, 5_000);
    }
  }
  return undefined;
}

/** Wall ms; cut short by the end of the play. */
function pause(life: Life, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      life.stops.delete(done);
      resolve();
    };
    const cancel = wallClock.after(waitMs, done);
    life.stops.add(done);
  });
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
