import { expect, test } from "vitest";

import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position } from "#shared/contracts/streams.ts";

import { ANNOUNCE_AGAIN_MS, makeArrivals } from "./arrivals.ts";

const [HERE, THERE] = ["87c2e3a41ffffff", "87c2e3a43ffffff"];
const ROOM = roomOf.zone("test-market", HERE);

function positionIn(zone: string): Position {
  const place = { lat: 1, lng: 2, speedMps: null, headingDeg: null, takenAtMs: 5 };
  return { marketId: "test-market", courierId: "0190a000-0000-7000-8000-00000000000c", ...place, zone, carrying: [] };
}

function hearing() {
  const time = { nowMs: 1_000 };
  const arrivals = makeArrivals(() => time.nowMs);
  /** Whether the zone was told. */
  const publish = (zone = HERE): boolean => {
    time.nowMs += 1;
    const announced = arrivals.announce(positionIn(zone));
    announced?.();
    return announced !== undefined;
  };
  return { time, arrivals, publish };
}

test("[RTM41] a courier is announced once in each zone that they come into", () => {
  const { arrivals, publish } = hearing();
  arrivals.hears();
  expect([publish(), publish(), publish(THERE), publish(THERE), publish()]).toEqual([true, false, true, false, true]);
});

test("[RTM41] somebody who begins to watch the zone is told, and nobody else's zone", () => {
  const { arrivals, publish } = hearing();
  arrivals.hears();
  publish();
  arrivals.asked([roomOf.zone("test-market", THERE)]);
  expect(publish()).toBe(false);
  arrivals.asked([ROOM]);
  expect([publish(), publish()]).toEqual([true, false]);
});

test("[RTM41] who asks while it is being published is told again", () => {
  const { time, arrivals, publish } = hearing();
  arrivals.hears();
  const announced = arrivals.announce(positionIn(HERE));
  time.nowMs += 1;
  arrivals.asked([ROOM]);
  time.nowMs += 1;
  announced?.();
  expect([publish(), publish()]).toEqual([true, false]);
});

test("[RTM41] what was not published, or may not have been heard, is announced again", () => {
  const { time, arrivals, publish } = hearing();
  expect([publish(), publish()]).toEqual([true, true]);
  arrivals.hears();
  expect([publish(), publish()]).toEqual([true, false]);
  arrivals.hears();
  expect(arrivals.announce(positionIn(HERE))).toBeDefined();
  expect([publish(), publish()]).toEqual([true, false]);
  time.nowMs += ANNOUNCE_AGAIN_MS;
  expect([publish(), publish()]).toEqual([true, false]);
});
