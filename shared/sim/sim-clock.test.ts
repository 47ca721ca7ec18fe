import fc from "fast-check";
import { expect, test } from "vitest";

import { SimClock } from "./sim-clock.ts";

const START_MS = 1_000;

test("[SMP1] timers run in the order of their times, those of one time as they were asked, cancelled ones never", async () => {
  const timer = fc.record({ delayMs: fc.integer({ min: -5, max: 40 }), cancelled: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(timer, { maxLength: 60 }), fc.integer({ min: 0, max: 50 }), async (timers, untilMs) => {
      const clock = new SimClock(START_MS);
      const ran: [index: number, atMs: number][] = [];
      const cancels = timers.map(({ delayMs }, index) =>
        clock.after(delayMs, () => void ran.push([index, clock.nowMs() - START_MS])),
      );
      for (const [index, { cancelled }] of timers.entries()) if (cancelled) cancels[index]?.();
      await clock.advance(untilMs);
      const due = timers
        .map(({ delayMs, cancelled }, index) => ({ index, atMs: Math.max(0, delayMs), cancelled }))
        .filter(({ atMs, cancelled }) => !cancelled && atMs <= untilMs)
        .toSorted((a, b) => a.atMs - b.atMs || a.index - b.index);
      expect(ran).toEqual(due.map(({ index, atMs }) => [index, atMs]));
      expect(clock.nowMs()).toBe(START_MS + untilMs);
      expect(clock.waiting).toBe(timers.filter(({ cancelled }) => !cancelled).length - ran.length);
    }),
  );
});

test("[SMP1] thousands of cancelled timers are forgotten, and those that are left keep their order", async () => {
  const clock = new SimClock(START_MS);
  const ran: number[] = [];
  const cancels = Array.from({ length: 5_000 }, (_, index) => clock.after(5_000 - index, () => void ran.push(index)));
  for (const [index, cancel] of cancels.entries()) if (index % 10 !== 0) cancel();
  for (const cancel of cancels.slice(1, 10)) cancel();
  expect(clock.waiting).toBe(500);
  await clock.advance(5_000);
  expect(ran).toEqual(Array.from({ length: 500 }, (_, index) => 4_990 - 10 * index));
});

test("[SMP9] what falls due while nothing runs is late, and keeps its order", async () => {
  const clock = new SimClock(START_MS);
  const ran: [name: string, atMs: number][] = [];
  const note = (name: string) => void ran.push([name, clock.nowMs() - START_MS]);
  clock.after(20, () => note("second"));
  clock.after(10, () => {
    note("first");
    clock.after(5, () => note("asked for late"));
  });
  clock.after(120, () => note("not late"));
  clock.skip(100);
  expect(ran).toEqual([]);
  await clock.advance(50);
  expect(ran).toEqual([
    ["first", 100],
    ["second", 100],
    ["asked for late", 105],
    ["not late", 120],
  ]);
});

test("[SMP2] before the next timer every promise that one has set off runs on, however long the chain", async () => {
  const clock = new SimClock(START_MS);
  const told: string[] = [];
  const chain = async (name: string) => {
    for (let link = 0; link < 1_000; link++) await Promise.resolve();
    told.push(`${name} at ${clock.nowMs() - START_MS}`);
  };
  clock.after(1, () => void chain("first"));
  clock.after(1, () => void chain("second"));
  clock.after(2, () => void chain("third"));
  await clock.advance(10);
  expect(told).toEqual(["first at 1", "second at 1", "third at 2"]);
});

test("[SMP2] what waits for a timer in a promise goes on at its time", async () => {
  const clock = new SimClock(START_MS);
  const times: number[] = [];
  void (async () => {
    for (let turn = 0; turn < 3; turn++) {
      await new Promise<void>((done) => void clock.after(0.4, done));
      times.push(clock.nowMs() - START_MS);
    }
  })();
  await clock.advance(10);
  expect(times, "a part of a millisecond is waited for to its end").toEqual([1, 2, 3]);
});

test("[SMP3] what a task throws ends the run, and time stands where it was thrown", async () => {
  const clock = new SimClock(START_MS);
  let later = false;
  clock.after(3, () => {
    throw new Error("a bug");
  });
  clock.after(4, () => void (later = true));
  await expect(clock.advance(10)).rejects.toThrow("a bug");
  expect([clock.nowMs(), later]).toEqual([START_MS + 3, false]);
  await clock.advance(10);
  expect(later).toBe(true);
});
