import fc from "fast-check";
import { cellToChildren, cellToLatLng } from "h3-js";
import { describe, expect, test } from "vitest";

import { seededRng } from "../../../lib/rng.ts";
import { cutsOf, stepOf } from "./bins.ts";
import { makeConformal } from "./conformal.ts";
import { crossFit, fitDurations, type DurationModel } from "./duration-model.ts";
import { askInOrder, makeEstimator } from "./estimator.ts";
import { askForest, fitForest, quantileOf, type ForestSettings } from "./forest.ts";
import { climb, emptyLadder, fitLadder, nearCell } from "./ladder.ts";
import { readPulses } from "./pulse.ts";
import { endedAtMs, type Outcome } from "./task.ts";

const FOREST: ForestSettings = {
  trees: 40,
  rate: 0.2,
  leaves: 6,
  minLeaf: 5,
  rowShare: 0.8,
  featureShare: 1,
  smooth: 0.2,
  shrink: 1,
  seed: 1,
};
const HOUR_MS = 3_600_000;

/** Ten days of a slow restaurant and a fast one; the slow one's evenings are worse. */
function tenDays(seed = 1): Outcome[] {
  const rng = seededRng(seed);
  return Array.from({ length: 800 }, (_, index) => {
    const askedAtMs = index * 0.3 * HOUR_MS;
    const hourOfWeek = (index * 0.3) % 168;
    const slow = index % 2 === 0;
    const from = { lat: 50 + (slow ? 0.01 : 0), lng: 8 };
    const to = { lat: 50 + rng() / 50, lng: 8 + rng() / 50 };
    const way = 1_000 + 3_000 * rng();
    const evening = hourOfWeek % 24 >= 18 ? 1.3 : 1;
    const tookS = (300 + way / 5) * (slow ? 1.5 * evening : 0.8) * (0.8 + 0.4 * rng());
    return { askedAtMs, hourOfWeek, from, to, way, subject: slow ? "slow" : "fast", facts: [], tookS };
  });
}

function learned(outcomes: readonly Outcome[], levels: readonly number[] = [0.5, 0.9]): DurationModel {
  const crossed = crossFit(outcomes);
  const pulses = readPulses(
    outcomes,
    crossed.climbs.map(({ expectedS }) => expectedS),
  );
  return fitDurations(outcomes, pulses, { levels, mindsSeconds: 1, forest: FOREST }, crossed);
}

test("[ETA11] a value and its step agree on every cut", () => {
  const numbers = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 400 });
  fc.assert(
    fc.property(numbers, (values) => {
      const cuts = cutsOf(values);
      for (const value of values) {
        const step = stepOf(cuts, value);
        expect(step).toBeGreaterThan(0);
        expect(step).toBeLessThan(256);
        expect(value > (cuts.edges[step - 2] ?? -Infinity) && value <= (cuts.edges[step - 1] ?? Infinity)).toBe(true);
      }
    }),
  );
  expect(stepOf({ edges: [1, 2] }, Number.NaN)).toBe(0);
});

test("[ETA27] values of a column of few are told apart, however many rows share each", () => {
  const shared = fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(shared, fc.integer({ min: 1, max: 90 }), (values, times) => {
      const cuts = cutsOf(values.flatMap((value, index) => Array<number>(times + (index % 7)).fill(value)));
      expect(new Set(values.map((value) => stepOf(cuts, value))).size).toBe(values.length);
    }),
  );
});

test("[ETA27] of many values each step holds about as many rows, those that share a value in one", () => {
  const rng = seededRng(5);
  const column = Array.from({ length: 9_000 }, (_, row) => (row % 3 === 0 ? 0.5 : rng()));
  const cuts = cutsOf(column);
  const rows = Map.groupBy(column, (value) => stepOf(cuts, value));
  const sizes = [...rows.values()].map(({ length }) => length).toSorted((a, b) => b - a);
  expect(cuts.edges.length).toBeGreaterThan(150);
  expect(cuts.edges.length).toBeLessThan(255);
  expect(sizes[0]).toBeGreaterThanOrEqual(3_000);
  expect(sizes[1]).toBeLessThan(3 * (9_000 / 254));
});

test("[ETA11] a quantile is the value that so much weight lies below", () => {
  const weighed = fc.array(fc.tuple(fc.double({ noNaN: true, min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 200,
  });
  fc.assert(
    fc.property(weighed, fc.constantFrom(0.1, 0.5, 0.8, 0.9), (pairs, level) => {
      const values = Float64Array.from(pairs, ([value]) => value);
      const weight = Float64Array.from(pairs, ([, weighs]) => weighs);
      const rows = Uint32Array.from(pairs.keys());
      const answer = quantileOf(rows, values, weight, level);
      const all = weight.reduce((sum, each) => sum + each, 0);
      const upTo = (limit: number) => pairs.reduce((sum, [value, weighs]) => sum + (value <= limit ? weighs : 0), 0);
      expect(upTo(answer + 0.01)).toBeGreaterThanOrEqual(level * all - 1e-9);
      expect(upTo(answer - 0.01)).toBeLessThanOrEqual(level * all + 1e-9);
    }),
  );
});

test("[ETA11] a quantile loses no value on the border of two slots", () => {
  const medianOf = (values: readonly number[]) =>
    quantileOf(Uint32Array.from(values.keys()), Float64Array.from(values), Float64Array.of(1, 8, 1), 0.5);
  expect(medianOf([-20.43907642364502, 22.55915533751249, 27.21264362335205])).toBeCloseTo(22.559, 2);
  expect(medianOf([-30.08067011833191, 4.079003282822668, 5.3955018520355225])).toBeCloseTo(4.079, 2);
  expect(medianOf([-25.143015384674072, -5.859974585473538, 32.2576642036438])).toBeCloseTo(-5.86, 2);
});

describe("[ETA11] trees", () => {
  const rng = seededRng(3);
  const columns = [0, 1].map(() => Float64Array.from({ length: 600 }, () => rng()));
  const target = Float64Array.from({ length: 600 }, (_, row) => (columns[0]![row]! > 0.5 ? 3 : 1) + 0.2 * rng());
  const rows = { columns, target, weight: new Float64Array(600).fill(1) };

  test("[ETA11] find what decides, and say it again from what was stored", () => {
    const forest = fitForest(rows, 0.5, FOREST);
    expect(Math.abs(askForest(forest, [0.9, 0.5]) - 3.1)).toBeLessThan(0.1);
    expect(Math.abs(askForest(forest, [0.1, 0.5]) - 1.1)).toBeLessThan(0.1);
    const stored: typeof forest = JSON.parse(JSON.stringify(forest));
    for (const asked of [
      [0.2, 0.9],
      [0.7, Number.NaN],
      [Number.NaN, 0.1],
    ])
      expect(askForest(stored, asked)).toBe(askForest(forest, asked));
  });

  test("[ETA11] are not led off by columns that say nothing", () => {
    const silent = [columns[0]!.map(() => 7), columns[0]!.map(() => Number.NaN)];
    const halfTheFeatures = { ...FOREST, featureShare: 0.5 };
    expect(fitForest({ ...rows, columns: [...columns, ...silent] }, 0.5, halfTheFeatures)).toEqual(
      fitForest(rows, 0.5, halfTheFeatures),
    );
  });

  test("[ETA12] the same rows and seed give the same trees", () => {
    expect(fitForest(rows, 0.8, FOREST)).toEqual(fitForest(rows, 0.8, FOREST));
    expect(fitForest(rows, 0.8, { ...FOREST, seed: 2 })).not.toEqual(fitForest(rows, 0.8, FOREST));
  });
});

describe("durations", () => {
  const model = learned(tenDays());

  test("[ETA13] nothing learned: the way alone", () => {
    const [task] = tenDays();
    expect(climb(emptyLadder(120, 0.2), task!).expectedS).toBe(120 + 0.2 * task!.way);
  });

  test("[ETA13] what was never seen is answered from what is nearest to it", () => {
    const [task] = tenDays();
    const { expectedS, wayS } = climb(model.ladder, { ...task!, subject: "new", from: { lat: 51, lng: 9 } });
    expect(expectedS / wayS).toBeGreaterThan(0.7);
    expect(expectedS / wayS).toBeLessThan(1.4);
  });

  test("[ETA25] a block that was seen often is told apart from its neighbourhood, one that was hardly seen is not", () => {
    const neighbourhood = nearCell({ lat: 50, lng: 8 });
    const blocks = cellToChildren(neighbourhood, 9).map(cellToLatLng);
    const [quick, slow, rare] = blocks.map(([lat, lng]) => ({ lat, lng }));
    const [task] = tenDays();
    const to = (point: typeof quick, tookS: number, count: number): Outcome[] =>
      Array.from({ length: count }, (_, index) => {
        const askedAtMs = index * HOUR_MS;
        return { ...task!, askedAtMs, hourOfWeek: index % 168, to: point!, way: 2_000, tookS };
      });
    const ladder = fitLadder([...to(quick, 600, 200), ...to(slow, 900, 200), ...to(rare, 900, 2)]);
    const expectedS = (point: typeof quick) => climb(ladder, { ...task!, to: point!, way: 2_000 }).expectedS;
    for (const point of [quick, slow, rare]) expect(nearCell(point!)).toBe(neighbourhood);
    expect(expectedS(slow) / expectedS(quick)).toBeGreaterThan(1.4);
    expect(expectedS(rare) / expectedS(quick)).toBeLessThan(1.3);
  });

  test("[ETA11] fresh days are said better than by the way, and their ninth tenth holds", () => {
    const fresh = tenDays(2);
    const said = askInOrder(model, fresh);
    const off = (of: (index: number) => number) =>
      fresh.reduce((sum, { tookS }, index) => sum + Math.abs(tookS - of(index)), 0) / fresh.length;
    expect(off((index) => said[index]![0]!)).toBeLessThan(
      0.5 * off((index) => climb(model.ladder, fresh[index]!).wayS),
    );
    const held = fresh.filter(({ tookS }, index) => tookS <= said[index]![1]!).length / fresh.length;
    expect(Math.abs(held - 0.9)).toBeLessThan(0.05);
    for (const [p50S, p90S] of said) expect(p90S).toBeGreaterThanOrEqual(p50S!);
  });

  test("[ETA14] no answer changes with what had not happened when it was asked", () => {
    const days = tenDays(4).slice(0, 120);
    const before = askInOrder(model, days);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 119 }), fc.double({ min: 0.2, max: 5, noNaN: true }), (from, factor) => {
        const nowMs = days[from]!.askedAtMs;
        const changed = days.map((each) =>
          each.askedAtMs + each.tookS * 1000 <= nowMs
            ? each
            : { ...each, tookS: Math.max((nowMs - each.askedAtMs) / 1000 + 1, each.tookS * factor) },
        );
        expect(askInOrder(model, changed).slice(0, from + 1)).toEqual(before.slice(0, from + 1));
      }),
      { numRuns: 20 },
    );
  });

  test("[ETA14] [ETA26] of the days that it learned from an answer knows what was over, not what came later", () => {
    const [fitted, asked] = [tenDays(), tenDays(4).slice(300, 420)];
    const said = (outcomes: readonly Outcome[]) =>
      askInOrder(model, asked, { outcomes, expectedS: outcomes.map((each) => climb(model.ladder, each).expectedS) });
    const [first, last] = [asked[0]!.askedAtMs, asked.at(-1)!.askedAtMs];
    const later = fitted.map((each) => (each.askedAtMs < last ? each : { ...each, tookS: 5 * each.tookS }));
    expect(said(later)).toEqual(said(fitted));
    const before = fitted.map((each) => (endedAtMs(each) < first ? { ...each, tookS: 0.5 * each.tookS } : each));
    expect(said(before)[0]).not.toEqual(said(fitted)[0]);
  });

  test("[ETA26] how well it says what it learned from moves no quantile", () => {
    const outcomes = tenDays();
    const crossed = crossFit(outcomes);
    const levels = [0.5, 0.9];
    // Without trees nothing but the calibration can move an answer.
    const bare = fitDurations(outcomes, [], { levels, mindsSeconds: 1, forest: { ...FOREST, trees: 0 } }, crossed);
    const afterMisses = (expectedS?: number) => {
      const estimator = makeEstimator(bare);
      for (const [id, each] of outcomes.slice(0, 50).entries()) {
        estimator.opened(id, each, expectedS);
        estimator.closed(id, { ...each, tookS: 9 * each.tookS });
      }
      return estimator.ask(outcomes[60]!);
    };
    const untouched = makeEstimator(bare).ask(outcomes[60]!);
    expect(afterMisses(600)).toEqual(untouched);
    expect(afterMisses()[0]).toBeGreaterThan(untouched[0]!);
  });

  test("[ETA12] a model that was stored answers as before", () => {
    const stored: DurationModel = JSON.parse(JSON.stringify(model));
    for (const task of tenDays(5).slice(0, 20))
      expect(makeEstimator(stored).ask(task)).toEqual(makeEstimator(model).ask(task));
  });
});

test("[ETA15] a level that is missed too often moves until it holds, whatever drifts", () => {
  const rng = seededRng(7);
  const conformal = makeConformal([0.5, 0.9]);
  const missed = [0, 0];
  const [settling, counted] = [3_000, 3_000];
  for (let index = 0; index < settling + counted; index++) {
    const told = conformal.held([100, 110]);
    const tookS = 150 * Math.exp(0.3 * (rng() - 0.5));
    if (index >= settling) for (const [level, seconds] of told.entries()) missed[level]! += tookS > seconds ? 1 : 0;
    conformal.learn(told, tookS);
  }
  expect(Math.abs(missed[0]! / counted - 0.5)).toBeLessThan(0.02);
  expect(Math.abs(missed[1]! / counted - 0.1)).toBeLessThan(0.02);
});
