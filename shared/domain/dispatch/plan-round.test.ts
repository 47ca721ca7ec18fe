import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, projection, round, router } from "#shared/testing/rounds.ts";

import type { Point } from "../geo/point.ts";
import { planeRouter } from "../router/plane-router.ts";
import { planRound } from "./plan-round.ts";
import { DEFAULT_SETTINGS, type OpenDelivery, type RoundCourier, type RoundPlan, type RoundSettings } from "./round.ts";

const settings = DEFAULT_SETTINGS;
/** Couriers' time has no price while they are short. */
const unpriced = { ...settings, weights: { ...settings.weights, bound: 0 } };
const plan = (
  deliveries: readonly OpenDelivery[],
  couriers: readonly RoundCourier[],
  by: RoundSettings = settings,
): RoundPlan => planRound({ nowMs: NOW_MS, deliveries, couriers, router }, by);

test("[DSP1] the order in which things are listed decides nothing", () => {
  fc.assert(
    fc.property(round, fc.integer(), (input, seed) => {
      const shuffled = <T>(items: readonly T[]) =>
        items
          .map((each, i) => ({ each, key: Math.imul(i + 1, seed | 1) }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
      const again = planRound(
        { ...input, deliveries: shuffled(input.deliveries), couriers: shuffled(input.couriers) },
        settings,
      );
      expect(JSON.stringify(again)).toBe(JSON.stringify(planRound(input, settings)));
    }),
  );
});

test("[DSP9] nothing twice; every delivery is decided; shift ends, capacity, exclusions and waiting offers are kept", () => {
  fc.assert(
    fc.property(round, (input) => {
      const { commits, holds } = planRound(input, settings);
      const decided = [...commits.flatMap(({ addedIds }) => addedIds), ...holds.map(({ deliveryId }) => deliveryId)];
      expect(decided.toSorted()).toEqual(input.deliveries.map(({ id }) => id).toSorted());
      expect(new Set(commits.map(({ courierId }) => courierId)).size).toBe(commits.length);
      for (const { courierId, deliveryIds, addedIds, numbers, kind, restaurantId } of commits) {
        const courier = input.couriers.find(({ id }) => id === courierId);
        if (!courier) throw new Error("a commit names a courier of the round");
        const added = input.deliveries.filter(({ id }) => addedIds.includes(id));
        expect(courier.activeOfferCount).toBe(0);
        expect(deliveryIds.length).toBeLessThanOrEqual(Math.min(courier.capacity, settings.maxBundle));
        expect(numbers.pickupAtMs).toBeLessThanOrEqual(courier.shiftEndsAtMs);
        expect(
          added.every((each) => each.restaurantId === restaurantId && !each.excludedCourierIds.includes(courierId)),
        ).toBe(true);
        expect(deliveryIds.length - addedIds.length).toBe(
          kind === "addition" ? (courier.onTheWay?.deliveries.length ?? -1) : 0,
        );
        expect(Object.values(numbers).every(Number.isSafeInteger)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("[DSP8] whoever is sent on a trip is free, and would be later by leaving a round later", () => {
  fc.assert(
    fc.property(round, (input) => {
      for (const { courierId, numbers, kind, addedIds } of planRound(input, settings).commits) {
        if (kind === "addition") continue;
        const courier = input.couriers.find(({ id }) => id === courierId);
        const delivery = input.deliveries.find(({ id }) => addedIds.includes(id));
        if (!courier || !delivery) throw new Error("a commit names what it was given");
        expect(courier.freeAtMs).toBeLessThanOrEqual(NOW_MS);
        const wayMs =
          router.leg(courier.freePoint, delivery.pickup).durationS * 1000 + settings.handover.beforePickupMs;
        expect(NOW_MS + settings.roundMs + wayMs).toBeGreaterThan(numbers.pickupAtMs);
      }
    }),
    { numRuns: 300 },
  );
});

describe("one delivery, one courier", () => {
  test.for([
    ["the food is ready", 0, NOW_MS, "committed"],
    ["the way takes until ready", 4, NOW_MS, "committed"],
    ["there is a minute left", 5, NOW_MS, "not-yet"],
    ["the courier is free within the round", 0, NOW_MS + MINUTE_MS / 2, "courier-busy"],
    ["the courier is free in a minute", 0, NOW_MS + MINUTE_MS, "courier-busy"],
    ["ready past the horizon", 41, NOW_MS, "beyond-horizon"],
  ] as const)("[DSP8] %s", ([, readyMin, freeAtMs, outcome]) => {
    const { commits, holds } = plan(
      [aDelivery("d", { readyAtMs: NOW_MS + readyMin * MINUTE_MS })],
      [aCourier("c", { freeAtMs })],
    );
    expect(commits.length > 0 ? "committed" : holds[0]?.reason).toBe(outcome);
  });

  test("[DSP8] an offer's lead is taken off", () => {
    const delivery = aDelivery("d", { readyAtMs: NOW_MS + 6 * MINUTE_MS });
    const input = { nowMs: NOW_MS, deliveries: [delivery], couriers: [aCourier("c")], router };
    expect(planRound(input, settings).commits).toHaveLength(0);
    expect(planRound(input, { ...settings, leadMs: 2 * MINUTE_MS }).commits).toHaveLength(1);
  });
});

test("[DSP8] a courier soon free and near beats one who is free and far", () => {
  const { commits, holds } = plan(
    [aDelivery("d")],
    [aCourier("far", { point: at(9_000) }), aCourier("near", { freeAtMs: NOW_MS + 2 * MINUTE_MS, point: at(0) })],
  );
  expect(commits).toEqual([]);
  expect(holds).toMatchObject([{ deliveryId: "d", reason: "courier-busy", courierId: "near" }]);
});

describe("bundles", () => {
  const twins = [aDelivery("d1"), aDelivery("d2", { drop: at(3_010) })];

  test("[DSP7] neighbours share a courier when the other courier is far", () => {
    const { commits } = plan(twins, [aCourier("near"), aCourier("far", { point: at(12_000) })], unpriced);
    expect(commits).toMatchObject([{ courierId: "near", deliveryIds: ["d1", "d2"], kind: "trip" }]);
  });

  test("[DSP7] each goes alone when a second courier is at hand", () => {
    const { commits } = plan(twins, [aCourier("c1"), aCourier("c2")], unpriced);
    expect(commits.map(({ deliveryIds }) => deliveryIds.length)).toEqual([1, 1]);
  });

  test("[DSP7] opposite ways share a courier only when nobody else comes for long", () => {
    const opposite = [aDelivery("d1"), aDelivery("d2", { drop: at(-9_000) })];
    expect(plan(opposite, [aCourier("c1"), aCourier("c2", { point: at(3_000) })], unpriced).commits).toHaveLength(2);
    expect(plan(opposite, [aCourier("c1")], unpriced).commits).toMatchObject([{ deliveryIds: ["d1", "d2"] }]);
  });

  test("[DSP7] a capacity of one is one", () => {
    const { commits, holds } = plan(twins, [aCourier("c", { capacity: 1 })]);
    expect(commits.map(({ deliveryIds }) => deliveryIds.length)).toEqual([1]);
    expect(holds).toHaveLength(1);
  });
});

describe("a courier on the way to the restaurant", () => {
  const carried = {
    id: "old",
    drop: at(3_000),
    placedAtMs: NOW_MS - 20 * MINUTE_MS,
    readyAtMs: NOW_MS + MINUTE_MS,
    priority: 0,
  };
  const onTheWay = { restaurantId: "r", pickup: at(0), arriveAtMs: NOW_MS + MINUTE_MS, deliveries: [carried] };
  const coming = aCourier("coming", { freeAtMs: NOW_MS + 20 * MINUTE_MS, freePoint: at(3_000), onTheWay });

  test("[DSP11] takes a neighbour's delivery along, the old one kept", () => {
    const { commits } = plan([aDelivery("new", { drop: at(3_010) })], [coming, aCourier("far", { point: at(12_000) })]);
    expect(commits).toMatchObject([
      { courierId: "coming", kind: "addition", deliveryIds: ["old", "new"], addedIds: ["new"] },
    ]);
  });

  test("[DSP11] does not when another is at hand and the ways part", () => {
    const { commits } = plan([aDelivery("new", { drop: at(-6_000) })], [coming, aCourier("idle")]);
    expect(commits).toMatchObject([{ courierId: "idle", kind: "trip", deliveryIds: ["new"] }]);
  });

  test("[DSP11] does not for another restaurant", () => {
    const { commits } = plan([aDelivery("new", { restaurantId: "other" })], [coming]);
    expect(commits).toEqual([]);
  });
});

test("[DSP4] two cities that share nobody are planned as if each were alone", () => {
  const far = (place: Point): Point => ({ lat: place.lat + 1, lng: place.lng + 1 });
  fc.assert(
    fc.property(round, round, (here, there) => {
      const moved = {
        deliveries: there.deliveries.map((each) => ({
          ...each,
          id: `z${each.id}`,
          restaurantId: `z${each.restaurantId}`,
          pickup: far(each.pickup),
          drop: far(each.drop),
        })),
        couriers: there.couriers.map((each) => ({
          ...each,
          id: `z${each.id}`,
          point: far(each.point),
          freePoint: far(each.freePoint),
          ...(each.onTheWay && {
            onTheWay: {
              ...each.onTheWay,
              restaurantId: `z${each.onTheWay.restaurantId}`,
              pickup: far(each.onTheWay.pickup),
              deliveries: each.onTheWay.deliveries.map((old) => ({ ...old, drop: far(old.drop) })),
            },
          }),
        })),
      };
      // How short couriers are is reckoned over all of a market.
      const apart = [planRound(here, unpriced), planRound({ ...here, ...moved }, unpriced)];
      const both = planRound(
        {
          ...here,
          deliveries: [...here.deliveries, ...moved.deliveries],
          couriers: [...here.couriers, ...moved.couriers],
        },
        unpriced,
      );
      expect(both.commits).toEqual(apart.flatMap(({ commits }) => commits));
      expect(both.holds).toEqual(apart.flatMap(({ holds }) => holds));
    }),
  );
});

test("[DSP12] a commit keeps the cheapest couriers weighed, the chosen one among them; a hold its reason", () => {
  fc.assert(
    fc.property(round, (input) => {
      const { commits, holds } = planRound(input, settings);
      for (const { courierId, weighed, numbers } of commits) {
        const costs = weighed.map(({ cost }) => cost);
        expect(costs).toEqual(costs.toSorted((a, b) => a - b));
        expect(weighed.find((each) => each.courierId === courierId && each.cost === numbers.cost)).toEqual({
          courierId,
          ...numbers,
        });
      }
      for (const { reason, courierId } of holds)
        expect(courierId !== undefined).toBe(reason === "courier-busy" || reason === "not-yet");
    }),
  );
});

test("[RTR18] couriers' ways are by their own vehicles, and the food's own way is alike for all", () => {
  const slow = planeRouter({ metersPerMinute: 80, projection });
  const mixed = { ...router, by: (vehicle: string) => (vehicle === "foot" ? slow : router) };
  const couriers = [aCourier("a", { vehicle: "foot" }), aCourier("b", { vehicle: "motorbike" })];
  const input = { nowMs: NOW_MS, deliveries: [aDelivery("d")], couriers, router: mixed };
  const [commit] = planRound(input, settings).commits;
  expect(commit?.courierId).toBe("b");
  const walking = commit?.weighed.find(({ courierId }) => courierId === "a");
  // 600 m to the restaurant and 3,000 m to the door at 80 m a minute, each leg in whole minutes.
  expect(walking?.travelMs).toBe((8 + 38) * MINUTE_MS);
  expect(walking?.delayMs).toBe((commit?.numbers.delayMs ?? 0) + (8 - 2 + 38 - 10) * MINUTE_MS);
});

describe("while couriers are short", () => {
  const long = aDelivery("long", { restaurantId: "r1", drop: at(9_000) });
  const short = aDelivery("short", { restaurantId: "r2", drop: at(600) });

  test("[DSP37] the short trip goes first; with couriers enough each goes as soon as may be", () => {
    const both = [long, short];
    expect(plan(both, [aCourier("only")]).commits).toMatchObject([{ deliveryIds: ["short"] }]);
    expect(plan(both, [aCourier("one"), aCourier("two")]).commits).toHaveLength(2);
  });

  test("[DSP37] who goes home soon takes the long trip, whose end nobody else could have used", () => {
    const couriers = [aCourier("stays"), aCourier("z-goes", { shiftEndsAtMs: NOW_MS + 5 * MINUTE_MS })];
    const { commits } = plan([long, short], couriers);
    expect(commits.find(({ courierId }) => courierId === "z-goes")?.deliveryIds).toEqual(["long"]);
    expect(commits.find(({ courierId }) => courierId === "stays")?.deliveryIds).toEqual(["short"]);
  });

  test("[DSP39] food that is ready goes before food that may be long in coming", () => {
    const unsaid = aDelivery("a-unsaid", {
      restaurantId: "r1",
      readyAtMs: NOW_MS + MINUTE_MS,
      readyLateAtMs: NOW_MS + 20 * MINUTE_MS,
      drop: at(600),
    });
    const ready = aDelivery("ready", { restaurantId: "r2", drop: at(2_000) });
    expect(plan([unsaid, ready], [aCourier("only")]).commits).toMatchObject([{ deliveryIds: ["ready"] }]);
  });

  test("[DSP39] nobody has to leave yet for food that may be long in coming", () => {
    const unsaid = aDelivery("d", { readyAtMs: NOW_MS + 4 * MINUTE_MS, readyLateAtMs: NOW_MS + 14 * MINUTE_MS });
    const enough = ["one", "two", "three", "four"].map((id) => aCourier(id));
    expect(plan([unsaid], enough).commits).toHaveLength(1);
    expect(plan([unsaid, aDelivery("e", { readyAtMs: NOW_MS + 30 * MINUTE_MS })], [aCourier("one")]).commits).toEqual(
      [],
    );
  });
});

test("[DSP55] couriers count as short sooner for food that may be long in coming than for food that is known", () => {
  const known = aDelivery("d", { readyAtMs: NOW_MS + 4 * MINUTE_MS });
  const unsaid = { ...known, readyLateAtMs: NOW_MS + 14 * MINUTE_MS };
  const two = [aCourier("one"), aCourier("two")];
  expect(plan([known], two).commits).toHaveLength(1);
  expect(plan([unsaid], two).commits).toEqual([]);
});

test("[DSP38] where nobody can come within the time of a later plan, who is far is sent all the same", () => {
  const far = at(27_000);
  expect(plan([aDelivery("d")], [aCourier("far", { point: far })]).commits).toMatchObject([{ courierId: "far" }]);
  const { commits } = plan(
    [aDelivery("d")],
    [aCourier("far", { point: far }), aCourier("farther", { point: at(28_000) })],
  );
  expect(commits).toMatchObject([{ courierId: "far", deliveryIds: ["d"] }]);
});
