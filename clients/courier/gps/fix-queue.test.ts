import fc from "fast-check";
import { expect, test } from "vitest";

import type { Fix } from "#shared/contracts/geo.ts";

import { makeFixQueue } from "./fix-queue.ts";
import { fixOf } from "./locate.ts";
import { memoryStorage } from "../../common/testing/memory-storage.ts";

const fixAt = (takenAtMs: number, lat = 0): Fix => ({
  lat,
  lng: 0,
  takenAtMs,
  accuracyM: 5,
  speedMps: null,
  headingDeg: null,
});

test("[CRP3] what is older, or says nothing new, is left out", () => {
  const queue = makeFixQueue(memoryStorage(), "fixes");
  expect(queue.add(fixAt(10_000))).toBe(true);
  expect(queue.add(fixAt(10_000, 1))).toBe(false);
  expect(queue.add(fixAt(9_000, 1))).toBe(false);
  expect(queue.add(fixAt(12_999))).toBe(false);
  expect(queue.add(fixAt(11_000, 0.0002))).toBe(true);
  expect(queue.add(fixAt(14_000, 0.0002))).toBe(true);
  expect(queue.size).toBe(3);
});

test("[CRP4] readings survive a reload and leave, oldest first, only when they have arrived", () => {
  const steps = fc.array(fc.oneof(fc.constant("reload"), fc.constant("sent"), fc.integer({ min: 3_000, max: 60_000 })));
  fc.assert(
    fc.property(steps, (script) => {
      const storage = memoryStorage();
      let queue = makeFixQueue(storage, "fixes");
      let expected: number[] = [];
      let nowMs = 0;
      for (const step of script) {
        if (step === "reload") queue = makeFixQueue(storage, "fixes");
        else if (step === "sent") {
          const batch = queue.next(3);
          queue.sent(batch);
          expected = expected.slice(3);
        } else {
          nowMs += step;
          queue.add(fixAt(nowMs));
          expected.push(nowMs);
        }
        expect(queue.next(1_000).map((fix) => fix.takenAtMs)).toEqual(expected);
      }
    }),
  );
});

test("[CRP4] without room in the browser the queue goes on in memory", () => {
  const queue = makeFixQueue(memoryStorage(true), "fixes");
  queue.add(fixAt(5_000));
  queue.add(fixAt(10_000));
  expect(queue.next(10).map((fix) => fix.takenAtMs)).toEqual([5_000, 10_000]);
});

test("[CRP5] over its size it thins its older half and keeps the newest", () => {
  const queue = makeFixQueue(memoryStorage(), "fixes", 24);
  for (let at = 1; at <= 25; at += 1) queue.add(fixAt(at * 3_000));
  const times = queue.next(50).map((fix) => fix.takenAtMs / 3_000);
  expect(times).toEqual([1, 3, 5, 7, 9, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
});

test("[CRP3] a reading keeps what the phone knows and says null for what it does not", () => {
  const coords = { latitude: 1, longitude: 2, accuracy: 7.5, speed: Number.NaN, heading: 360, altitude: null };
  const reading = { coords: { ...coords, altitudeAccuracy: null, toJSON: () => coords }, timestamp: 5_000.7 };
  expect(fixOf(reading)).toEqual({
    lat: 1,
    lng: 2,
    takenAtMs: 5_000,
    accuracyM: 7.5,
    speedMps: null,
    headingDeg: 0,
  });
});
