import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { etaOf, type CourierState, type EtaInput, type KitchenState } from "./eta-of.ts";
import { ETA_PRIORS } from "./parts.ts";
import { atomsOf, spreadOf } from "./spread.ts";

const MINUTE_MS = 60_000;
const NOW_MS = 1_700_000_000_000;

const wayS = fc.integer({ min: 0, max: 5_400 });
const kitchen: fc.Arbitrary<KitchenState> = fc.oneof(
  fc.constant({ state: "waiting" } as const),
  fc.constant({ state: "ready" } as const),
  fc.record({
    state: fc.constant("cooking" as const),
    startedAtMs: fc.integer({ min: NOW_MS - 7_200_000, max: NOW_MS }),
  }),
  fc.record({
    state: fc.constant("cooking" as const),
    startedAtMs: fc.integer({ min: NOW_MS - 7_200_000, max: NOW_MS }),
    readyAtMs: fc.integer({ min: NOW_MS - 7_200_000, max: NOW_MS + 7_200_000 }),
  }),
);
const courier: fc.Arbitrary<CourierState> = fc.oneof(
  fc.constantFrom<CourierState>(
    { state: "unknown" },
    { state: "at-restaurant" },
    { state: "carrying" },
    { state: "at-customer" },
  ),
  fc.record({
    state: fc.constant("coming" as const),
    wayS,
    freeAtMs: fc.integer({ min: NOW_MS - 600_000, max: NOW_MS + 3_600_000 }),
  }),
);
const input: fc.Arbitrary<EtaInput> = fc.record({ nowMs: fc.constant(NOW_MS), kitchen, courier, wayToCustomerS: wayS });
const base: EtaInput = {
  nowMs: NOW_MS,
  kitchen: { state: "waiting" },
  courier: { state: "unknown" },
  wayToCustomerS: 600,
};

test("[ETA1] now <= p50 <= p90, and so is each part", () => {
  fc.assert(
    fc.property(input, (each) => {
      const { p50AtMs, p90AtMs, parts } = etaOf(each);
      expect(Number.isInteger(p50AtMs) && Number.isInteger(p90AtMs)).toBe(true);
      expect(p50AtMs).toBeGreaterThanOrEqual(NOW_MS);
      expect(p90AtMs).toBeGreaterThanOrEqual(p50AtMs);
      for (const { p50Ms, p90Ms } of Object.values(parts)) {
        expect(p50Ms).toBeGreaterThanOrEqual(0);
        expect(p90Ms).toBeGreaterThanOrEqual(p50Ms);
      }
    }),
  );
});

describe("[ETA2] nothing that takes longer makes the answer earlier", () => {
  const notEarlier = (sooner: EtaInput, later: EtaInput): boolean => {
    const [a, b] = [etaOf(sooner), etaOf(later)];
    return b.p50AtMs >= a.p50AtMs && b.p90AtMs >= a.p90AtMs;
  };
  test("[ETA2] a longer way to the customer", () => {
    fc.assert(
      fc.property(input, wayS, (each, moreS) => {
        expect(notEarlier(each, { ...each, wayToCustomerS: each.wayToCustomerS + moreS })).toBe(true);
      }),
    );
  });
  test("[ETA2] a longer way to the restaurant, and a courier free later", () => {
    fc.assert(
      fc.property(input, wayS, wayS, fc.nat(3_600_000), (each, way, moreS, busyMs) => {
        const near = { ...each, courier: { state: "coming", wayS: way, freeAtMs: NOW_MS } as const };
        expect(notEarlier(near, { ...each, courier: { state: "coming", wayS: way + moreS, freeAtMs: NOW_MS } })).toBe(
          true,
        );
        expect(notEarlier(near, { ...each, courier: { state: "coming", wayS: way, freeAtMs: NOW_MS + busyMs } })).toBe(
          true,
        );
      }),
    );
  });
  test("[ETA2] food promised later by the kitchen", () => {
    fc.assert(
      fc.property(fc.nat(3_600_000), fc.nat(3_600_000), (saidMs, moreMs) => {
        const cooking = (readyAtMs: number): EtaInput => ({
          ...base,
          kitchen: { state: "cooking", startedAtMs: NOW_MS, readyAtMs },
        });
        expect(notEarlier(cooking(NOW_MS + saidMs), cooking(NOW_MS + saidMs + moreMs))).toBe(true);
      }),
    );
  });
});

test("[ETA3] the slower of food and courier counts, not their sum", () => {
  const near: EtaInput = { ...base, courier: { state: "coming", wayS: 60 } };
  const ready: EtaInput = { ...near, kitchen: { state: "ready" } };
  const there: EtaInput = { ...base, courier: { state: "at-restaurant" } };
  expect(etaOf(near).p50AtMs - etaOf(there).p50AtMs).toBeLessThan(MINUTE_MS / 2);
  expect(etaOf(ready).p50AtMs).toBeLessThan(etaOf(near).p50AtMs - 10 * MINUTE_MS);
});

test("[ETA4] with the food in hand only way and drop count, at the door only the drop", () => {
  for (const state of [{ state: "waiting" }, { state: "ready" }] as const) {
    const { parts } = etaOf({ ...base, kitchen: state, courier: { state: "carrying" } });
    expect([parts.prepLeft, parts.courierWay, parts.handover]).toEqual(
      Array.from({ length: 3 }, () => ({ p50Ms: 0, p90Ms: 0 })),
    );
    expect(parts.wayToCustomer.p50Ms).toBeGreaterThan(0);
    const door = etaOf({ ...base, kitchen: state, courier: { state: "at-customer" } });
    expect(door.p50AtMs - NOW_MS).toBeLessThan(1.1 * ETA_PRIORS.drop.p50Ms);
    expect(door.parts.wayToCustomer).toEqual({ p50Ms: 0, p90Ms: 0 });
  }
});

test("[ETA5] the kitchen's own word stands in for the usual time", () => {
  const { parts } = etaOf({
    ...base,
    kitchen: { state: "cooking", startedAtMs: NOW_MS, readyAtMs: NOW_MS + 40 * MINUTE_MS },
  });
  expect(Math.abs(parts.prepLeft.p50Ms - 40 * MINUTE_MS)).toBeLessThan(MINUTE_MS);
});

test("[ETA6] overdue food is still expected later than now", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 86_400_000 }), (elapsedMs) => {
      const { parts } = etaOf({ ...base, kitchen: { state: "cooking", startedAtMs: NOW_MS - elapsedMs } });
      expect(parts.prepLeft.p50Ms).toBeGreaterThan(0);
    }),
  );
});

test("[ETA6] of what has only just begun nearly all is left, however sure its length", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 1.01, max: 4, noNaN: true }), (elapsedMs, wide) => {
      const left = spreadOf(atomsOf({ p50Ms: 900_000, p90Ms: 900_000 * wide }, elapsedMs));
      expect(Math.abs(left.p50Ms / 900_000 - 1)).toBeLessThan(0.03);
    }),
  );
});

test("[ETA7] a part's two quantiles come back from it, within 3 %", () => {
  for (const spread of [ETA_PRIORS.prep, ETA_PRIORS.search, ETA_PRIORS.handover, ETA_PRIORS.drop]) {
    const back = spreadOf(atomsOf(spread));
    expect(Math.abs(back.p50Ms / spread.p50Ms - 1)).toBeLessThan(0.03);
    expect(Math.abs(back.p90Ms / spread.p90Ms - 1)).toBeLessThan(0.03);
  }
});
