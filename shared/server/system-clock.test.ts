import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";

import { makeSystemClock } from "./system-clock.ts";

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

test("[CLK1] clocks with the same settings agree at every moment and go at their rate", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: DAY_MS }), (rate, passedMs) => {
      const settings = { CLOCK_RATE: rate, CLOCK_ORIGIN_MS: 5 * DAY_MS, CLOCK_WALL_ORIGIN_MS: 9 * DAY_MS };
      const wallNowMs = () => 9 * DAY_MS + passedMs;
      const [one, other] = [makeSystemClock(settings, wallNowMs), makeSystemClock(settings, wallNowMs)];
      expect(one.nowMs()).toBe(other.nowMs());
      expect(one.nowMs()).toBe(5 * DAY_MS + passedMs * rate);
    }),
  );
});

test("[CLK1] without origins the clock is wall time", () => {
  expect(makeSystemClock({ CLOCK_RATE: 1 }, () => 42).nowMs()).toBe(42);
});

test("[CLK2] at rate 60 a minute's delay takes a second", () => {
  vi.useFakeTimers();
  const done = vi.fn<() => void>();
  makeSystemClock({ CLOCK_RATE: 60, CLOCK_ORIGIN_MS: 0, CLOCK_WALL_ORIGIN_MS: 0 }).after(60_000, done);
  vi.advanceTimersByTime(999);
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(done).toHaveBeenCalledOnce();
});

test("[CLK3] a delay that was called off never comes", () => {
  vi.useFakeTimers();
  const done = vi.fn<() => void>();
  makeSystemClock({ CLOCK_RATE: 1 }).after(1_000, done)();
  vi.advanceTimersByTime(10_000);
  expect(done).not.toHaveBeenCalled();
});

test("[CLK4] a delay of forty days comes after forty days, and can be called off after thirty", () => {
  vi.useFakeTimers();
  const [done, never] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const clock = makeSystemClock({ CLOCK_RATE: 1 });
  clock.after(40 * DAY_MS, done);
  const cancel = clock.after(40 * DAY_MS, never);
  vi.advanceTimersByTime(30 * DAY_MS);
  cancel();
  vi.advanceTimersByTime(10 * DAY_MS - 1);
  expect(done).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(done).toHaveBeenCalledOnce();
  expect(never).not.toHaveBeenCalled();
});
