import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import fc from "fast-check";
import { afterEach, expect, test } from "vitest";

import type { ReplayFigures } from "../replay/figures.ts";
import { readRolloutArgs } from "./args.ts";
import {
  availabilityPct,
  longestOutageMs,
  phaseFigures,
  secondsNotLive,
  type HeldChange,
  type ProbeResult,
} from "./availability.ts";
import { openFrontDoor, type FrontDoor } from "./front-door.ts";
import { rolloutFiguresOf, wrongIn, type PlayedRollout } from "./rollout-figures.ts";

const probe = (over: Partial<ProbeResult> = {}): ProbeResult => ({
  name: "menu",
  kind: "rest",
  dueMs: 0,
  tookMs: 10,
  right: true,
  ...over,
});
const BAD = { right: false, why: "refused" } as const;

test.each([
  ["right and in time", {}, 0],
  ["right at the last moment", { tookMs: 2_000 }, 0],
  ["right, but too late", { tookMs: 2_001 }, 1],
  ["in time, but wrong", BAD, 1],
])("[ROL10] a probe that was %s counts so", (_, over, bad) => {
  expect(phaseFigures([probe(over)], [], { fromMs: 0, untilMs: 1 })).toMatchObject({ probes: 1, bad });
});

test("[ROL10] a probe counts in the phase in which it was due, however late its answer", () => {
  const all = [probe({ dueMs: 99, tookMs: 5_000 }), probe({ dueMs: 100 })];
  const span = (fromMs: number, untilMs: number) => phaseFigures(all, [], { fromMs, untilMs });
  expect([span(0, 100), span(100, 200), span(200, 300)]).toMatchObject([
    { probes: 1, bad: 1, availabilityPct: 0, restP50Ms: 5_000 },
    { probes: 1, bad: 0, availabilityPct: 100, restP50Ms: 10 },
    { probes: 0, bad: 0, availabilityPct: null, restP50Ms: null, restP99Ms: null },
  ]);
});

test("[ROL10] availability is never rounded up to what was not reached", () => {
  expect(availabilityPct(100_001, 1)).toBe(99.999);
  expect(availabilityPct(1_000, 1)).toBe(99.9);
  expect(availabilityPct(999, 1)).toBe(99.899);
  const counts = fc.integer({ min: 1, max: 1e6 }).chain((all) => fc.tuple(fc.constant(all), fc.nat({ max: all })));
  fc.assert(
    fc.property(counts, ([all, bad]) => {
      const pct = availabilityPct(all, bad) ?? Number.NaN;
      expect(pct).toBeLessThanOrEqual((100 * (all - bad)) / all + 1e-9);
      expect(pct === 100).toBe(bad === 0);
    }),
  );
});

test("[ROL10] an outage goes on until the same question is answered well again; others do not hide it", () => {
  const quote = [0, 500, 1_000, 1_500].map((dueMs) => probe({ name: "quote", dueMs, ...(dueMs < 1_000 ? BAD : {}) }));
  const menu = [100, 600, 1_100].map((dueMs) => probe({ dueMs }));
  expect(longestOutageMs([...menu, ...quote], 2_000)).toBe(1_000);
  expect(longestOutageMs([...quote, probe({ name: "quote", dueMs: 1_800, ...BAD })], 4_000)).toBe(2_200);
  expect(longestOutageMs(menu, 2_000)).toBe(0);
});

test("[ROL10] a held connection is away from its loss until it is back, as far as that is in the phase", () => {
  const held: HeldChange[] = [
    { atMs: 0, live: true },
    { atMs: 900, live: false },
    { atMs: 1_400, live: true },
  ];
  expect(secondsNotLive(held, { fromMs: 0, untilMs: 1_000 })).toBe(0.1);
  expect(secondsNotLive(held, { fromMs: 1_000, untilMs: 2_000 })).toBe(0.4);
  expect(secondsNotLive([], { fromMs: 0, untilMs: 2_000 })).toBe(2);
  expect(secondsNotLive([{ atMs: 500, live: true }], { fromMs: 0, untilMs: 2_000 })).toBe(0.5);
});

test("[ROL10] phases that follow each other take every second and every probe once", () => {
  const changes = fc.array(fc.record({ atMs: fc.nat({ max: 4_000 }), live: fc.boolean() }));
  const dues = fc.array(fc.nat({ max: 3_999 }));
  fc.assert(
    fc.property(changes, dues, fc.nat({ max: 4_000 }), (held, due, cut) => {
      const all = due.map((dueMs, at) => probe({ dueMs, ...(at % 3 === 0 ? BAD : {}) }));
      const of = (fromMs: number, untilMs: number) => phaseFigures(all, held, { fromMs, untilMs });
      const [whole, first, last] = [of(0, 4_000), of(0, cut), of(cut, 4_000)] as const;
      expect(first.bad + last.bad).toBe(whole.bad);
      expect(first.probes + last.probes).toBe(whole.probes);
      expect(first.secondsNotLive + last.secondsNotLive).toBeCloseTo(whole.secondsNotLive, 2);
    }),
  );
});

const day = { lost: 0, doubled: 0, disordered: 0, leaked: 0, moneyMismatches: 0, eventsPublished: 9 };
const played: PlayedRollout = {
  phases: [
    { name: "quiet", fromMs: 0, untilMs: 1_000 },
    { name: "rolling-restart", fromMs: 1_000, untilMs: 2_000 },
  ],
  results: Array.from({ length: 2_000 }, (_, dueMs) => probe({ dueMs })),
  held: [{ atMs: 0, live: true }],
  migrations: [{ stoodBack: 0, backfilledRows: 3, batches: 1, differing: 0, compared: 3 }],
  replaced: 4,
};
// Cast: the figures of a day that these figures are made from.
const figures = (over: Partial<PlayedRollout> = {}, of: Partial<typeof day> = {}) =>
  rolloutFiguresOf(1, { ...played, ...over }, { ...day, ...of } as ReplayFigures);
const withBad = (count: number) => played.results.map((one, at) => (at < count ? { ...one, ...BAD } : one));

test("[ROL11] a rollout in which all was well is clean, and two bad probes of two thousand are borne", () => {
  expect(wrongIn(figures())).toEqual([]);
  const borne = figures({ results: withBad(2) });
  expect([borne.availabilityPct, wrongIn(borne)]).toEqual([99.9, []]);
  expect(borne.badProbes[0]).toEqual({ phase: "quiet", name: "menu", tookMs: 10, why: "refused" });
  expect(Object.keys(borne.phases)).toEqual(["quiet", "rolling-restart"]);
});

test.each([
  ["less than 99.9 % of good probes", figures({ results: withBad(3) }), "3 of 2000 probes were bad: 99.85 % available"],
  ["an event lost", figures({}, { lost: 1 }), "1 lost, 0 doubled, 0 disordered, 0 leaked"],
  ["an event leaked", figures({}, { leaked: 2 }), "0 lost, 0 doubled, 0 disordered, 2 leaked"],
  ["money that does not agree", figures({}, { moneyMismatches: 1 }), "1 orders whose money does not agree"],
  ["no event", figures({}, { eventsPublished: 0 }), "nothing happened meanwhile, so it shows nothing"],
  ["nothing replaced", figures({ replaced: 0 }), "nothing was replaced, so it shows nothing"],
  [
    "columns that differ",
    figures({ migrations: [{ stoodBack: 0, backfilledRows: 3, batches: 1, differing: 2, compared: 3 }] }),
    "2 rows differ between the old column and the new one",
  ],
  ["a phase without probes", figures({ results: played.results.slice(0, 1_000) }), "rolling-restart: no probe was due"],
])("[ROL11] with %s it is not clean", (_, of, words) => {
  expect(wrongIn(of)).toEqual([words]);
});

test.each([
  [[], { minutes: 3, seed: 1, hubs: 2, workers: 2, speed: 60 }],
  [["--minutes", "0.5", "--seed", "9", "--json", "x.json"], { minutes: 0.5, seed: 9, json: "x.json" }],
  [["--hubs", "1"], undefined],
  [["--minuts", "2"], undefined],
])("[ROL11] what was asked wrongly is told: %j", (argv, args) => {
  const read = readRolloutArgs(argv);
  if (args) expect(read).toMatchObject(args);
  else expect(read).toMatch(/usage: npm run rollout/u);
});

interface StandIn {
  readonly url: string;
  ready: boolean;
  readonly server: Server;
}
const standIns: StandIn[] = [];
const doors: FrontDoor[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
  for (const { server } of standIns.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Says its number, and whether it is ready. */
async function standIn(number: number): Promise<StandIn> {
  const server = createServer((request, response) => {
    if (request.url === "/readyz") response.writeHead(one.ready ? 200 : 503);
    response.end(String(number));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Cast: it listens on TCP.
  const one: StandIn = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ready: true, server };
  standIns.push(one);
  return one;
}

test(
  "[ROL8] the door sends to ready hubs alone, in turns; to those that are not while none is; and to none that is gone",
  { timeout: 30_000 },
  async () => {
    const [first, second] = [await standIn(1), await standIn(2)];
    const door = await openFrontDoor(20);
    doors.push(door);
    const asked = async () => (await fetch(door.url, { headers: { connection: "close" } })).text();
    await expect(asked()).rejects.toThrow("fetch failed");
    door.lead([first.url, second.url]);
    await Promise.all([door.until(first.url, true), door.until(second.url, true)]);
    expect([await asked(), await asked()].toSorted()).toEqual(["1", "2"]);
    first.ready = false;
    await door.until(first.url, false);
    expect([await asked(), await asked()]).toEqual(["2", "2"]);
    second.ready = false;
    await door.until(second.url, false);
    expect([await asked(), await asked()].toSorted()).toEqual(["1", "2"]);
    first.ready = true;
    await door.until(first.url, true);
    expect([await asked(), await asked()]).toEqual(["1", "1"]);
    door.lead([first.url]);
    second.ready = true;
    expect([await asked(), await asked()]).toEqual(["1", "1"]);
    first.server.close();
    first.server.closeAllConnections();
    await door.until(first.url, false);
    await expect(asked()).rejects.toThrow("fetch failed");
  },
);
