import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { startCourierActor, type CourierActor } from "../../load/actors/courier-actor.ts";
import { startCustomerActor, type PlacedOrder } from "../../load/actors/customer-actor.ts";
import { startKitchenActor } from "../../load/actors/kitchen-actor.ts";
import { makeRecorder } from "../../load/actors/recorder.ts";
import { straightWay } from "../../load/actors/ride.ts";
import { SIM_MARKET, SIM_ROUTER, placeAt, simTown } from "./sim-town.ts";

const MINUTE_MS = 60_000;

export interface SimDayOptions {
  readonly seed: number;
  readonly kitchens: number;
  readonly couriers: number;
  readonly customers: number;
  readonly orders: number;
  /** In which they are placed, evenly. */
  readonly minutes: number;
  /** Of the square in which everybody is, metres. */
  readonly sideM: number;
  /** What handlers are given is kept for the checker. */
  readonly recorded: boolean;
}

/** A town in which actors of every kind play through the ports of the simulated platform. */
export async function simDay(options: SimDayOptions) {
  const rng = seededRng(options.seed);
  const somewhere = () => placeAt((rng() - 0.5) * options.sideM, (rng() - 0.5) * options.sideM);
  const town = simTown({
    seed: options.seed,
    kitchens: Array.from({ length: options.kitchens }, somewhere),
    couriers: options.couriers,
    customers: options.customers,
    settings: { concludeAfterMs: 10 * MINUTE_MS },
  });
  const { platform } = town;
  const { clock } = platform;
  const recorder = options.recorded ? makeRecorder() : undefined;
  let keys = 0;
  const means = { patience: clock, newKey: () => `intention ${(keys += 1)}` };
  const shared = { at: 0, marketId: SIM_MARKET, clock, recorder, means };

  for (const { restaurantId, personId } of town.kitchens) {
    const plan = () => {
      const confirmAtMs = clock.nowMs() + 5_000 + Math.floor(rng() * 20_000);
      const startAtMs = confirmAtMs + 10_000;
      const readyAtMs = startAtMs + (8 + Math.floor(rng() * 8)) * MINUTE_MS;
      return { confirmAtMs, prepMinutes: 12, startAtMs, readyAtMs, handOutAtMs: readyAtMs + MINUTE_MS };
    };
    startKitchenActor({ ...shared, restaurantId, session: platform.session(personId), plan });
  }
  const starting: Promise<CourierActor>[] = town.couriers.map(({ personId }) =>
    startCourierActor({
      ...shared,
      session: platform.session(personId),
      start: somewhere(),
      endsAtMs: clock.nowMs() + 10 * 60 * MINUTE_MS,
      way: (from, to) => straightWay(from, to, Math.round(SIM_ROUTER.leg(from, to).durationS * 1000)),
      handover: DEFAULT_SETTINGS.handover,
      fixEveryMs: 3_000,
      follows: () => true,
      answer: () => (rng() < 0.1 ? { accept: false, afterMs: 3_000, reason: "No" } : { accept: true, afterMs: 4_000 }),
    }),
  );
  const guests = town.customers.map((personId) => {
    const pay = (secret: string, card: string) => platform.pay(secret, card);
    return startCustomerActor({ ...shared, session: platform.session(personId), pay });
  });
  const placed: PlacedOrder[] = [];
  const refused: unknown[] = [];
  for (let index = 0; index < options.orders; index++) {
    const kitchen = town.kitchens[Math.floor(rng() * town.kitchens.length)];
    const guest = guests[index % guests.length];
    if (!kitchen || !guest) continue;
    const lines = [{ itemId: kitchen.itemId, quantity: 1 + Math.floor(rng() * 3) }];
    const wanted = { restaurantId: kitchen.restaurantId, lines, drop: somewhere(), dropLine: "Door" };
    clock.after(MINUTE_MS + ((index + rng()) * options.minutes * MINUTE_MS) / options.orders, () => {
      guest.order(wanted).then(
        (one) => void placed.push(one),
        (error: unknown) => void refused.push(error),
      );
    });
  }
  await clock.advance(1_000);
  return { ...town, clock, recorder, placed, refused, actors: await Promise.all(starting) };
}
