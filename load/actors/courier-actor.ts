import type { HubClient } from "#shared/client/hub-client.ts";
import { applyCourierEvent } from "#shared/client/merge.ts";
import { phaseOf } from "#shared/client/whereabouts.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { CourierState, MoveSuggestion } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { COMMAND, nextMove, type Carried, type Move, type StepName } from "./courier-moves.ts";
import type { CourierActorOptions, OfferAnswer } from "./courier-options.ts";
import { FixStream } from "./fix-stream.ts";
import { serviceMs } from "./handover.ts";
import { InHand } from "./in-hand.ts";
import { mayAskAgain } from "./later.ts";
import { LIVE_MEANS, type Means } from "./means.ts";
import { GOOD_PHONE, type Phone } from "./phone.ts";
import { watchRecorded } from "./recorder.ts";
import { destinationOf, endOf, placeOn, standingAt, type Ride } from "./ride.ts";
import { Wakers } from "./wakers.ts";

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

/** Plays one courier's shift over the socket: offers, stops in order, fixes. Goes on from where the work stands. */
export async function startCourierActor(options: CourierActorOptions): Promise<CourierActor> {
  const hub = options.session.connect("courier", options.at);
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
  readonly #means: Means;
  readonly #phone: Phone;
  readonly #onDuty = Promise.withResolvers<void>();
  readonly #wakers: Wakers;
  readonly #inHand = new InHand();
  readonly #closeWatch: () => void;
  readonly hub: HubClient;
  readonly onDuty: Promise<void>;
  readonly done: Promise<void>;
  #state: CourierState | undefined;
  #answering: string | undefined;
  /** The last suggestion that was thought about. */
  #advised: string | undefined;
  #ride: Ride;
  /** Deployment time until which this courier is busy with what was begun. */
  #freeAtMs: number;
  #closed = false;
  /** The wish to end the shift, until it was refused. */
  #endKey: string | undefined;
  /** Refused or unanswered one after the other. */
  #tries = 0;

  constructor(options: CourierActorOptions, hub: HubClient, courierId: string) {
    const { marketId, clock, session, start } = options;
    this.#options = options;
    this.#clock = clock;
    this.#wakers = new Wakers(clock);
    this.#means = options.means ?? LIVE_MEANS;
    this.#phone = options.phone ?? GOOD_PHONE;
    this.hub = hub;
    this.onDuty = this.#onDuty.promise;
    this.#freeAtMs = clock.nowMs();
    this.#ride = this.#rides(standingAt(start, this.#freeAtMs));
    this.#fixes = new FixStream({
      hub,
      marketId,
      clock,
      everyMs: options.fixEveryMs,
      ride: () => this.#ride,
      phone: this.#phone,
      phase: phaseOf(courierId),
    });
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
    this.#wakers.wake();
  }

  #changed(state: CourierState): void {
    this.#state = state;
    const offer = state.offer;
    if (offer?.status === "offered" && offer.id !== this.#answering) {
      this.#answering = offer.id;
      const answer = this.#options.answer(offer);
      const saidAtMs = this.#phone.onlineFromMs(this.#clock.nowMs() + answer.afterMs);
      const commandId = this.#means.newKey();
      this.#clock.after(saidAtMs - this.#clock.nowMs(), () => void this.#answer(offer.id, answer, commandId));
    }
    this.#wakers.wake();
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
        this.#means.patience.after(LOOK_AGAIN_MS, () => void this.#answer(offerId, answer, commandId));
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
      await this.#idle();
      this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.nowMs());
    }
  }

  /** Nothing to do: goes where orders are said to be expected, roams, or waits for a change. */
  async #idle(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const { endsAtMs, roam } = this.#options;
    const over = nowMs >= endsAtMs;
    const advised = over ? undefined : this.#advice(nowMs);
    if (advised) {
      const way = this.#options.way(destinationOf(this.#ride), advised.point, nowMs);
      return void (await this.#rideOn({ way, startMs: nowMs }, undefined));
    }
    const roams = over ? undefined : roam?.(destinationOf(this.#ride), nowMs);
    if (typeof roams === "object") return void (await this.#rideOn({ way: roams, startMs: nowMs }, undefined));
    const lookAgainMs = nowMs + LOOK_AGAIN_MS * this.#clock.rate;
    await this.#wakers.next(Math.max(lookAgainMs, Math.min(roams ?? Infinity, over ? lookAgainMs : endsAtMs)));
  }

  /** A suggestion that has not been thought about and is to be followed. */
  #advice(nowMs: number): MoveSuggestion | undefined {
    const suggestion = this.#state?.suggestion;
    if (!suggestion || suggestion.id === this.#advised) return undefined;
    this.#advised = suggestion.id;
    return nowMs < suggestion.expiresAtMs && this.#options.follows?.(suggestion) ? suggestion : undefined;
  }

  async #begin(): Promise<void> {
    const { marketId, endsAtMs, start } = this.#options;
    while (!this.#closed && this.#state === undefined) await this.#wakers.next();
    const commandId = this.#means.newKey();
    while (!this.#closed && (!this.#state?.shift || this.#state.shift.endedAtMs !== null)) {
      try {
        await this.hub.command("shift.start", { marketId, endsAtMs, point: start }, { commandId });
        this.#tries = 0;
        return;
      } catch {
        await this.#pause();
      }
    }
  }

  async #end(): Promise<boolean> {
    if (!this.#state?.shift || this.#state.shift.endedAtMs !== null) return true;
    this.#endKey ??= this.#means.newKey();
    try {
      await this.hub.command("shift.end", { marketId: this.#options.marketId }, { commandId: this.#endKey });
      return true;
    } catch (error) {
      // Refused, since there is work in hand: later it is another wish. Unanswered: it is the same.
      if (!mayAskAgain(error)) this.#endKey = undefined;
      await this.#pause();
      return false;
    }
  }

  async #make(move: Move): Promise<void> {
    if (move.kind === "await-food") return await this.#wakers.next();
    if (move.kind === "pick-up") {
      const foodMs = Math.max(...move.of.map((each) => each.readyAtMs ?? 0));
      this.#freeAtMs = Math.max(this.#freeAtMs, foodMs);
    }
    if ("to" in move) {
      if (!(await this.#rideTo(move.to, move.key))) return;
    } else if (!(await this.#hold(this.#freeAtMs, move.key))) return;
    for (const { deliveryId } of move.of) this.#options.truth?.did(move.kind, deliveryId, this.#freeAtMs);
    const done = await Promise.all(move.of.map((each) => this.#step(COMMAND[move.kind], each)));
    if (done.includes(false)) return await this.#pause();
    this.#freeAtMs += serviceMs(move.kind, this.#options.handover);
  }

  /** Rides on while that is still the next thing to do; false when it is not any more. */
  async #rideTo(to: Point, key: string): Promise<boolean> {
    if (!(await this.#hold(this.#freeAtMs, key))) return false;
    const startMs = this.#freeAtMs;
    return await this.#rideOn({ way: this.#options.way(destinationOf(this.#ride), to, startMs), startMs }, key);
  }

  async #rideOn(ride: Ride, key: string | undefined): Promise<boolean> {
    this.#ride = this.#rides(ride);
    const endMs = endOf(ride);
    const arrived = await this.#hold(endMs, key);
    const nowMs = arrived ? endMs : this.#clock.nowMs();
    this.#ride = this.#rides(standingAt(placeOn(this.#ride, nowMs), nowMs));
    this.#freeAtMs = nowMs;
    this.#fixes.readNow();
    return arrived;
  }

  #rides(ride: Ride): Ride {
    this.#options.truth?.rode(ride);
    return ride;
  }

  /** Waits until the phone can speak to the hub. */
  async #online(): Promise<void> {
    while (!this.#closed) {
      const nowMs = this.#clock.nowMs();
      const fromMs = this.#phone.onlineFromMs(nowMs);
      if (fromMs <= nowMs) return;
      await this.#wakers.next(fromMs);
      this.#freeAtMs = Math.max(this.#freeAtMs, this.#clock.nowMs());
    }
  }

  /** Waits until `atMs` of the deployment; false as soon as something else is to be done. */
  async #hold(atMs: number, key: string | undefined): Promise<boolean> {
    for (;;) {
      if (this.#closed || this.#next()?.key !== key) return false;
      if (this.#clock.nowMs() >= atMs) return true;
      await this.#wakers.next(atMs);
    }
  }

  /** One step of one delivery, said until it is answered; false when it was refused. */
  async #step(name: StepName, of: Carried): Promise<boolean> {
    const commandId = this.#means.newKey();
    await this.#online();
    while (!this.#closed) {
      try {
        const ref = { marketId: this.#options.marketId, deliveryId: of.deliveryId };
        const order = await this.hub.command(name, ref, { commandId });
        if (order.delivery) this.#inHand.acknowledge(of.deliveryId, order.delivery.status);
        this.#fixes.stepped();
        this.#tries = 0;
        return true;
      } catch (error) {
        if (!mayAskAgain(error)) return false;
        await this.#pause();
      }
    }
    return false;
  }

  #next(): Move | undefined {
    return nextMove(this.#inHand.of(this.#state?.work ?? []));
  }

  /** Longer each time, so that thousands who are refused at once do not keep the hub from answering anybody. */
  #pause(): Promise<void> {
    const waitMs = LOOK_AGAIN_MS * 2 ** Math.min(this.#tries, 4);
    this.#tries += 1;
    return new Promise((resolve) => void this.#means.patience.after(waitMs, resolve));
  }
}
