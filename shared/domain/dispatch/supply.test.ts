import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { cellCentre, cellOf, cellsWithin } from "../geo/cells.ts";
import { balanceOf, PACE_MS, type DemandOrder, type SupplyCourier } from "./supply.ts";

const RES = 8;
const NOW = 10 * 3_600_000;
const here = cellCentre(cellOf({ lat: -34.9, lng: -56.18 }, RES));
const cell = cellOf(here, RES);
const [nextCell = ""] = cellsWithin(cell, 1).filter((each) => each !== cell);
const next = cellCentre(nextCell);
const far = { lat: -34.8, lng: -56.0 };

const free = (at: SupplyCourier["at"]): SupplyCourier => ({ at, free: "now", freeAt: undefined });
const soon = (at: SupplyCourier["at"], freeAt: SupplyCourier["at"]): SupplyCourier => ({ at, free: "soon", freeAt });
const busy = (at: SupplyCourier["at"]): SupplyCourier => ({ at, free: "no", freeAt: undefined });
const waits = (at: DemandOrder["at"], placedAtMs = 0): DemandOrder => ({ at, waits: true, placedAtMs });
const taken = (at: DemandOrder["at"], placedAtMs: number): DemandOrder => ({ at, waits: false, placedAtMs });
const of = (couriers: SupplyCourier[], orders: DemandOrder[]) =>
  balanceOf(couriers, orders, RES, NOW).find((each) => each.cell === cell);

describe("supply and demand", () => {
  test("[OPM3] a free courier counts where he is, one who is soon free for half where he will be, a busy one nowhere", () => {
    expect(of([free(here), soon(far, here), busy(here)], [])).toMatchObject({ free: 1, soonFree: 1, supply: 1.5 });
    expect(of([busy(here)], [])).toBeUndefined();
    expect(of([free(here), free(next), free(far)], [])?.supply).toBeCloseTo(1 + 1 / 3);
  });

  test("[OPM3] an order without a courier asks for one; those of the last half hour ask for what the next ten minutes bring", () => {
    expect(of([], [waits(here), waits(here)])).toMatchObject({ waiting: 2, placedLately: 0, demand: 2 });
    const lately = [1, 2, 3].map((minute) => taken(here, NOW - minute * 60_000));
    expect(of([], [...lately, taken(here, NOW - PACE_MS)])).toMatchObject({ waiting: 0, placedLately: 3, demand: 1 });
  });

  test("[OPM4] pressure is 0 where both are alike, above it where couriers are short, below where they are idle", () => {
    expect(of([free(here)], [waits(here)])?.pressure).toBe(0);
    expect(of([], [waits(here), waits(here)])?.pressure).toBeGreaterThan(2);
    expect(of([free(here), free(here)], [])?.pressure).toBeLessThan(-2);
    expect(
      of(
        [],
        Array.from({ length: 99 }, () => waits(here)),
      )?.pressure,
    ).toBe(3);
  });

  test("[OPM4] one more courier never raises the pressure of a cell, one more order never lowers it", () => {
    const place = fc.constantFrom(here, next, far);
    const couriers = fc.array(place.map(free), { maxLength: 12 });
    const orders = fc.array(
      place.map((at) => waits(at)),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(couriers, orders, place, (some, open, where) => {
        const pressureOf = (c: SupplyCourier[], o: DemandOrder[]) =>
          new Map(balanceOf(c, o, RES, NOW).map((each) => [each.cell, each.pressure]));
        const before = pressureOf(some, open);
        const [more, asked] = [pressureOf([...some, free(where)], open), pressureOf(some, [...open, waits(where)])];
        for (const [each, pressure] of before) {
          expect(more.get(each)).toBeLessThanOrEqual(pressure);
          expect(asked.get(each)).toBeGreaterThanOrEqual(pressure);
        }
      }),
    );
  });

  test("[OPM3] nothing is lost: all free couriers and all waiting orders stand in some cell", () => {
    const points = fc.record({
      lat: fc.double({ min: -34.95, max: -34.8, noNaN: true }),
      lng: fc.double({ min: -56.3, max: -56, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(points), fc.array(points), fc.constantFrom(6, 7, 8), (some, open, res) => {
        const cells = balanceOf(
          some.map(free),
          open.map((at) => waits(at)),
          res,
          NOW,
        );
        expect(cells.reduce((sum, each) => sum + each.free, 0)).toBe(some.length);
        expect(cells.reduce((sum, each) => sum + each.waiting, 0)).toBe(open.length);
      }),
    );
  });
});
