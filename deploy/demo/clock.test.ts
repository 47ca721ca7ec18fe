import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { startDemoClock, type DemoClock } from "./clock.ts";

let dir = "";
let wallMs = Date.UTC(2027, 2, 10, 11, 7, 30);
const clocks: DemoClock[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tiffin-clock-"));
});
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function start(speed: number, newestMs?: number): Promise<DemoClock> {
  const clock = await startDemoClock({
    dir,
    speed,
    timeZone: "America/Montevideo",
    newestMs: () => Promise.resolve(newestMs),
    wallNowMs: () => wallMs,
  });
  clocks.push(clock);
  return clock;
}

test("[DMO6] a first start finds the market in the evening of its day, and time going at the speed asked for", async () => {
  const clock = await start(10);
  // Half past seven in Montevideo, three hours behind.
  expect(new Date(clock.nowMs()).toISOString()).toBe("2027-03-10T22:30:00.000Z");
  wallMs += 6_000;
  expect(new Date(clock.nowMs()).toISOString()).toBe("2027-03-10T22:31:00.000Z");
  expect(Number(clock.env.CLOCK_ORIGIN_MS) + (wallMs - Number(clock.env.CLOCK_WALL_ORIGIN_MS)) * 10).toBe(
    clock.nowMs(),
  );
});

test("[DMO6] after a stop it goes on from where it stood, at any speed", async () => {
  const before = await start(10);
  wallMs += 60_000;
  const stoodAtMs = before.nowMs();
  before.stop();
  wallMs += 3_600_000;
  expect((await start(1)).nowMs()).toBe(stoodAtMs);
});

test("[DMO6] after a kill it never goes back", async () => {
  const killed = await start(10);
  wallMs += 9_000;
  const stoodAtMs = killed.nowMs();
  const next = await start(10);
  expect(next.nowMs()).toBeGreaterThanOrEqual(stoodAtMs);
  expect(next.nowMs() - stoodAtMs).toBeLessThan(200_000);
});

test.each([
  ["in the afternoon it goes on at once", 15, "2027-03-10T18:00:00.000Z"],
  ["late it goes on in the next evening", 23, "2027-03-11T22:30:00.000Z"],
  ["before dawn it goes on in that day's evening", 28, "2027-03-11T22:30:00.000Z"],
])("[DMO6] a start %s", async (_, hour, expected) => {
  // Hours of Montevideo's tenth of March, three behind.
  const stoodAtMs = Date.UTC(2027, 2, 10, hour + 3);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "clock.json"), JSON.stringify({ stoodAtMs }));
  expect(new Date((await start(10)).nowMs()).toISOString()).toBe(expected);
});

test.each([
  ["without a note", undefined],
  ["with an empty note", ""],
  ["with half a note", '{"stoodAt'],
  ["with another note", '{"stoodAtMs":"soon"}'],
])("[DMO6] data %s goes on in wall time, but not before what has happened", async (_, note) => {
  const lose = () => {
    if (note === undefined) rmSync(join(dir, "clock.json"), { force: true });
    else writeFileSync(join(dir, "clock.json"), note);
  };
  lose();
  expect((await start(10, wallMs - 1_000)).nowMs()).toBe(wallMs);
  lose();
  expect((await start(10, wallMs + 3_600_000)).nowMs()).toBe(wallMs + 3_600_000);
});
