import fc from "fast-check";
import { expect, test } from "vitest";

import { packZoneFrame, unpackZoneFrame } from "./zone-frame.ts";

const courier = fc.record({
  courierId: fc.uuid(),
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
  speedMps: fc.option(fc.double({ min: 0, max: 60, noNaN: true })),
  headingDeg: fc.option(fc.double({ min: 0, max: 360, noNaN: true })),
  takenAtMs: fc.integer({ min: 1.7e12, max: 1.9e12 }),
});

test("[RTM37] a zone's frame comes back as it was, to a millionth of a degree, a tenth of a metre a second and a degree", () => {
  fc.assert(
    fc.property(fc.array(courier, { minLength: 1 }), (couriers) => {
      const packed = packZoneFrame({ zone: "z", couriers });
      const { zone, couriers: back } = unpackZoneFrame(JSON.parse(JSON.stringify(packed)) as typeof packed);
      expect(zone).toBe("z");
      for (const [index, was] of couriers.entries()) {
        const is = back[index]!;
        expect(is).toMatchObject({ courierId: was.courierId, takenAtMs: was.takenAtMs });
        expect(Math.abs(is.lat - was.lat)).toBeLessThan(6e-7);
        expect(Math.abs(is.lng - was.lng)).toBeLessThan(6e-7);
        if (was.speedMps === null) expect(is.speedMps).toBeNull();
        else expect(Math.abs(is.speedMps! - was.speedMps)).toBeLessThan(0.051);
        if (was.headingDeg === null) expect(is.headingDeg).toBeNull();
        else expect(Math.abs(is.headingDeg! - was.headingDeg)).toBeLessThan(0.51);
      }
    }),
  );
});

test("[RTM37] packed it is half as long", () => {
  const couriers = Array.from({ length: 20 }, (_, index) => ({
    courierId: `0190a000-0000-7000-8000-0000000000${10 + index}`,
    lat: -34.9 - index / 1000,
    lng: -56.18 + index / 1000,
    speedMps: 5.4321,
    headingDeg: 123.4567,
    takenAtMs: 1_790_000_000_000 + index * 37,
  }));
  const frame = { zone: "87c2a0000ffffff", couriers };
  expect(JSON.stringify(packZoneFrame(frame)).length).toBeLessThan(JSON.stringify(frame).length / 2);
});
