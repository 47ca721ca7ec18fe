import fc from "fast-check";
import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";
import { randomStreets } from "#shared/testing/random-streets.ts";

import { VEHICLES, type StreetNetwork, type Vehicle } from "../../city/city.ts";
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

test("[RTR5] in town a motorbike is faster than a car, both than a bicycle, and that than a walk; a signed limit is kept", () => {
  const { streets } = gridCity();
  const main = streets.maxSpeedKmh.indexOf(60);
  const side = streets.maxSpeedKmh.indexOf(0);
  for (const segment of [main, side]) {
    const speeds = (["motorbike", "car", "bicycle", "foot"] as const).map((each) => speedKmh(streets, segment, each));
    expect(speeds).toEqual(speeds.toSorted((a, b) => b - a));
    expect(new Set(speeds).size).toBe(4);
  }
  expect(speedKmh(streets, main, "motorbike")).toBeLessThan(60);
  expect(speedKmh(streets, side, "bicycle")).toBe(15);
  expect(speedKmh(streets, side, "foot")).toBe(5);
});
