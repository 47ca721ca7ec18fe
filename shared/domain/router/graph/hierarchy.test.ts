import fc from "fast-check";
import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";
import { randomStreets } from "#shared/testing/random-streets.ts";

import { STREET_CLASSES, STREET_FLAG, VEHICLES, type StreetNetwork, type Vehicle } from "../../city/city.ts";
import { arcsOf } from "./arcs.ts";
import { costOf, dmOf, msOf, shareOf } from "./cost.ts";
import { hierarchyOf, prepareHierarchy } from "./hierarchy.ts";
import { makeLabels } from "./labels.ts";
import { mainComponent } from "./main-component.ts";
import { plainDijkstra } from "./plain-dijkstra.ts";
import { speedKmh } from "./speeds.ts";

const vehicle = fc.constantFrom(...VEHICLES);

/** From every node of the main part to every other: by the hierarchy and by plain Dijkstra. */
function expectExact(streets: StreetNetwork, rider: Vehicle): void {
  const { rank, main, ...rest } = hierarchyOf(streets, rider, undefined);
  const labels = makeLabels({ rank, main, ...rest });
  const nodes = [...main.keys()].filter((node) => main[node] === 1);
  const at = (node: number) => ({ nodes: [rank[node] ?? 0], costs: [0] });
  const back = nodes.map((node) => labels.back(at(node)));
  const dijkstra = plainDijkstra(streets, rider);
  for (const from of nodes) {
    const plain = dijkstra([from], [0]);
    expect([...labels.costs(labels.out(at(from)), back)]).toEqual(nodes.map((node) => plain[node]));
  }
}

test("[RTR1] every way between crossings is that of plain Dijkstra, to the millisecond and the decimetre", () => {
  for (const size of [3, 4, 7]) for (const rider of VEHICLES) expectExact(gridCity({ size }).streets, rider);
  fc.assert(fc.property(randomStreets, vehicle, expectExact), { numRuns: 150 });
});

test("[RTR2] the main part is the largest in which everything can be reached from everything", () => {
  fc.assert(
    fc.property(randomStreets, vehicle, (streets, rider) => {
      const count = streets.nodeLatE7.length;
      const reach = Array.from({ length: count }, (_, node) => plainDijkstra(streets, rider)([node], [0]));
      const strong = (a: number, b: number) => reach[a]?.[b] !== Infinity && reach[b]?.[a] !== Infinity;
      const sizeOf = (a: number) => Array.from({ length: count }, (_, b) => strong(a, b)).filter(Boolean).length;
      const main = mainComponent(arcsOf(streets, rider));
      const largest = Math.max(...Array.from({ length: count }, (_, node) => sizeOf(node)));
      const chosen = [...main.keys()].filter((node) => main[node] === 1);
      expect(chosen).toHaveLength(largest);
      for (const node of chosen) expect(strong(chosen[0] ?? 0, node)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("[RTR3] what was prepared is taken as it is, and prepared anew when it is of another version or network", () => {
  const { streets } = gridCity();
  const kept = prepareHierarchy(streets, "car");
  expect(hierarchyOf(streets, "car", kept).rank).toBe(kept["rank"]);
  const other = hierarchyOf(gridCity({ size: 4 }).streets, "car", kept);
  expect(other.rank).toHaveLength(16);
  const old = hierarchyOf(streets, "car", { ...kept, version: Uint32Array.of(0) });
  expect(old.rank).not.toBe(kept["rank"]);
  expect(old.rank).toEqual(kept["rank"]);
});

test("[RTR4] a cost gives its milliseconds and decimetres back, and a larger share of it is never less", () => {
  const figure = fc.nat({ max: 16_000_000 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(figure, figure, share, share, (ms, dm, a, b) => {
      const cost = costOf(ms, dm);
      expect([msOf(cost), dmOf(cost)]).toEqual([ms, dm]);
      expect(shareOf(cost, Math.min(a, b))).toBeLessThanOrEqual(shareOf(cost, Math.max(a, b)));
      expect(shareOf(cost, 0)).toBe(0);
      expect(shareOf(cost, 1)).toBe(cost);
    }),
  );
});

test("[RTR5] of any class and sign a motorbike is no slower than a car, a car than a bicycle, that than a walk; a limit is kept", () => {
  const { streets } = gridCity();
  fc.assert(
    fc.property(
      fc.nat({ max: STREET_CLASSES.length - 1 }),
      fc.oneof(fc.constant(0), fc.nat({ max: 255 })),
      fc.boolean(),
      (streetClass, signed, link) => {
        const street = {
          ...streets,
          streetClass: Uint8Array.of(streetClass),
          maxSpeedKmh: Uint8Array.of(signed),
          flags: Uint8Array.of(link ? STREET_FLAG.link : 0),
        };
        const of = (each: Vehicle) => speedKmh(street, 0, each);
        const speeds = (["motorbike", "car", "bicycle", "foot"] as const).map(of);
        expect(speeds).toEqual(speeds.toSorted((a, b) => b - a));
        expect(of("foot")).toBe(5);
        if (signed > 0) expect(of("motorbike")).toBeLessThanOrEqual(Math.max(5, signed));
      },
    ),
  );
});

test.each([
  ["primary", 60, [43.2, 33.6, 15, 5]],
  ["residential", 0, [22.5, 17.5, 15, 5]],
  ["residential", 10, [10, 10, 10, 5]],
  ["living_street", 0, [10, 10, 10, 5]],
  ["service", 0, [15, 15, 12, 5]],
  ["service", 45, [15, 15, 12, 5]],
  ["footway", 0, [5, 5, 5, 5]],
] as const)("[RTR5] %s, signed %i", (kind, signed, speeds) => {
  const street = {
    ...gridCity().streets,
    streetClass: Uint8Array.of(STREET_CLASSES.indexOf(kind)),
    maxSpeedKmh: Uint8Array.of(signed),
  };
  const found = (["motorbike", "car", "bicycle", "foot"] as const).map((each) => speedKmh(street, 0, each));
  for (const [index, kmh] of speeds.entries()) expect(found[index]).toBeCloseTo(kmh, 6);
});
