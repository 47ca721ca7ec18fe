import type { HubClient } from "#shared/client/hub-client.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";

import type { PlacedOrder } from "../actors/customer-actor.ts";
import { recordPositions, watchRecorded, type Recorder } from "../actors/recorder.ts";
import type { ActorSession } from "../actors/session.ts";

export interface StrangersOptions {
  readonly marketId: string;
  readonly people: readonly { readonly as: "customer" | "kitchen" | "courier"; readonly session: ActorSession }[];
  /** Of the couriers at work: their streams are tried. */
  readonly courierIds: readonly string[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly recorder: Recorder;
  /** Orders that have been placed so far: a stranger knows every id, which helps nobody. */
  readonly placed: () => readonly Target[];
  readonly zones: readonly string[];
}

/** An order that a stranger tries to get at. */
export interface Target {
  readonly orderId: string;
  readonly restaurantId: string;
  readonly deliveryId: string;
}

export function targetOf(order: PlacedOrder): Target {
  const { orderId } = order;
  const { restaurantId = orderId, delivery } = order.current();
  return { orderId, restaurantId, deliveryId: delivery?.id ?? orderId };
}

export interface Strangers {
  /** Tries that were refused, and those that were answered: each of these is a leak. */
  readonly counts: { readonly refused: number; readonly answered: number };
  /** What was answered, in words. */
  readonly answered: readonly string[];
  readonly personIds: readonly string[];
  close(): void;
}

/** Wall ms from one round of tries to the next. */
const EVERY_MS = 3_000;
const LATER: readonly string[] = ["hub.overloaded", "rate.limited", "internal"];

type Try = readonly [what: string, run: () => Promise<unknown>];

/**
 * A customer, a kitchen and a courier who try all day long to watch streams that are not theirs and to act on what is in
 * them. [RPL6]
 */
export function startStrangers(options: StrangersOptions): Strangers {
  const { people, clock, recorder, rng } = options;
  const counts = { refused: 0, answered: 0 };
  const answered: string[] = [];
  const watchers = people.map(({ as, session }, index) => {
    const hub = session.connect(as, index);
    const viewer: Viewer = { as, personId: session.personId };
    return { hub, viewer, session, stop: recordPositions(hub, { viewer, clock, recorder }) };
  });
  let cancel = () => {};
  let closed = false;

  const attempt = async ([what, run]: Try): Promise<void> => {
    try {
      await run();
      counts.answered += 1;
      answered.push(what);
    } catch (error) {
      // Not answered at all is neither; refused is what is meant to be.
      if (error instanceof Refusal && !LATER.includes(error.code)) counts.refused += 1;
    }
  };
  const round = async (): Promise<void> => {
    const all = options.placed();
    const target = all[Math.floor(rng() * all.length)];
    if (target && !closed) {
      const streams = streamsOf(target, options);
      await Promise.all(
        watchers.flatMap((watcher) => [
          ...streams.map((stream) =>
            attempt([`${watcher.viewer.as} watched ${stream.kind}`, () => peek(watcher, stream, options)]),
          ),
          ...triesOf(watcher, target, options).map(attempt),
        ]),
      );
    }
    if (!closed) cancel = wallClock.after(EVERY_MS, () => void round());
  };
  void round();
  return {
    counts,
    answered,
    personIds: people.map(({ session }) => session.personId),
    close() {
      closed = true;
      cancel();
      for (const { hub, stop } of watchers) {
        stop();
        hub.close();
      }
    },
  };
}

interface Watcher {
  readonly hub: HubClient;
  readonly viewer: Viewer;
  readonly session: ActorSession;
}

function streamsOf({ orderId, restaurantId }: Target, options: StrangersOptions): StreamRef[] {
  const { marketId, rng, courierIds } = options;
  const courierId = courierIds[Math.floor(rng() * courierIds.length)];
  const streams: StreamRef[] = [
    { marketId, kind: "order", id: orderId },
    { marketId, kind: "restaurant", id: restaurantId },
  ];
  if (courierId !== undefined) streams.push({ marketId, kind: "courier", id: courierId });
  return streams;
}

/** Resolves when the stream was shown, and throws when it was refused; what it shows is recorded either way. */
function peek({ hub, viewer }: Watcher, stream: StreamRef, { clock, recorder }: StrangersOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const watch = watchRecorded(
      hub,
      stream,
      {
        onSnapshot: () => resolve(),
        onEvent: () => resolve(),
        onClosed: (problem) => {
          giveUp();
          watch.close();
          reject(new Refusal(problem.code, problem.detail));
        },
      },
      { viewer, clock, recorder },
    );
    const giveUp = wallClock.after(10_000, () => {
      watch.close();
      reject(new Refusal("hub.overloaded", "not answered"));
    });
  });
}

/** What each of them might do in their own role, if the thing were theirs. */
function triesOf({ hub, viewer, session }: Watcher, target: Target, options: StrangersOptions): Try[] {
  const { marketId, zones } = options;
  const { orderId, deliveryId, restaurantId } = target;
  const order = { marketId, orderId };
  const shared: Try[] = [
    [`${viewer.as} read an order`, () => hub.command("order.read", order)],
    [`${viewer.as} watched zones`, () => hub.watchZones(marketId, zones)],
    [`${viewer.as} read a story`, () => session.api.call("order.story", order)],
    [`${viewer.as} opened a black box`, () => session.api.call("order.black-box", order)],
    [
      `${viewer.as} read a restaurant's orders`,
      () => session.api.call("orders.of-restaurant", { marketId, restaurantId }),
    ],
  ];
  const own: Readonly<Record<Viewer["as"], readonly Try[]>> = {
    customer: [
      ["customer cancelled", () => hub.command("order.cancel", { ...order, reason: "not mine" })],
      ["customer settled", () => hub.command("order.settle", order)],
    ],
    kitchen: [
      ["kitchen confirmed", () => hub.command("order.confirm", { ...order, prepMinutes: 1 })],
      ["kitchen said ready", () => hub.command("order.ready", order)],
      ["kitchen rejected", () => hub.command("order.reject", { ...order, reason: "not mine" })],
    ],
    courier: [
      ["courier set out", () => hub.command("delivery.set-out", { marketId, deliveryId })],
      ["courier picked up", () => hub.command("delivery.pick-up", { marketId, deliveryId })],
      ["courier handed over", () => hub.command("delivery.hand-over", { marketId, deliveryId })],
    ],
    ops: [],
  };
  return [...shared, ...own[viewer.as]];
}
