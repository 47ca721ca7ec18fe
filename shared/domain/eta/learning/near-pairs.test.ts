import { expect, test } from "vitest";

import { seededRng } from "../../../lib/rng.ts";
import { askDurations, crossFit, fitDurations } from "./duration-model.ts";
import { askForest, fitForest, meanOfForests, type ForestSettings } from "./forest.ts";
import { nearPairs, sumPairs } from "./near-pairs.ts";
import type { Outcome } from "./task.ts";

const HOUR_MS = 3_600_000;
const FOREST: ForestSettings = {
  trees: 20,
  rate: 0.2,
  leaves: 6,
  minLeaf: 5,
  rowShare: 0.8,
  featureShare: 1,
  smooth: 0.2,
  shrink: 1,
  seed: 1,
};

/** Ways between all corners of a square of 4 km; of these, those from its south-west to its north-east take twice as long. */
function ways(count = 1_500, seed = 1): Outcome[] {
  const rng = seededRng(seed);
  return Array.from({ length: count }, (_, index) => {
    const corner = () => ({ lat: 37.76 + 0.036 * Math.round(rng()), lng: -122.42 + 0.045 * Math.round(rng()) });
    const [a, b] = [corner(), corner()];
    const from = { lat: a.lat + rng() / 1_000, lng: a.lng + rng() / 1_000 };
    const to = { lat: b.lat + rng() / 1_000, lng: b.lng + rng() / 1_000 };
    const slow = a.lat < b.lat && a.lng < b.lng;
    const tookS = 600 * (slow ? 2 : 1) * (0.9 + 0.2 * rng());
    const askedAtMs = index * 0.2 * HOUR_MS;
    return { askedAtMs, hourOfWeek: (index * 0.2) % 168, from, to, way: 4_000, subject: "cab", facts: [], tookS };
  });
}

const WAY = { askedAtMs: 0, hourOfWeek: 0, way: 4_000, subject: "cab", facts: [] };
const [SOUTH_WEST, NORTH_EAST] = [
  { lat: 37.7605, lng: -122.4195 },
  { lat: 37.7965, lng: -122.3745 },
];

test("[ETA28] what ways near both ends left over is told of a way between, less the fewer and the further they are", () => {
  const there = { ...WAY, from: SOUTH_WEST, to: NORTH_EAST };
  const beside = { ...there, from: { lat: SOUTH_WEST.lat + 0.003, lng: SOUTH_WEST.lng } };
  const sums = sumPairs(
    Array.from({ length: 30 }, () => there),
    Array<number>(30).fill(0.5),
  );
  const [atIt, weightAtIt] = nearPairs(sums, there);
  const [near, weightNear] = nearPairs(sums, beside);
  const [fewer] = nearPairs(sumPairs([there], [0.5]), there);
  expect(atIt).toBeGreaterThan(0.4);
  expect(near).toBeGreaterThan(0.2);
  expect(near).toBeLessThan(atIt);
  expect(weightNear).toBeLessThan(weightAtIt);
  expect(fewer).toBeLessThan(near);
  expect(nearPairs(sums, { ...there, from: NORTH_EAST, to: SOUTH_WEST })).toEqual([0, 0]);
});

test("[ETA28] what is told of an outcome's way leaves out what its own day left over near it", () => {
  const dayMs = 3 * 24 * HOUR_MS;
  const shut = ({ askedAtMs }: Outcome) => askedAtMs >= dayMs && askedAtMs < dayMs + 24 * HOUR_MS;
  const outcomes = ways().map((each) => ({ ...each, tookS: shut(each) ? 1_200 : 600 }));
  const pairs = crossFit(outcomes, [], true).pairs!;
  const ofTheDay = [...outcomes.keys()].filter((index) => shut(outcomes[index]!));
  const mean = (told: readonly number[]) => told.reduce((sum, each) => sum + each, 0) / told.length;
  const crossed = mean(ofTheDay.map((index) => pairs.near[index]![0]!));
  const all = mean(ofTheDay.map((index) => nearPairs(pairs.sums, outcomes[index]!)[0]));
  expect(ofTheDay.length).toBeGreaterThan(50);
  expect(crossed).toBeLessThan(0.01);
  expect(all).toBeGreaterThan(crossed + 0.03);
});

test("[ETA28] a model that was stored with its pairs answers as before", () => {
  const outcomes = ways();
  const crossed = crossFit(outcomes, [], true);
  const model = fitDurations(outcomes, [], { levels: [0.5], mindsSeconds: 1, forest: FOREST }, crossed);
  const task = { ...WAY, from: SOUTH_WEST, to: NORTH_EAST };
  const [saidS = 0] = askDurations(model, task, []);
  expect(Math.abs(saidS - 1_200)).toBeLessThan(100);
  expect(askDurations(JSON.parse(JSON.stringify(model)) as typeof model, task, [])).toEqual([saidS]);
});

test("[ETA30] trees that learn seconds say what comes on top of what is expected, stored or not, and never less than a second", () => {
  // A kitchen's rush adds ten minutes to a short way as to a long one.
  const rng = seededRng(4);
  const outcomes = ways().map((each, index) => {
    const way = 1_000 + 9_000 * rng();
    return { ...each, way, facts: [index % 2], tookS: way / 5 + (index % 2) * 600 };
  });
  const settings = { levels: [0.5], mindsSeconds: 1, forest: { ...FOREST, trees: 60 }, inSeconds: true };
  const crossed = crossFit(outcomes, []);
  const model = fitDurations(outcomes, [], settings, crossed);
  const said = (way: number, rush: number, by = model) =>
    askDurations(by, { ...WAY, way, facts: [rush], from: SOUTH_WEST, to: NORTH_EAST }, [])[0]!;
  for (const way of [2_000, 9_000]) expect(Math.abs(said(way, 1) - said(way, 0) - 600)).toBeLessThan(90);
  expect(said(2_000, 1, JSON.parse(JSON.stringify(model)) as typeof model)).toBe(said(2_000, 1));
  const sunk = {
    ...model,
    quantiles: model.quantiles.map((each) => ({ ...each, forest: { ...each.forest, base: -99 } })),
  };
  expect(said(2_000, 0, sunk)).toBe(1);
});

test("[ETA29] several forests answer as one forest that is their mean", () => {
  const rng = seededRng(3);
  const columns = [0, 1].map(() => Float64Array.from({ length: 300 }, () => rng()));
  const target = columns[0]!.map((value, row) => value * 2 + columns[1]![row]! * rng());
  const rows = { columns, target, weight: new Float64Array(300).fill(1) };
  const forests = [1, 2, 3].map((seed) => fitForest(rows, 0.5, { ...FOREST, seed }));
  const mean = meanOfForests(forests);
  for (const asked of [
    [0.1, 0.9],
    [0.7, Number.NaN],
    [0.5, 0.5],
  ]) {
    const each = forests.map((forest) => askForest(forest, asked));
    expect(new Set(each).size).toBeGreaterThan(1);
    expect(askForest(mean, asked)).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / 3, 9);
  }
});
