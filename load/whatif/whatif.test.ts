import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";

import { databaseUrlFor } from "../../deploy/local/running-postgres.ts";
import { answersBy } from "./answers.ts";
import { readArgs, WrongInput } from "./args.ts";
import { bootstrap } from "./bootstrap.ts";
import { compare, figuresOf, METRICS, unitFor } from "./compare.ts";
import { aDay, anOrder, aShift, at, byTheMinute, MINUTE_MS, planOf, policy, toPoint } from "./harness.ts";
import { localDay } from "./local-day.ts";
import { playStoredDay, type Outcome } from "./play.ts";
import { doorsOf, factorsOf } from "./times-of-day.ts";
import { readWeights, settingsOfRound, withWeights } from "./weights.ts";

const HOUR_MS = 60 * MINUTE_MS;
const noFile = () => undefined;

test("[WIF3] an answer hangs on seed, courier and delivery; shares and times are the day's, shrunk to everybody's", () => {
  const answers = [
    ...Array.from({ length: 60 }, () => ({ courierId: "no", kind: "declined" as const, afterMs: 9_000 })),
    ...Array.from({ length: 60 }, () => ({ courierId: "yes", kind: "accepted" as const, afterMs: 3_000 })),
    { courierId: "yes", kind: "expired" as const, afterMs: 30_000 },
  ];
  const answerOf = answersBy(7, answers);
  const asked = (courierId: string) =>
    Array.from({ length: 400 }, (_, index) => answerOf(courierId, `d${index % 100}`, Math.floor(index / 100)));
  const share = (courierId: string, kind: string) => asked(courierId).filter((each) => each.kind === kind).length / 400;
  expect(asked("yes")).toEqual(asked("yes"));
  expect(share("no", "declined")).toBeGreaterThan(0.85);
  expect(share("yes", "accepted")).toBeGreaterThan(0.85);
  expect(share("new", "declined")).toBeGreaterThan(0.4);
  expect(share("new", "declined")).toBeLessThan(0.6);
  expect(
    asked("no")
      .filter(({ kind }) => kind === "declined")
      .every(({ afterMs }) => afterMs === 9_000),
  ).toBe(true);
  expect(answersBy(7, [])("anybody", "d", 0)).toEqual({ kind: "accepted", afterMs: 0 });
});

const outcome = (minute: number, ctdMin: number | null, over: Partial<Outcome> = {}): Outcome => ({
  placedAtMs: at(minute),
  readyAtMs: at(minute + 5),
  pickedUpAtMs: ctdMin === null ? null : at(minute + 7),
  deliveredAtMs: ctdMin === null ? null : at(minute + ctdMin),
  offers: 1,
  wayM: 2_000,
  ...over,
});

test("figures are means over what was delivered, shares over what was placed", () => {
  expect(figuresOf([outcome(0, 20), outcome(1, 30), outcome(2, 40), outcome(3, null)])).toEqual({
    ctdMeanMin: 30,
    ctdP90Min: 38,
    rtpMeanMin: 2,
    undeliveredPct: 25,
    offersPerOrder: 1,
    kmPerOrder: 2,
  });
});

test("[WIF4] a policy compared with itself differs by nothing; the same for everybody has an interval of nothing", async () => {
  const answers = (["accepted", "accepted", "declined"] as const).map((kind) => ({
    courierId: "courier of s",
    kind,
    afterMs: 8_000,
  }));
  const day = aDay({
    orders: [anOrder("d0", 0), anOrder("d1", 6), anOrder("d2", 7)],
    shifts: [aShift("s"), aShift("t")],
  });
  const plan = planOf(policy("live"), { answerOf: answersBy(3, answers), settings: byTheMinute });
  const [once, again] = [await playStoredDay(day, plan), await playStoredDay(day, plan)];
  const same = compare(once, again, { seed: 1, times: 50, unit: "order" });
  const base = Array.from({ length: 50 }, (_, index) => outcome(index * 20, 20 + (index % 9)));
  const later = base.map((each) => ({ ...each, deliveredAtMs: (each.deliveredAtMs ?? 0) + 3 * MINUTE_MS }));
  const shifted = compare(base, later, { seed: 1, times: 50, unit: "hour" });
  for (const metric of METRICS) {
    expect(same.difference[metric]).toBe(0);
    expect(same.interval[metric]).toEqual({ low: 0, high: 0 });
  }
  expect(shifted.difference.ctdMeanMin).toBeCloseTo(3, 9);
  expect(shifted.interval.ctdMeanMin.low).toBeCloseTo(3, 9);
  expect(shifted.interval.ctdMeanMin.high).toBeCloseTo(3, 9);
});

test("[WIF5] hours are drawn where there are enough, the seed decides, and dependence within hours widens the interval", () => {
  const over = (hours: number) => Array.from({ length: hours * 30 }, (_, index) => outcome(index * 2, 25));
  expect([unitFor(over(7)), unitFor(over(8))]).toEqual(["order", "hour"]);
  const base = over(12);
  // Whole hours are better or worse together.
  const other = base.map((_, index) => outcome(index * 2, 25 + 4 * Math.sin(1.7 * Math.floor(index / 30))));
  const by = (unit: "hour" | "order", seed: number) =>
    compare(base, other, { seed, times: 100, unit }).interval.ctdMeanMin;
  expect(by("hour", 1)).toEqual(by("hour", 1));
  expect(by("hour", 1)).not.toEqual(by("hour", 2));
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  expect(width(by("hour", 1))).toBeGreaterThan(3 * width(by("order", 1)));
});

test("[WIF5] the interval of a mean is the textbook's, and holds what it should about as often as it says", () => {
  // The mean of n from a uniform distribution: standard error 1 / sqrt(12 n).
  const values = Array.from({ length: 300 }, (_, index) => ((index * 7_919) % 300) / 300);
  const [interval] = bootstrap({ seed: 4, times: 2_000, blocks: 300 }, (counts) => [
    values.reduce((sum, value, index) => sum + value * (counts[index] ?? 0), 0) / 300,
  ]);
  const half = 1.96 / Math.sqrt(12 * 300);
  expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2).toBeCloseTo(half, 2);
  expect(bootstrap({ seed: 1, times: 50, blocks: 3 }, () => [Number.NaN])).toEqual([
    { low: Number.NaN, high: Number.NaN },
  ]);
});

test("[WIF6] arguments are read, and whoever asks wrongly is told what there is", () => {
  const read = (...argv: string[]) => readArgs(argv, noFile);
  expect(read("--day", "2026-11-25", "--weights", "delay=500, travel=40")).toMatchObject({
    day: "2026-11-25",
    policy: "live",
    weights: { delay: 500, travel: 40 },
    seed: 1,
    draws: 2_000,
    by: undefined,
  });
  const fromFile = readArgs(["--day", "2026-11-25", "--weights", "w.json"], (path) =>
    path === "w.json" ? '{"maxBundle": 1}' : undefined,
  );
  expect(fromFile.weights).toEqual({ maxBundle: 1 });
  const wrong: readonly (readonly [string, ...string[]])[] = [
    ["--policy, or --weights", "--day", "2026-11-25"],
    ["--day 2026-11-25?", "--policy", "live"],
    ['not "2026-02-30"', "--day", "2026-02-30", "--policy", "live"],
    ['not "yesterday"', "--day", "yesterday", "--policy", "live"],
    ["there are live, nearest", "--day", "2026-11-25", "--policy", "best"],
    ["deferMs              what it costs", "--day", "2026-11-25", "--weights", "speed=3"],
    ['no weight "toString"', "--day", "2026-11-25", "--weights", "toString=3"],
    ["delay is a whole number from 0", "--day", "2026-11-25", "--weights", "delay=-1"],
    ["maxBundle is a whole number from 1 to 6", "--day", "2026-11-25", "--weights", "maxBundle=7"],
    ["maxBundle is a whole number from 1", "--day", "2026-11-25", "--weights", "maxBundle=0"],
    ["is not name=value", "--day", "2026-11-25", "--weights", "delay"],
    ["no JSON", "--day", "2026-11-25", "--weights", "{delay"],
    ["the live policy's", "--day", "2026-11-25", "--policy", "nearest", "--weights", "delay=1"],
    ["--by is hour or order", "--day", "2026-11-25", "--policy", "live", "--by", "week"],
    ["--draws is a whole number", "--day", "2026-11-25", "--policy", "live", "--draws", "3"],
    ["usage: npm run whatif", "--dya", "2026-11-25"],
  ];
  for (const [sentence, ...argv] of wrong) {
    expect(() => read(...argv), argv.join(" ")).toThrow(WrongInput);
    expect(() => read(...argv)).toThrow(sentence);
  }
});

test("[WIF6] a weight changes its own term of the settings and no other", () => {
  const changed = withWeights(DEFAULT_SETTINGS, readWeights("idle=7,deferMs=1000"));
  expect(changed).toEqual({ ...DEFAULT_SETTINGS, weights: { ...DEFAULT_SETTINGS.weights, idle: 7 }, deferMs: 1_000 });
});

test("[WIF7] a day is the zone's own, also where its clocks are changed", () => {
  expect(localDay("2031-05-08", "UTC")).toEqual({ fromMs: Date.UTC(2031, 4, 8), toMs: Date.UTC(2031, 4, 9) });
  expect(localDay("2026-11-25", "America/Montevideo").fromMs).toBe(Date.UTC(2026, 10, 25, 3));
  expect(localDay("2026-11-25", "Pacific/Auckland").fromMs).toBe(Date.UTC(2026, 10, 24, 11));
  expect(localDay("2026-11-25", "Asia/Kathmandu").fromMs).toBe(Date.UTC(2026, 10, 24, 18, 15));
  const hours = (day: string) => {
    const { fromMs, toMs } = localDay(day, "Europe/Berlin");
    return (toMs - fromMs) / HOUR_MS;
  };
  expect([hours("2026-03-29"), hours("2026-06-01"), hours("2026-10-25")]).toEqual([23, 24, 25]);
});

test("[WIF2] times at doors are an order's own, else the day's, else what rounds plan with; nobody stands there for ever", () => {
  const order = {
    readyAtMs: at(10),
    arrivedAtMerchantAtMs: at(8),
    pickedUpAtMs: at(12),
    leftAtMs: at(13),
    arrivedAtCustomerAtMs: at(20),
    deliveredAtMs: at(23),
  };
  const unknown = {
    readyAtMs: at(10),
    arrivedAtMerchantAtMs: null,
    pickedUpAtMs: null,
    leftAtMs: null,
    arrivedAtCustomerAtMs: null,
    deliveredAtMs: null,
  };
  const { handover } = DEFAULT_SETTINGS;
  const own = { noticeMs: 2 * MINUTE_MS, leaveMs: MINUTE_MS, doorMs: 3 * MINUTE_MS };
  // Its courier waited: what the counter takes is known of another one alone, whose food stood there.
  const fetched = { ...unknown, arrivedAtMerchantAtMs: at(11), pickedUpAtMs: at(16) };
  expect(doorsOf([order, unknown], handover)(order)).toEqual({ ...own, counterMs: handover.beforePickupMs });
  expect(doorsOf([order, unknown, fetched], handover)(unknown)).toEqual({ ...own, counterMs: 5 * MINUTE_MS });
  expect(doorsOf([unknown], handover)(unknown)).toEqual({
    counterMs: handover.beforePickupMs,
    noticeMs: 0,
    leaveMs: handover.afterPickupMs,
    doorMs: handover.beforeDropMs,
  });
  expect(doorsOf([order], handover)({ ...order, deliveredAtMs: at(500) }).doorMs).toBe(30 * MINUTE_MS);
});

test("[WIF2] the day's pace is taken from rides that went alone, and from twenty on", () => {
  const ride = {
    door: toPoint({ xM: 0, yM: 0 }),
    vehicle: "bicycle" as const,
    alone: true,
    acceptedAtMs: at(0),
    approachWayS: 300,
    arrivedAtMerchantAtMs: at(10),
    leftAtMs: at(12),
    rideWayS: 600,
    arrivedAtCustomerAtMs: at(24),
  };
  const many = (count: number, alone: boolean) => Array.from({ length: count }, () => ({ ...ride, alone }));
  expect(factorsOf(many(20, true))).toEqual({ toRestaurant: 2, toCustomer: 1.2 });
  expect(factorsOf([...many(19, true), ...many(50, false)])).toEqual({ toRestaurant: 1, toCustomer: 1 });
});

test("[WIF9] [DSP23] the running Postgres of a data folder is found by its own notes, where no database is named", () => {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-running-"));
  try {
    const found = (named?: string) => databaseUrlFor(named, dir, "name one");
    expect(found).toThrow(`name one, or start \`npm start\` beside this: no Postgres runs over ${dir}`);
    writeFileSync(join(dir, "postgres.secret"), "word");
    mkdirSync(join(dir, "postgres"));
    writeFileSync(join(dir, "postgres", "postmaster.pid"), "41\n/data\n1790000000\n41234\n\n127.0.0.1\n");
    expect(found()).toBe("postgres://tiffin:word@127.0.0.1:41234/tiffin");
    expect(found("")).toBe(found());
    expect(found("postgres://other")).toBe("postgres://other");
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("[DSP66] a day of an older release is played by its own settings, and by today's for what it did not know", () => {
  const { late: _late, fairness: _fairness, ...older } = DEFAULT_SETTINGS;
  const { late: _weight, bound: _bound, ...weights } = { ...DEFAULT_SETTINGS.weights, travel: 77 };
  const settings = settingsOfRound({ ...older, weights, maxBundle: 2 }, DEFAULT_SETTINGS);
  expect(settings).toEqual({
    ...DEFAULT_SETTINGS,
    maxBundle: 2,
    weights: { ...DEFAULT_SETTINGS.weights, travel: 77 },
  });
  expect(settingsOfRound({ ...DEFAULT_SETTINGS }, { ...DEFAULT_SETTINGS, maxBundle: 1 })).toEqual(DEFAULT_SETTINGS);
});

test("[WIF6] how evenly work is shared out can be weighed otherwise", () => {
  const { fairness } = withWeights(DEFAULT_SETTINGS, readWeights("fairness=0,fairnessPerDeliveryMs=60000"));
  expect(fairness).toEqual({ ...DEFAULT_SETTINGS.fairness, weight: 0, perDeliveryMs: 60_000 });
});
