import { connectHub, type HubClient } from "#shared/client/hub-client.ts";
import { applyCourierEvent } from "#shared/client/merge.ts";
import { newKey } from "#shared/client/new-key.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import type { Point } from "#shared/contracts/geo.ts";
import { DELIVERY_STATUSES, type DeliveryStatus } from "#shared/contracts/states.ts";
import type { CourierState, OfferView } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import { carriedOf, nextMove, type Carried, type Move } from "./courier-moves.ts";
import { FixStream } from "./fix-stream.ts";
import { mayAskAgain } from "./later.ts";
import { watchRecorded, type Recorder } from "./recorder.ts";
import { placeOn, type Ride } from "./ride.ts";
import type { ActorSession } from "./session.ts";

/** What a courier says to an offer, and how long (deployment ms) that takes. */
export type OfferAnswer =
  | { readonly accept: true; readonly afterMs: number }
  | { readonly accept: false; readonly afterMs: number; readonly reason: string };

/** Minutes at the door, in deployment ms: before and after the food changes hands. */
export interface Handover {
  readonly beforePickupMs: number;
  readonly afterPickupMs: number;
  readonly beforeDropMs: number;
  readonly afterDropMs: number;
}

export interface CourierActorOptions {
  readonly hubUrl: string;
  readonly marketId: string;
  readonly session: ActorSession;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Where the shift begins. */
  readonly start: Point;
  readonly endsAtMs: number;
  /** Deployment ms from place to place. */
  readonly travelMs: (from: Point, to: Point) => number;
  readonly handover: Handover;
  /** Deployment ms between fixes on the way; standing still, every sixth is sent. */
  readonly fixEveryMs: number;
  readonly answer: (offer: OfferView, rng: Rng) => OfferAnswer;
  readonly recorder?: Recorder | undefined;
  readonly hub?: HubClient;
}

export interface CourierActor {
  /** Resolves when the shift has begun. */
  readonly onDuty: Promise<void>;
  /** Resolves when the shift is over, or the actor was closed. */
  readonly done: Promise<void>;
  readonly hub: HubClient;
  /** Where the courier is now. */
  readonly place: () => Point;
  close(): void;
}

/** Takes every offer after `afterMs`. */
export function acceptAll(afterMs: number): CourierActorOptions["answer"] {
  return () => ({ accept: true, afterMs });
}

/** Declines with the given probability. */
export function acceptMost(declineShare: number, afterMs: number): CourierActorOptions["answer"] {
  return (_, rng) => (rng() < declineShare ? { accept: false, afterMs, reason: "Not now" } : { accept: true, afterMs });
}

/** Plays one courier's shift over the socket: offers, stops in order, fixes. Goes on from where the work stands. */
export async function startCourierActor(options: CourierActorOptions): Promise<CourierActor> {
  const hub = options.hub ?? connectHub({ url: options.hubUrl, namespace: "courier", token: options.session.token });
  try {
    const { courierId } = await options.session.api.call("courier.read", { marketId: options.marketId });
    return new PlayedCourier(options, hub, courierId);
  } catch (error) {
    hub.close();
    throw error;
  }
}

/** Wall ms after which somebody who was refused, or waits, looks again. */
const LOOK_AGAIN_MS = 1_000;

class PlayedCourier implements CourierActor {
  readonly #options: CourierActorOptions;
  readonly #clock: Clock;
  readonly #fixes: FixStream;
  readonly #onDuty = Promise.withResolvers<void>();
  readonly #wakers = new Set<() => void>();
  /** Steps that were acknowledged before their event came. */
  readonly #acknowledged = new Map<string, DeliveryStatus>();
  readonly #closeWatch: () => void;
  readonly hub: HubClient;
  readonly onDuty: Promise<void>;
  readonly done: Promise<void>;
  #state: CourierState | undefined;
  #answering: string | undefined;
  #ride: Ride;
  /** Deployment time until which this courier is busy with what was begun. */
  #freeAtMs: number;
  #closed = false;

  constructor(options: CourierActorOptions, hub: HubClient, courierId: string) {
    const { marketId, clock, session, start } = options;
    this.#options = options;
    this.#clock = clock;
    this.hub = hub;
    this.onDuty = this.#onDuty.promise;
    this.#freeAtMs = clock.nowMs();
    this.#ride = { from: start, to: start, startMs: this.#freeAtMs, endMs: this.#freeAtMs };
    this.#fixes = new FixStream({ hub, marketId, clock, everyMs: options.fixEveryMs, ride: () => this.#ride });
    const watch = watchRecorded(
      hub,
      { marketId, kind: "courier", id: courierId },
      {
        // Cast: the contract's snapshot of a courier's stream.
        onSnapshot: (snapshot) => this.#changed(snapshot as CourierState),
        onEvent: (event) => this.#state && this.#changed(applyCourierEvent(this.#state, event)),
      },
      { viewer: { as: "courier", personId: session.personId }, clock, recorder: options.recorder },
    );
    this.#closeWatch = () => watch.close();
    this.done = this.#play().finally(() => this.#fixes.stop());
  }

  place(): Point {
    return placeOn(this.#ride, this.#clock.nowMs());
  }

  close(): void {
    this.#closed = true;
    this.#fixes.stop();
    this.#closeWatch();
    this.hub.close();
    this.#wake();
  }

  #changed(state: CourierState): void {
    this.#state = state;
    const offer = state.offer;
    if (offer?.status === "offered" && offer.id !== this.#answering) {
      this.#answering = offer.id;
      const answer = this.#options.answer(offer, this.#options.rng);
      this.#clock.after(answer.afterMs, () => void this.#answer(offer.id, answer, newKey()));
    }
    this.#wake();
  }

  async #answer(offerId: string, answer: OfferAnswer, commandId: string): Promise<void> {
    if (this.#closed || this.#state?.offer?.id !== offerId) return;
    const ref = { marketId: this.#options.marketId, offerId };
    try {
      if (answer.accept) await this.hub.command("offer.accept", ref, { commandId });
      else await this.hub.command("offer.decline", { ...ref, reason: answer.reason }, { commandId });
    } catch (error) {
      // Closed or gone: the stream brings what is true. Unanswered: the same command may be sent again.
      if (mayAskAgain(error)) {
        wallClock.after(LOOK_AGAIN_MS, () => void this.#answer(offerId, answer, commandId));
      }
    }
  }

  async #play(): Promise<void> {
    await this.#begin();
    this.#onDuty.resolve();
    this.#fixes.start();
    for (;;) {
      if (this.#closed) return;
      const move = this.#next();
      if (move) {
        await this.#make(move);
        continue;
      }
      if (this.#clock.nowMs() >= this.#options.endsAtMs && (await this.#end())) return;
      await this.#change(Math.max(this.#options.endsAtMs, this.#clock.nowMs() + LOOK_AGAIN_MS * this.#clock.rate));
      this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.nowMs());
    }
  }

  async #begin(): Promise<void> {
    const { marketId, endsAtMs, start } = this.#options;
    while (!this.#closed && this.#state === undefined) await this.#change();
    const commandId = newKey();
    while (!this.#closed && (!this.#state?.shift || this.#state.shift.endedAtMs !== null)) {
      try {
        await this.hub.command("shift.start", { marketId, endsAtMs, point: start }, { commandId });
        return;
      } catch {
        await this.#pause();
      }
    }
  }

  async #end(): Promise<boolean> {
    try {
      await this.hub.command("shift.end", { marketId: this.#options.marketId });
      return true;
    } catch {
      return false;
    }
  }

  async #make(move: Move): Promise<void> {
    if (move.kind === "await-food") return await this.#change();
    if (move.kind === "pick-up") {
      const foodMs = Math.max(...move.of.map((each) => each.readyAtMs ?? 0));
      this.#freeAtMs = Math.max(this.#freeAtMs, foodMs);
    }
    if ("to" in move) {
      if (!(await this.#rideTo(move.to, move.key))) return;
    } else if (!(await this.#hold(this.#freeAtMs, move.key))) return;
    const done = await Promise.all(move.of.map((each) => this.#step(COMMAND[move.kind], each)));
    if (done.includes(false)) return await this.#pause();
    this.#freeAtMs += serviceMs(move.kind, this.#options.handover);
  }

  /** Rides on while that is still the next thing to do; false when it is not any more. */
  async #rideTo(to: Point, key: string): Promise<boolean> {
    if (!(await this.#hold(this.#freeAtMs, key))) return false;
    const from = this.#ride.to;
    const startMs = this.#freeAtMs;
    this.#ride = { from, to, startMs, endMs: startMs + this.#options.travelMs(from, to) };
    const arrived = await this.#hold(this.#ride.endMs, key);
    const nowMs = arrived ? this.#ride.endMs : this.#clock.nowMs();
    const at = placeOn(this.#ride, nowMs);
    this.#ride = { from: at, to: at, startMs: nowMs, endMs: nowMs };
    this.#freeAtMs = nowMs;
    this.#fixes.readNow();
    return arrived;
  }

  /** Waits until `atMs` of the deployment; false as soon as something else is to be done. */
  async #hold(atMs: number, key: string): Promise<boolean> {
    for (;;) {
      if (this.#closed || this.#next()?.key !== key) return false;
      if (this.#clock.nowMs() >= atMs) return true;
      await this.#change(atMs);
    }
  }

  /** One step of one delivery, said until it is answered; false when it was refused. */
  async #step(name: StepName, of: Carried): Promise<boolean> {
    const commandId = newKey();
    while (!this.#closed) {
      try {
        const ref = { marketId: this.#options.marketId, deliveryId: of.deliveryId };
        const order = await this.hub.command(name, ref, { commandId });
        if (order.delivery) this.#acknowledged.set(of.deliveryId, order.delivery.status);
        return true;
      } catch (error) {
        if (!mayAskAgain(error)) return false;
        await this.#pause();
      }
    }
    return false;
  }

  #next(): Move | undefined {
    return nextMove(this.#work());
  }

  /** What is in hand, each as far as the stream or an acknowledgement has said. */
  #work(): Carried[] {
    const work = (this.#state?.work ?? []).map(carriedOf);
    for (const id of this.#acknowledged.keys()) {
      if (!work.some((each) => each.deliveryId === id)) this.#acknowledged.delete(id);
    }
    return work.map((each) => {
      const acknowledged = this.#acknowledged.get(each.deliveryId);
      return acknowledged && rank(acknowledged) > rank(each.status) ? { ...each, status: acknowledged } : each;
    });
  }

  #wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** Resolves with the next change of state, or at `atMs` of the deployment. */
  #change(atMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const waker = () => {
        cancel();
        this.#wakers.delete(waker);
        resolve();
      };
      const cancel = atMs === undefined ? () => undefined : this.#clock.after(atMs - this.#clock.nowMs(), waker);
      this.#wakers.add(waker);
    });
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void wallClock.after(LOOK_AGAIN_MS, resolve));
  }
}

const COMMAND = {
  "set-out": "delivery.set-out",
  "ride-to-merchant": "delivery.arrive-at-merchant",
  "pick-up": "delivery.pick-up",
  leave: "delivery.leave",
  "ride-to-customer": "delivery.arrive-at-customer",
  "hand-over": "delivery.hand-over",
  "ride-back": "delivery.return",
} as const satisfies Record<Exclude<Move["kind"], "await-food">, string>;
type StepName = (typeof COMMAND)[keyof typeof COMMAND];

function rank(status: DeliveryStatus): number {
  return DELIVERY_STATUSES.indexOf(status);
}

/** Deployment ms that follow a step before the next thing can be done. */
function serviceMs(kind: Move["kind"], handover: Handover): number {
  if (kind === "ride-to-merchant") return handover.beforePickupMs;
  if (kind === "pick-up") return handover.afterPickupMs;
  if (kind === "ride-to-customer") return handover.beforeDropMs;
  return kind === "hand-over" ? handover.afterDropMs : 0;
}
