import fc from "fast-check";
import { expect, test, vi } from "vitest";

import { uuid } from "#shared/contracts/ids.ts";

import { openLoop } from "./crowd/open-loop.ts";
import { keptToken, makeTokenMint } from "./crowd/tokens.ts";
import { Histogram } from "./histogram.ts";
import {
  carriedBy,
  cookedBy,
  courierOf,
  customerOf,
  hubOf,
  idOf,
  kitchenOf,
  nosyAbout,
  orderOf,
  peopleOf,
  planOf,
} from "./plan.ts";
import { readSwarmArgs } from "./run/args.ts";
import { isCleanSwarm, rounded, type Sample, type SwarmFigures } from "./run/figures.ts";
import { obstacles } from "./run/machine.ts";
import { plotOf } from "./run/plot.ts";

const sizes = fc.integer({ min: 50, max: 1_500 });

test("[SWM2] the city at peak has its shares, and everybody is played once by somebody", () => {
  expect(planOf(100_000)).toEqual({
    connections: 100_000,
    customers: 88_000,
    couriers: 8_000,
    kitchens: 3_800,
    operators: 200,
    orders: 29_333,
    carried: 14_666,
  });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 7 }), (connections, parts) => {
      const plan = planOf(connections);
      const people = Array.from({ length: parts }, (_, part) => [...peopleOf(plan, part, parts)]).flat();
      expect(people.length).toBe(plan.connections);
      expect(new Set(people.map(({ kind, index }) => `${kind} ${index}`)).size).toBe(people.length);
    }),
  );
});

test("[SWM2] every order has one customer, and is with its courier or in its kitchen", () => {
  fc.assert(
    fc.property(sizes, (connections) => {
      const plan = planOf(connections);
      const carried = Array.from({ length: plan.couriers }, (_, courier) => carriedBy(plan, courier)).flat();
      const cooked = Array.from({ length: plan.kitchens }, (_, kitchen) => cookedBy(plan, kitchen)).flat();
      expect([...carried, ...cooked].toSorted((a, b) => a - b)).toEqual([...Array(plan.orders).keys()]);
      for (const order of carried) expect(carriedBy(plan, courierOf(plan, order))).toContain(order);
      for (const order of cooked) expect(cookedBy(plan, kitchenOf(plan, order))).toContain(order);
      for (let order = 0; order < plan.orders; order += 1) expect(orderOf(plan, customerOf(order))).toBe(order);
    }),
  );
});

test.each([2, 3, 4, 5, 6, 7, 9])("[SWM9] of %d hubs each has an even share of those who track an order", (count) => {
  const hubs = Array.from({ length: count }, (_, hub) => hub);
  const plan = planOf(3_000);
  for (const parts of [1, 2, 3]) {
    const shares = new Map<string, number>();
    for (let part = 0; part < parts; part += 1) {
      for (const [nth, person] of [...peopleOf(plan, part, parts)].entries()) {
        const tracks = person.kind === "customer" && orderOf(plan, person.index) !== undefined;
        const share = `${person.kind} ${tracks} ${hubOf(hubs, nth * parts + part)}`;
        shares.set(share, (shares.get(share) ?? 0) + 1);
      }
    }
    for (const tracks of [true, false]) {
      const own = hubs.map((hub) => shares.get(`customer ${tracks} ${hub}`) ?? 0);
      expect(Math.max(...own)).toBeLessThan(1.2 * Math.min(...own));
    }
  }
});

test("[SWM6] who is nosy tracks nothing, and looks at an order that there is", () => {
  const plan = planOf(2_000);
  const nosy = [...Array(plan.customers).keys()].filter(
    (customer) => orderOf(plan, customer) === undefined && nosyAbout(plan, customer) !== undefined,
  );
  expect(nosy.length).toBeGreaterThan(5);
  for (const customer of nosy) expect(nosyAbout(plan, customer)).toBeLessThan(plan.orders);
});

test("[SWM2] ids are of the contract's form and apart", () => {
  const ids = (["customer", "order", "courier-file"] as const).flatMap((kind) => [idOf(kind, 0), idOf(kind, 99_999)]);
  for (const id of ids) expect(uuid.safeParse(id).success, id).toBe(true);
  expect(new Set(ids).size).toBe(6);
});

test("[SWM3] a histogram's quantiles are those of the samples to within a hundredth, over several processes too", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.1, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.99, 0.999),
      (samples, share) => {
        const [one, other, all] = [new Histogram(), new Histogram(), new Histogram()];
        for (const [at, ms] of samples.entries()) (at % 2 === 0 ? one : other).add(ms);
        all.merge(one.toText());
        all.merge(other.toText());
        const exact = samples.toSorted((a, b) => a - b)[Math.ceil(samples.length * share) - 1] ?? 0;
        expect(all.count).toBe(samples.length);
        expect(Math.abs((all.quantile(share) ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.011 + 0.06);
      },
    ),
  );
});

test("[SWM8] of nothing there is no quantile", () => {
  expect(new Histogram().quantile(0.5)).toBeNull();
  expect(rounded(null)).toBeNull();
  expect(rounded(1.23456)).toBe(1.23);
});

test("[SWM3] what is late is done with the moment for which it was meant, and nothing is left out", () => {
  vi.useFakeTimers();
  try {
    let nowMs = 1_000;
    const meant: number[] = [];
    const schedule = openLoop(
      { perS: 10 },
      (atMs) => meant.push(atMs),
      () => nowMs,
    );
    // The process stood still for half a second.
    nowMs = 1_500;
    vi.advanceTimersByTime(10);
    expect(meant).toEqual([1_000, 1_100, 1_200, 1_300, 1_400]);
    schedule.stop();
    nowMs = 9_000;
    vi.advanceTimersByTime(1_000);
    expect(meant.length).toBe(5);
  } finally {
    vi.useRealTimers();
  }
});

test("[SWM3] a pace that grows comes to its height evenly, and leaves nothing out", () => {
  vi.useFakeTimers();
  try {
    let nowMs = 0;
    const meant: number[] = [];
    const schedule = openLoop(
      { perS: 10, rampMs: 4_000 },
      (atMs) => meant.push(atMs),
      () => nowMs,
    );
    for (; nowMs <= 6_000; nowMs += 4) vi.advanceTimersByTime(4);
    schedule.stop();
    const within = (fromMs: number, toMs: number) => meant.filter((atMs) => atMs >= fromMs && atMs < toMs).length;
    expect([within(0, 1_000), within(1_000, 2_000), within(2_000, 3_000), within(3_000, 4_000)]).toEqual([2, 3, 7, 8]);
    expect(within(4_000, 6_000)).toBe(20);
    expect(meant).toEqual(meant.toSorted((a, b) => a - b));
  } finally {
    vi.useRealTimers();
  }
});

test("[SWM5] what the machine cannot hold is said, with what to do", () => {
  const wanted = { connections: 100_000, hubs: 7, crowds: 6 };
  const roomy = { openFiles: 20_000, freeKb: 20_000_000 };
  expect(obstacles(wanted, roomy)).toEqual([]);
  expect(obstacles({ ...wanted, hubs: 5 }, roomy)).toEqual([expect.stringContaining("--hubs 6")]);
  expect(obstacles(wanted, { ...roomy, openFiles: 1_024 })).toEqual([
    expect.stringContaining("ulimit -n"),
    expect.stringContaining("--crowds 161"),
  ]);
  expect(obstacles(wanted, { ...roomy, freeKb: 1_000_000 })).toEqual([expect.stringContaining("memory")]);
});

test("[SWM2] what follows from the size can be said otherwise; what is wrong is refused", () => {
  expect(readSwarmArgs(["--connections", "100000"])).toMatchObject({
    hubs: 6,
    crowds: 6,
    commitsPerS: 100,
    restPerS: 200,
    minutes: 10,
    idleMinutes: 2,
    rampMinutes: 3,
    recovery: true,
  });
  expect(
    readSwarmArgs(["--connections", "5000", "--hubs", "1", "--no-recovery", "--commits-per-s", "7"]),
  ).toMatchObject({
    hubs: 1,
    commitsPerS: 7,
    restPerS: 10,
    recovery: false,
  });
  for (const wrong of [[], ["--connections", "many"], ["--connections", "100", "--hubs", "0"], ["--what"]]) {
    expect(readSwarmArgs(wrong)).toContain("usage:");
  }
});

test("tokens are signed over what they say, each for its own person", () => {
  const mint = makeTokenMint(
    "s".repeat(32),
    () => 1_700_000_000_000,
    () => 0,
  );
  const [head = "", claims = "", signature = ""] = mint({ personId: idOf("customer", 1), roles: [] }).split(".");
  expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual({ alg: "HS256", typ: "JWT" });
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
    sub: idOf("customer", 1),
    exp: 1_700_000_450,
  });
  expect(signature).not.toBe(mint({ personId: idOf("customer", 2), roles: [] }).split(".")[2]);
});

test("[SWM10] a token is shown again until two minutes before its end, and then another one is signed", () => {
  let nowMs = 1_700_000_000_000;
  const mint = makeTokenMint(
    "s".repeat(32),
    () => nowMs,
    () => 0,
  );
  let signed = 0;
  const token = keptToken(
    () => {
      signed += 1;
      return mint({ personId: idOf("customer", 1), roles: [] });
    },
    () => nowMs,
  );
  const first = token();
  nowMs += 329_000;
  expect([token(), signed]).toEqual([first, 1]);
  nowMs += 1_000;
  expect(token()).not.toBe(first);
  expect(signed).toBe(2);
});

test("a run is clean when nothing that must not happen has happened", () => {
  const clean = { lost: 0, doubled: 0, disordered: 0, leaked: 0, unplannedDisconnects: 0 } as SwarmFigures;
  expect(isCleanSwarm(clean)).toBe(true);
  for (const key of Object.keys(clean)) expect(isCleanSwarm({ ...clean, [key]: 1 }), key).toBe(false);
});

test("the plot shows each phase and leaves out what was not looked at", () => {
  const sample: Sample = {
    atS: 1,
    phase: "opening",
    live: 5,
    deliveriesPerS: 0,
    commitsPerS: 0,
    hubCores: null,
    hubPssMb: null,
  };
  const svg = plotOf([sample, { ...sample, atS: 2, phase: "idle", hubCores: 0.5 }], "a & b");
  expect(svg).toContain("a &amp; b");
  expect(svg.match(/>(opening|idle)</gu)).toEqual([">opening<", ">idle<"]);
  expect(svg).not.toContain("NaN");
});
