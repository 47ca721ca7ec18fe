import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { SeenEvent, StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";

import { check, type Evidence, type WatchedStream } from "./checker.ts";

const MARKET = "grid";
const uuid = (kind: number, n: number) => `00000000-0000-7000-800${kind}-${String(n).padStart(12, "0")}`;
const order: StreamRef = { marketId: MARKET, kind: "order", id: uuid(1, 1) };
const kitchen: StreamRef = { marketId: MARKET, kind: "restaurant", id: uuid(2, 1) };
const customer = { as: "customer", personId: uuid(3, 1) } as const;
const cook = { as: "kitchen", personId: uuid(3, 2) } as const;

function row(seq: number): StoredEvent {
  return {
    marketId: MARKET,
    id: uuid(4, seq),
    type: "order.changed",
    payload: { order: { id: order.id, status: "CREATED", customerName: "Ines", code: `A${seq}` }, reason: "inside" },
    actorRole: "kitchen",
    actorId: null,
    atMs: 1_000 * seq,
    orderId: order.id,
    orderSeq: seq,
    restaurantId: kitchen.id,
    restaurantSeq: seq,
    courierId: null,
    courierSeq: null,
  };
}
const history = (length: number) => Array.from({ length }, (_, index) => row(index + 1));

function seen(viewer: WatchedStream["viewer"], stream: StreamRef, stored: StoredEvent): SeenEvent {
  const event = projectEvent(viewer, stream, stored);
  if (!event) throw new Error("the row stands in no such stream");
  return event;
}

/** Both watchers as they should have been served: from `snapshotSeq` to the end. */
function faultless(length: number, snapshotSeq: number): Evidence {
  const stored = history(length);
  const watches = (
    [
      [customer, order],
      [cook, kitchen],
    ] as const
  ).map(([viewer, stream]) => ({
    viewer,
    stream,
    epoch: "1",
    snapshotSeq,
    events: stored.slice(snapshotSeq).map((each) => seen(viewer, stream, each)),
  }));
  return { watches, stored, rights: [] };
}

/** The evidence with another list of events for its first watcher. */
function planted(evidence: Evidence, change: (events: SeenEvent[]) => SeenEvent[]): Evidence {
  const [first, ...others] = evidence.watches;
  if (!first) throw new Error("nobody watches");
  return { ...evidence, watches: [{ ...first, events: change([...first.events]) }, ...others] };
}

const CLEAN = { lost: 0, doubled: 0, disordered: 0, leaked: 0, invented: 0 };
/** A history, where its watchers came in, and a place among what they were given. */
const scene = fc
  .record({ length: fc.integer({ min: 3, max: 40 }), snapshot: fc.nat(), place: fc.nat() })
  .map(({ length, snapshot, place }) => {
    const snapshotSeq = snapshot % (length - 2);
    return { length, snapshotSeq, place: place % (length - snapshotSeq) };
  });

describe("the checker", () => {
  test("[CHK1] finds nothing where nothing is wrong, and counts what was owed", () => {
    fc.assert(
      fc.property(scene, ({ length, snapshotSeq }) => {
        const verdict = check(faultless(length, snapshotSeq));
        expect(verdict).toMatchObject({ ...CLEAN, owed: 2 * (length - snapshotSeq), faults: [] });
      }),
    );
  });

  test("[CHK2] finds an event that was left out, at any place, also the last", () => {
    fc.assert(
      fc.property(scene, ({ length, snapshotSeq, place }) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) => events.toSpliced(place, 1));
        expect(check(evidence)).toMatchObject({ ...CLEAN, lost: 1 });
      }),
    );
  });

  test("[CHK3] finds an event that was given twice, wherever the second one stands", () => {
    fc.assert(
      fc.property(scene, fc.nat(), ({ length, snapshotSeq, place }, later) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) => {
          const repeated = events[place];
          const at = place + 1 + (later % (events.length - place));
          return repeated ? events.toSpliced(at, 0, repeated) : events;
        });
        expect(check(evidence)).toMatchObject({ ...CLEAN, doubled: 1 });
      }),
    );
  });

  test("[CHK4] finds two events that changed places", () => {
    fc.assert(
      fc.property(scene, ({ length, snapshotSeq, place }) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) => {
          const at = Math.min(place, events.length - 2);
          const [a, b] = [events[at], events[at + 1]];
          return a && b ? events.toSpliced(at, 2, b, a) : events;
        });
        expect(check(evidence)).toMatchObject({ ...CLEAN, disordered: 1 });
      }),
    );
  });

  test("[CHK5] finds what was given outside a right, and asks for nothing there", () => {
    fc.assert(
      fc.property(scene, fc.nat(), ({ length, snapshotSeq }, to) => {
        const toSeq = snapshotSeq + 1 + (to % (length - snapshotSeq));
        const evidence = faultless(length, snapshotSeq);
        const rights = [{ personId: customer.personId, stream: order, fromSeq: 0, toSeq }];
        expect(check({ ...evidence, rights })).toMatchObject({ ...CLEAN, leaked: length - toSeq });
        const inside = planted(evidence, (events) => events.filter((event) => event.seq <= toSeq));
        expect(check({ ...inside, rights })).toMatchObject(CLEAN);
      }),
    );
  });

  test("[CHK6] finds a field that the role may not see", () => {
    fc.assert(
      fc.property(scene, fc.constantFrom("order", "top"), ({ length, snapshotSeq, place }, where) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) =>
          events.map((event, index) => {
            if (index !== place) return event;
            const extra = where === "top" ? { reason: "inside" } : { order: { customerName: "Ines" } };
            return { ...event, payload: { ...event.payload, ...extra } };
          }),
        );
        expect(check(evidence)).toMatchObject({ ...CLEAN, leaked: 1 });
      }),
    );
  });

  test("[CHK7] finds an event that the store does not hold", () => {
    fc.assert(
      fc.property(scene, ({ length, snapshotSeq, place }) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) =>
          events.map((event, index) => (index === place ? { ...event, id: uuid(5, 1) } : event)),
        );
        expect(check(evidence)).toMatchObject({ ...CLEAN, invented: 1 });
        const beyond = { ...seen(customer, order, row(length + 1)) };
        expect(check(planted(faultless(length, snapshotSeq), (events) => [...events, beyond]))).toMatchObject({
          ...CLEAN,
          invented: 1,
        });
      }),
    );
  });

  test("[CHK2] a watcher who left is owed nothing after that; one who came back, only from the new snapshot", () => {
    fc.assert(
      fc.property(scene, ({ length, snapshotSeq, place }) => {
        const evidence = planted(faultless(length, snapshotSeq), (events) => events.slice(0, place + 1));
        const [first, ...others] = evidence.watches;
        if (!first) throw new Error("nobody watches");
        const left = { ...first, leftSeq: snapshotSeq + place + 1 };
        expect(check({ ...evidence, watches: [left, ...others] })).toMatchObject(CLEAN);
        const back = { ...first, snapshotSeq: length, events: [] };
        expect(check({ ...evidence, watches: [left, back, ...others] })).toMatchObject(CLEAN);
        // Without having left, a snapshot that jumps ahead in the same history hides events from the handler.
        expect(check({ ...evidence, watches: [first, back, ...others] }).lost).toBe(length - snapshotSeq - place - 1);
        const restored = { ...back, epoch: "2" };
        expect(check({ ...evidence, watches: [first, restored, ...others] })).toMatchObject(CLEAN);
      }),
    );
  });

  test("[CHK8] finds a position outside of its order's time, or of another order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.boolean(), (takenAtMs, other) => {
        const orderId = other ? uuid(1, 2) : order.id;
        const verdict = check({
          ...faultless(3, 0),
          positions: [{ viewer: customer, orderId, takenAtMs }],
          positionRights: [{ personId: customer.personId, orderId: order.id, fromMs: 20, toMs: 60 }],
        });
        expect(verdict.leaked).toBe(!other && takenAtMs >= 20 && takenAtMs <= 60 ? 0 : 1);
      }),
    );
  });

  test("[CHK1] gaps on the wire are told apart from what handlers were given", () => {
    expect(check({ ...faultless(5, 1), rawGaps: 7 })).toMatchObject({ ...CLEAN, rawGaps: 7 });
  });
});

describe("[CHK9] a right that ends and opens again", () => {
  const rights = [
    { personId: cook.personId, stream: kitchen, fromSeq: 0, toSeq: 3 },
    { personId: cook.personId, stream: kitchen, fromSeq: 5 },
  ];
  const stored = history(8);
  const given = stored.map((each) => seen(cook, kitchen, each));
  const watch = (snapshotSeq: number, end: number, closedSeq?: number): WatchedStream => ({
    viewer: cook,
    stream: kitchen,
    epoch: "1",
    snapshotSeq,
    events: given.slice(snapshotSeq, end),
    ...(closedSeq === undefined ? {} : { closedSeq }),
  });

  test("owes nothing between, and nothing before the new snapshot", () => {
    const verdict = check({ watches: [watch(0, 3, 3), watch(6, 8)], stored, rights });
    expect(verdict).toMatchObject({ lost: 0, leaked: 0, owed: 5 });
  });

  test("a hub that ends a watch before its right has lost what follows", () => {
    expect(check({ watches: [watch(0, 2, 2), watch(6, 8)], stored, rights })).toMatchObject({ lost: 3 });
  });

  test("what lies between is leaked", () => {
    expect(check({ watches: [watch(0, 4, 3), watch(6, 8)], stored, rights })).toMatchObject({ leaked: 1 });
  });
});

test("[CHK10] two screens of one person are owed everything each", () => {
  const stored = history(2);
  const events = stored.map((each) => seen(customer, order, each));
  const at = (device: string): WatchedStream => ({
    viewer: customer,
    device,
    stream: order,
    epoch: "1",
    snapshotSeq: 0,
    events,
  });
  expect(check({ watches: [at("desk"), at("phone")], stored, rights: [] })).toMatchObject({ doubled: 0, owed: 4 });
});
