import type { Point } from "#shared/contracts/geo.ts";
import type { OfferView } from "#shared/contracts/views.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import { startCourierActor, type CourierActor } from "../../actors/courier-actor.ts";
import type { CourierTruth, OfferAnswer } from "../../actors/courier-options.ts";
import type { StepKind } from "../../actors/courier-moves.ts";
import type { Way } from "../../actors/ride.ts";
import type { ActorSession } from "../../actors/session.ts";
import { answerTo, courierNature, doorsOf, followsTo, roamOf, shiftAt, type CourierNature } from "../world/courier.ts";
import { phoneOf } from "../world/phone.ts";
import { riddenWay } from "../world/ways.ts";
import { pause, persistently, sentenceOf, until } from "./patience.ts";
import type { CastCourier } from "./stage.ts";
import type { Life } from "./life.ts";

/** How much longer a way along streets is than a straight line. */
const DETOUR = 1.3;
/** Patience's ms between a shift that went wrong and the next try. */
const AFTER_TROUBLE_MS = 5_000;

/** Sends every courier to work, shift after shift, until the twin is closed. */
export function sendCouriers(life: Life): void {
  for (const [at, courier] of life.stage.cast.couriers.entries()) void work(life, courier, at);
}

async function work(life: Life, courier: CastCourier, at: number): Promise<void> {
  const rider = riderOf(life, courier);
  let place = courier.start;
  while (!life.closed()) {
    const shift = shiftAt(life.world.decide, courier.name, life.stage.clock.nowMs());
    // oxlint-disable-next-line no-await-in-loop -- one shift after the other
    await until(life, shift.startMs);
    // oxlint-disable-next-line no-await-in-loop
    const session = await persistently(life, courier.session);
    if (!session) return;
    try {
      // oxlint-disable-next-line no-await-in-loop
      place = await workShift(life, rider, { session, at, place, endsAtMs: shift.endMs });
    } catch (error) {
      if (!life.closed()) life.tell(`${courier.name} could not ride: ${sentenceOf(error)}`);
      // oxlint-disable-next-line no-await-in-loop
      await pause(life, AFTER_TROUBLE_MS);
    }
  }
}

interface ShiftOptions {
  readonly session: ActorSession;
  readonly at: number;
  readonly place: Point;
  readonly endsAtMs: number;
}

/** @returns where the shift ended */
async function workShift(life: Life, rider: Rider, { session, at, place, endsAtMs }: ShiftOptions): Promise<Point> {
  const { marketId, clock, means, recorder } = life.stage;
  const actor = await startCourierActor({
    ...rider.habits(() => actorPlace?.place() ?? place),
    at,
    marketId,
    session,
    clock,
    start: place,
    endsAtMs,
    fixEveryMs: life.fixEveryMs,
    recorder,
    means,
  });
  const actorPlace: CourierActor | undefined = actor;
  const stop = () => actor.close();
  life.connected(actor.hub);
  life.stops.add(stop);
  if (life.closed()) actor.close();
  await actor.done;
  life.stops.delete(stop);
  const ended = actor.place();
  actor.close();
  return ended;
}

interface Rider {
  habits(place: () => Point): Pick<
    Parameters<typeof startCourierActor>[0],
    "way" | "handover" | "answer" | "phone" | "roam" | "follows"
  > & {
    readonly truth?: CourierTruth;
  };
}

/** One courier's ways, answers and phone, counted over all shifts. */
function riderOf(life: Life, { name, vehicle }: CastCourier): Rider {
  const { decide, ways, weather, local, pace } = life.world;
  const nature = courierNature(decide, name, vehicle);
  const phone = phoneOf(decide, name);
  const truth = truthOf(life, nature);
  const counts = { rides: 0, offers: 0, roams: 0, suggestions: 0 };
  const wayFor = (from: Point, to: Point, startMs: number): Way =>
    riddenWay(
      decide,
      ways,
      { name, ordinal: counts.rides++, from, to },
      { vehicle, local: local(startMs), rain: weather(startMs), fast: nature.fast },
    );
  let roamAtMs = 0;
  return {
    habits: (place) => ({
      phone,
      ...(truth ? { truth } : {}),
      handover: doorsOf(decide, name, pace),
      answer: (offer) => answerFor(life, nature, { offer, ordinal: counts.offers++, place: place() }),
      way: wayFor,
      follows({ expiresAtMs }) {
        const ordinal = counts.suggestions++;
        const goes = followsTo(decide, name, ordinal);
        life.decided(name, "suggestion", ordinal, goes ? "follow" : "stay");
        // Who goes there waits there.
        if (goes) roamAtMs = Math.max(roamAtMs, expiresAtMs);
        return goes;
      },
      roam(from, nowMs) {
        if (nowMs < roamAtMs) return roamAtMs;
        const { to, waitMs } = roamOf(decide, name, { ordinal: counts.roams++, from, kitchens: life.kitchenPlaces });
        roamAtMs = nowMs + waitMs;
        return to ? wayFor(from, to, nowMs) : roamAtMs;
      },
    }),
  };
}

function answerFor(
  life: Life,
  nature: CourierNature,
  { offer, ordinal, place }: { readonly offer: OfferView; readonly ordinal: number; readonly place: Point },
): OfferAnswer {
  const { decide, pace, weather } = life.world;
  const farthestM = Math.max(0, ...offer.drops.map((drop) => drop.distanceM));
  const wayM = DETOUR * (distanceM(place, offer.pickupPoint) + farthestM);
  const usualMinor = life.usualPayMinor?.(farthestM) ?? offer.payMinor;
  const paid = offer.payMinor / Math.max(1, usualMinor * offer.drops.length);
  const rain = weather(life.stage.clock.nowMs());
  const { decline, afterMs } = answerTo(decide, nature, { ordinal, distanceM: wayM, paid, rain }, pace);
  life.decided(nature.name, "offer", ordinal, decline ?? "accept");
  return decline === undefined ? { accept: true, afterMs } : { accept: false, afterMs, reason: decline };
}

function truthOf(life: Life, { name, vehicle }: CourierNature): CourierTruth | undefined {
  const { book } = life;
  if (!book) return undefined;
  const rides = book.couriers.get(name)?.rides ?? [];
  book.couriers.set(name, { vehicle, rides });
  return {
    rode: (ride) => void rides.push(ride),
    did(kind, deliveryId, atMs) {
      const field = FIELD[kind];
      if (!field) return;
      const found = book.deliveries.get(deliveryId);
      const truth = found?.courier === name ? found : { courier: name };
      truth[field] = atMs;
      book.deliveries.set(deliveryId, truth);
    },
  };
}

const FIELD: Partial<Record<StepKind, "atMerchantAtMs" | "pickedUpAtMs" | "atCustomerAtMs" | "handedOverAtMs">> = {
  "ride-to-merchant": "atMerchantAtMs",
  "pick-up": "pickedUpAtMs",
  "ride-to-customer": "atCustomerAtMs",
  "hand-over": "handedOverAtMs",
};
