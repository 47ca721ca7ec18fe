import { join } from "node:path";

import { askDurations, crossFit, fitDurations, type FitSettings } from "#shared/domain/eta/learning/duration-model.ts";
import { districtsOf } from "#shared/domain/eta/learning/districts.ts";
import { askInOrder } from "#shared/domain/eta/learning/estimator.ts";
import { climb } from "#shared/domain/eta/learning/ladder.ts";
import { readLivePaces, withLivePaces, type Ridden } from "#shared/domain/eta/learning/live-paces.ts";
import { readPulses } from "#shared/domain/eta/learning/pulse.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import type { Ways } from "#shared/domain/eta/learning/ways-across.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { learnWays, pacedOf, waysOfMoments, withWays, withWaysLeft } from "./across.ts";
import type { Asking } from "./asked-chart.ts";
import { hourOfWeek } from "./hour-of-week.ts";
import { BadTable, readTable } from "./read-table.ts";
import { meanOff, meanOffPct, type Progress } from "./figures.ts";
import { momentOf, restOf, type Fix, type Rest } from "./under-way.ts";

/** San Francisco in May and June. */
const UTC_OFFSET_H = -7;
const SHARES = [0.25, 0.5, 0.75] as const;
/** Moments under way that are learned from in each trip with a trace; the last moments of a trip are none. */
const MOMENTS = 4;
const LATEST_SHARE = 0.97;

/**
 * What is said of a whole trip. Errors in shares of what it took are least below the middle, because what is said too late
 * weighs more there than what is said too early; errors in seconds hardly change so near to it.
 */
const TRIP_LEVEL = 0.48;
const REST_LEVEL = 0.5;

const FIT: Omit<FitSettings, "onProgress" | "levels"> = {
  mindsSeconds: 0.7,
  forests: 3,
  forest: {
    trees: 300,
    rate: 0.08,
    leaves: 32,
    minLeaf: 40,
    rowShare: 0.5,
    featureShare: 0.4,
    smooth: 0.15,
    shrink: 5,
    seed: 1,
  },
};

export interface Trip extends Outcome {
  readonly trip: string;
}

export interface CabDay {
  readonly trips: readonly Trip[];
  /** Traces of those trips that have one. */
  readonly fixes: ReadonlyMap<string, readonly Fix[]>;
}

export interface SfFigures {
  readonly trips: number;
  readonly traces: number;
  readonly maeS: number;
  readonly mapePct: number;
  readonly underway25S: number;
  readonly underway50S: number;
  readonly underway75S: number;
}

export const SF_ASKED: Asking<SfFigures> = [
  ["maeS", "mean error, s", 105],
  ["mapePct", "mean error, % of the trip", 18],
  ["underway25S", "a quarter under way, s", 90],
  ["underway50S", "half under way, s", 70],
  ["underway75S", "three quarters under way, s", 49],
];

/**
 * Trips as they were known when they began, and traces. Of a trip's own end, count of fixes and length nothing is read but
 * how long it took.
 *
 * @throws {BadTable}
 */
export function readSf(folder: string): CabDay {
  const rows = readTable(join(folder, "trips.tsv.gz"), "\t", [
    "trip",
    "cab",
    "t0",
    "lat0",
    "lng0",
    "t1",
    "lat1",
    "lng1",
  ]);
  const trips = rows.map((row): Trip => {
    const askedAtMs = row.number("t0") * 1000;
    const tookS = row.number("t1") - row.number("t0");
    if (tookS <= 0) throw row.wrong("t1 is not after t0");
    const from = { lat: row.number("lat0"), lng: row.number("lng0") };
    const to = { lat: row.number("lat1"), lng: row.number("lng1") };
    return {
      trip: row.text("trip"),
      askedAtMs,
      hourOfWeek: hourOfWeek(askedAtMs, UTC_OFFSET_H),
      from,
      to,
      way: distanceM(from, to),
      subject: row.text("cab"),
      facts: [],
      tookS,
    };
  });
  return { trips, fixes: readFixes(join(folder, "fixes.tsv.gz")) };
}

function readFixes(path: string): Map<string, Fix[]> {
  const fixes = new Map<string, Fix[]>();
  for (const row of readTable(path, "\t", ["trip", "dt", "lat", "lng"])) {
    const trip = row.text("trip");
    const fix = { sinceS: row.number("dt"), lat: row.number("lat"), lng: row.number("lng") };
    const known = fixes.get(trip);
    if (!known) fixes.set(trip, [fix]);
    else if (fix.sinceS < (known.at(-1)?.sinceS ?? 0)) throw row.wrong("a fix before the one above it");
    else known.push(fix);
  }
  return fixes;
}

/** What was said of each trip at its beginning, and of each trace at three moments: seconds. */
export function predictSf(fitted: CabDay, asked: CabDay, progress: Progress) {
  if (fitted.trips.length === 0) throw new BadTable("no trips to learn from");
  const ways = learnWays(fitted.trips, tracesOf(fitted));
  const fit = withWays(ways, fitted.trips);
  const predict = withWays(ways, asked.trips);
  const crossed = crossFit(fit, undefined, true);
  const expectedS = crossed.climbs.map((each) => each.expectedS);
  const settings = (part: string, level: number): FitSettings => ({
    ...FIT,
    levels: [level],
    onProgress: (done, of) => progress(part, done, of),
  });

  const districts = districtsOf(ways, fit);
  const fitRidden = { outcomes: fit, expectedS, shares: districts.sharesOf(fit) };
  const known = predict.map((trip) => climb(crossed.ladder, trip).expectedS);
  const shares = districts.sharesOf(predict);
  const allRidden = {
    outcomes: [...predict, ...fit],
    expectedS: [...known, ...expectedS],
    shares: [...shares, ...fitRidden.shares],
  };
  const fitNow = withLivePaces(fit, readLivePaces(districts, fitRidden, fit, fitRidden.shares));
  const predictNow = withLivePaces(predict, readLivePaces(districts, allRidden, predict, shares));
  const model = fitDurations(fitNow, readPulses(fit, expectedS), settings("trips", TRIP_LEVEL), crossed);
  const trips = askInOrder(model, predictNow, { outcomes: fit, expectedS }).map(
    (said, index) => [predict[index]!.tookS, said[0]!] as const,
  );

  const rng = seededRng(1);
  const moments = () => Array.from({ length: MOMENTS }, (_, at) => ((at + rng()) / MOMENTS) * LATEST_SHARE);
  const restsNow = (rests: readonly Rest[], ridden: Ridden) =>
    withLivePaces(rests, readLivePaces(districts, ridden, rests, districts.sharesOf(rests)));
  const learned = restsNow(
    restsOf(ways, { trips: fit, fixes: fitted.fixes }, moments, (trip) => crossed.ladderAt(trip.askedAtMs)),
    fitRidden,
  );
  const restModel = fitDurations(learned, readPulses(fit, expectedS, learned), settings("under way", REST_LEVEL));
  const rests = restsNow(
    restsOf(
      ways,
      { trips: predict, fixes: asked.fixes },
      () => SHARES,
      () => crossed.ladder,
    ),
    allRidden,
  );
  const pulses = readPulses(allRidden.outcomes, allRidden.expectedS, rests);
  const underWay = rests.map((rest, index) => ({
    share: rest.share,
    pair: [rest.tookS, askDurations(restModel, rest, pulses[index]!)[0]!] as const,
  }));
  return { trips, underWay };
}

function tracesOf({ trips, fixes }: CabDay): (readonly Fix[])[] {
  return trips.flatMap(({ trip }) => {
    const trace = fixes.get(trip);
    return trace ? [trace] : [];
  });
}

function restsOf(
  ways: Ways,
  { trips, fixes }: CabDay,
  sharesOf: () => readonly number[],
  ladderOf: (trip: Outcome) => Parameters<typeof restOf>[0],
): Rest[] {
  const moments = trips.flatMap((trip) => {
    const trace = fixes.get(trip.trip);
    return trace ? sharesOf().map((share) => momentOf(trip, trace, share)) : [];
  });
  const across = waysOfMoments(ways, moments);
  return withWaysLeft(
    moments.map((moment, index) => restOf(ladderOf(moment.trip), moment, pacedOf(moment, across[index]!))),
    across,
  );
}

export type SfAnswers = ReturnType<typeof predictSf>;

export function sfFigures({ trips, underWay }: SfAnswers): SfFigures {
  const at = (share: number) => meanOff(underWay.filter((each) => each.share === share).map(({ pair }) => pair));
  return {
    trips: trips.length,
    traces: underWay.length / SHARES.length,
    maeS: meanOff(trips),
    mapePct: meanOffPct(trips),
    underway25S: at(SHARES[0]),
    underway50S: at(SHARES[1]),
    underway75S: at(SHARES[2]),
  };
}
