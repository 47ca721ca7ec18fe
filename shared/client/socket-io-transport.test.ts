import fc from "fast-check";
import { expect, test } from "vitest";

import { comesBackAfterMs } from "./socket-io-transport.ts";

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("[ROL4] whoever is let go after a while comes back within a moment, at a moment of their own", () => {
  fc.assert(
    fc.property(chance, fc.integer({ min: 5_000, max: 1e9 }), (random, livedMs) => {
      expect(comesBackAfterMs(livedMs, random)).toBeCloseTo(200 * random);
    }),
  );
});

test("[ROL4] whoever is refused, or thrown out at once, waits about a second: no hub is asked in a circle", () => {
  fc.assert(
    fc.property(chance, fc.integer({ min: 0, max: 4_999 }), (random, livedMs) => {
      const waitMs = comesBackAfterMs(livedMs, random);
      expect(waitMs).toBeGreaterThanOrEqual(750);
      expect(waitMs).toBeLessThanOrEqual(1_250);
    }),
  );
});
