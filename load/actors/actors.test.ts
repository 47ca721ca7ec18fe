import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { HubClient, Watch } from "#shared/client/hub-client.ts";
import type { WatchHandlers } from "#shared/client/stream-follower.ts";
import { problemOf } from "#shared/contracts/errors.ts";
import { DELIVERY_STATUSES, type DeliveryStatus } from "#shared/contracts/states.ts";
import type { SeenEvent, StreamRef } from "#shared/contracts/streams.ts";
import type { MenuView } from "#shared/contracts/views.ts";
import { deliveryStep, type DeliveryAction } from "#shared/domain/order/machine.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { basketFor } from "./basket-for.ts";
import { nextMove, type Carried, type Move } from "./courier-moves.ts";
import { stepOf } from "./kitchen-actor.ts";
import { makeRecorder, watchRecorded } from "./recorder.ts";
import { coveredOn, destinationOf, endOf, fixOn, placeOn, straightWay } from "./ride.ts";

const ACTION: Readonly<Record<Exclude<Move["kind"], "await-food">, DeliveryAction>> = {
  "set-out": "set-out",
  "ride-to-merchant": "arrive-at-merchant",
  "pick-up": "pick-up",
  leave: "leave",
  "ride-to-customer": "arrive-at-customer",
  "hand-over": "hand-over",
  "ride-back": "return",
};
const OVER: readonly DeliveryStatus[] = ["ORDER_DELIVERED", "RETURNED_TO_MERCHANT"];

function carried(index: number, restaurantId: string, status: DeliveryStatus, ready: boolean): Carried {
  const place = { lat: index, lng: 0 };
  return {
    deliveryId: `d${index}`,
    restaurantId,
    status,
    pickup: place,
    drop: place,
    readyAtMs: ready ? 1 : undefined,
  };
}

describe("a courier's moves", () => {
  const held = fc.constantFrom<DeliveryStatus>(...DELIVERY_STATUSES.filter((each) => each !== "PENDING"));
  const rows = fc.array(fc.tuple(fc.constantFrom("r1", "r2"), held, fc.boolean()), { maxLength: 5 });

  test("[ACT1] every step is allowed, and followed they bring every delivery to its end", () => {
    fc.assert(
      fc.property(rows, (drawn) => {
        let work = drawn.map(([restaurant, status, ready], index) => carried(index, restaurant, status, ready));
        for (let moves = 0; moves < 100; moves += 1) {
          const move = nextMove(work);
          if (!move) break;
          if (move.kind === "await-food") {
            work = work.map((each) => ({ ...each, readyAtMs: 1 }));
            continue;
          }
          for (const of of move.of) {
            const step = deliveryStep(of.status, ACTION[move.kind]);
            expect(step.outcome).toBe("move");
            const to = step.outcome === "move" ? step.to : of.status;
            work = work.map((each) => (each.deliveryId === of.deliveryId ? { ...each, status: to } : each));
          }
        }
        const ended: readonly DeliveryStatus[] = [...OVER, "DELIVERY_FINISHED", "CANCELLED"];
        expect(work.every((each) => ended.includes(each.status))).toBe(true);
      }),
    );
  });

  test("[ACT1] food is picked up only when all of the restaurant's is ready", () => {
    const waiting = [
      carried(0, "r1", "ARRIVED_AT_MERCHANT", true),
      carried(1, "r1", "ARRIVED_AT_MERCHANT", false),
      carried(2, "r2", "ACCEPTED", true),
    ];
    expect(nextMove(waiting)?.kind).toBe("await-food");
    const ready = waiting.map((each) => ({ ...each, readyAtMs: 1 }));
    expect(nextMove(ready)).toMatchObject({ kind: "pick-up", of: [{ deliveryId: "d0" }, { deliveryId: "d1" }] });
  });
});

describe("a basket", () => {
  const option = fc.record({ priceMinor: fc.nat(200), available: fc.boolean() });
  const group = fc
    .record({ options: fc.array(option, { minLength: 1, maxLength: 4 }), min: fc.nat(2), more: fc.nat(2) })
    .map(({ options, min, more }) => ({
      name: "group",
      minChoices: min,
      maxChoices: Math.max(1, min + more),
      options: options.map((each, index) => ({ ...each, name: `option ${index}` })),
    }));
  const item = fc.record({
    priceMinor: fc.integer({ min: 1, max: 3_000 }),
    available: fc.boolean(),
    stock: fc.constantFrom(null, 0, 3, 500),
    groups: fc.array(group, { maxLength: 2 }),
  });
  const menu = fc.array(item, { maxLength: 5 }).map((items): MenuView => {
    const dishes = items.map(({ groups, ...rest }, at) => ({
      ...rest,
      id: `i${at}`,
      categoryId: "c",
      name: "",
      description: "",
      modifierGroups: groups.map((each, place) => ({
        ...each,
        id: `i${at}g${place}`,
        options: each.options.map((one, index) => ({ ...one, id: `i${at}g${place}o${index}` })),
      })),
    }));
    return { restaurantId: "r", currency: "EUR", categories: [{ id: "c", name: "", items: dishes }] };
  });

  test("[ACT2] holds only what is to be had, with every choice that is asked for, up to the minimum", () => {
    fc.assert(
      fc.property(menu, fc.nat(8_000), fc.nat(), (view, minimumMinor, seed) => {
        const lines = basketFor(view, minimumMinor, seededRng(seed));
        const items = new Map(view.categories.flatMap((each) => each.items).map((each) => [each.id, each]));
        let sumMinor = 0;
        for (const line of lines ?? []) {
          const dish = items.get(line.itemId);
          expect(dish?.available).toBe(true);
          sumMinor += dish?.priceMinor ?? 0;
          const chosen = new Set(line.optionIds);
          expect(chosen.size).toBe(line.optionIds?.length);
          for (const { options, minChoices, maxChoices } of dish?.modifierGroups ?? []) {
            const here = options.filter((each) => chosen.has(each.id));
            expect(here.every((each) => each.available)).toBe(true);
            expect(here.length).toBeGreaterThanOrEqual(minChoices);
            expect(here.length).toBeLessThanOrEqual(maxChoices);
          }
        }
        const full = lines === undefined || lines.length === 12;
        expect(full || sumMinor >= minimumMinor).toBe(true);
      }),
    );
  });
});

test("[ACT3] a kitchen's step follows from the order's state", () => {
  const plan = { confirmAtMs: 1, prepMinutes: 5, startAtMs: 2, readyAtMs: 3, handOutAtMs: 4 };
  expect(stepOf({ status: "CREATED", kind: "delivery" }, plan)).toEqual({ step: "confirm", atMs: 1 });
  expect(stepOf({ status: "CONFIRMED", kind: "delivery" }, plan)).toEqual({ step: "start", atMs: 2 });
  expect(stepOf({ status: "PREPARING", kind: "delivery" }, plan)).toEqual({ step: "ready", atMs: 3 });
  expect(stepOf({ status: "READY", kind: "delivery" }, plan)).toBeUndefined();
  expect(stepOf({ status: "READY", kind: "takeaway" }, plan)).toEqual({ step: "hand-out", atMs: 4 });
  expect(stepOf({ status: "IN_DELIVERY", kind: "delivery" }, plan)).toBeUndefined();
  const refused = { ...plan, rejectReason: "sold out" };
  expect(stepOf({ status: "CREATED", kind: "delivery" }, refused)).toEqual({ step: "reject", atMs: 1 });
});

test("[ACT5] somebody on a straight way is between its ends", () => {
  const [from, to] = [
    { lat: 0, lng: 0 },
    { lat: 0.01, lng: 0.02 },
  ];
  const ride = { way: straightWay(from, to, 100_000), startMs: 1_000 };
  expect(placeOn(ride, 0)).toEqual(from);
  expect(placeOn(ride, 500_000)).toEqual(to);
  expect(placeOn(ride, 51_000)).toEqual({ lat: 0.005, lng: 0.01 });
  const fix = fixOn(ride, 51_000.6);
  expect(fix.takenAtMs).toBe(51_000);
  expect(fix.headingDeg).toBeCloseTo(63.4, 1);
  expect(fix.speedMps).toBeCloseTo(24.9, 1);
  expect(fixOn({ way: straightWay(from, from, 0), startMs: 1_000 }, 2_000)).toMatchObject({
    speedMps: 0,
    headingDeg: null,
  });
});

test("[ACT5] somebody on a way along streets is on one of its legs, and moves on with time", () => {
  const drawnLeg = fc.record({
    north: fc.integer({ min: -500, max: 500 }),
    tookMs: fc.nat(60_000),
    tunnel: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(drawnLeg, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: -5_000, max: 800_000 }),
      (legs, at) => {
        const points = [{ lat: 0, lng: 0 }];
        const sinceMs = [0];
        for (const { north, tookMs } of legs) {
          points.push({ lat: (points.at(-1)?.lat ?? 0) + north / 1e5, lng: points.length / 1e4 });
          sinceMs.push((sinceMs.at(-1) ?? 0) + tookMs);
        }
        const ride = { way: { points, sinceMs, covered: legs.map((each) => each.tunnel) }, startMs: 10_000 };
        const atMs = 10_000 + at;
        const place = placeOn(ride, atMs);
        expect(place.lng).toBeGreaterThanOrEqual(0);
        expect(placeOn(ride, atMs + 1_000).lng).toBeGreaterThanOrEqual(place.lng);
        if (atMs >= endOf(ride)) expect(place).toEqual(destinationOf(ride));
        const under = legs.filter((_, index) => (sinceMs[index] ?? 0) <= at && at < (sinceMs[index + 1] ?? 0));
        if (at >= 0 && under[0]) expect(coveredOn(ride, atMs)).toBe(under[0].tunnel);
      },
    ),
  );
});

describe("the recorder", () => {
  const stream: StreamRef = { marketId: "m1", kind: "order", id: "o" };
  const event = (seq: number): SeenEvent => ({ id: `e${seq}`, seq, type: "t", atMs: 0, orderId: "o", payload: {} });

  /** A hub of one watch, whose handlers the test calls. */
  function setUp() {
    const given: { handlers?: WatchHandlers } = {};
    const watch: Watch = { position: undefined, close: () => undefined };
    const hub = {
      watch: (_ref: StreamRef, handlers: WatchHandlers) => {
        given.handlers = handlers;
        return watch;
      },
    };
    const recorder = makeRecorder();
    const heard: string[] = [];
    const watching = watchRecorded(
      // Cast: the recorder uses nothing else of a client.
      hub as unknown as HubClient,
      stream,
      {
        onSnapshot: (_, { seq }) => heard.push(`snapshot ${seq}`),
        onEvent: ({ seq }) => heard.push(`event ${seq} of ${recorder.log.at(-1)?.events.length}`),
      },
      {
        viewer: { as: "customer", personId: "p" },
        clock: { nowMs: () => 7, rate: 1, after: () => () => {} },
        recorder,
      },
    );
    const { handlers } = given;
    if (!handlers) throw new Error("nothing was watched");
    return { recorder, heard, watching, handlers };
  }

  test("[ACT4] writes down before it hands on, snapshot by snapshot, and where the watcher left", () => {
    const { recorder, heard, watching, handlers } = setUp();
    handlers.onSnapshot({}, { epoch: "1", seq: 4 });
    handlers.onEvent(event(5), { epoch: "1", seq: 5 });
    handlers.onSnapshot({}, { epoch: "2", seq: 1 });
    handlers.onEvent(event(2), { epoch: "2", seq: 2 });
    watching.close();
    expect(heard).toEqual(["snapshot 4", "event 5 of 1", "snapshot 1", "event 2 of 1"]);
    expect(recorder.log).toMatchObject([
      { epoch: "1", snapshotSeq: 4, events: [{ seq: 5, heardAtMs: 7 }] },
      { epoch: "2", snapshotSeq: 1, events: [{ seq: 2 }], leftSeq: 2 },
    ]);
    expect(recorder.log[0]?.leftSeq).toBeUndefined();
  });

  test("[ACT4] a right that has ended is told apart from leaving", () => {
    const { recorder, watching, handlers } = setUp();
    handlers.onSnapshot({}, { epoch: "1", seq: 4 });
    handlers.onClosed?.(problemOf("stream.not-found", "over"));
    watching.close();
    expect(recorder.log[0]).toMatchObject({ closedSeq: 4 });
    expect(recorder.log[0]?.leftSeq).toBeUndefined();
  });
});
