import fc from "fast-check";
import { expect, test } from "vitest";

import { readTwinArgs } from "./args.ts";
import { paceFor } from "./pace-search.ts";
import { twinTime } from "./twin-time.ts";

test("[TWN11] the pace goes with the cores that are there and the work that real time takes, within bounds", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 64, noNaN: true }),
      fc.double({ min: 0.001, max: 20, noNaN: true }),
      (cores, work) => {
        const pace = paceFor(cores, work);
        expect(pace).toBeGreaterThanOrEqual(0.25);
        expect(pace).toBeLessThanOrEqual(60);
        if (pace > 0.25) expect(pace * work).toBeLessThanOrEqual(cores * 1.001);
      },
    ),
  );
});

test("[TWN11] the evening begins on a Friday at 20:00 in Montevideo, when everybody has had time to connect", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1.6e12, max: 2e12 }), fc.integer({ min: 1, max: 60 }), (startWallMs, speed) => {
      const time = twinTime({ startWallMs, curtainWallMs: 30_000, minutes: 60, speed });
      const local = new Date(time.fromMs - 3 * 3_600_000);
      expect([local.getUTCDay(), local.getUTCHours(), local.getUTCMinutes()]).toEqual([5, 20, 0]);
      expect(time.wallOf(time.fromMs)).toBeCloseTo(startWallMs + 30_000, 0);
      expect(time.clock.CLOCK_ORIGIN_MS).toBeGreaterThan(startWallMs);
      expect(time.untilMs - time.fromMs).toBe(3_600_000);
    }),
  );
});

test("[TWN11] a size is read from the command line; what is asked wrongly is answered with how to ask", () => {
  const args = readTwinArgs(["--couriers", "600", "--orders-per-hour", "3000", "--minutes", "60"]);
  expect(args).toMatchObject({ couriers: 600, ordersPerHour: 3_000, restaurants: 250, customers: 1_000, speed: "max" });
  for (const wrong of [
    [],
    ["--couriers", "0"],
    ["--couriers", "5", "--orders-per-hour", "5", "--minutes", "5", "--sped", "2"],
  ]) {
    expect(readTwinArgs(wrong)).toContain("usage: npm run twin");
  }
});
