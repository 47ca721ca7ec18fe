import { expect, test } from "vitest";

import { makePaceMeter } from "./pace-meter.ts";

test.each([
  { name: "a platform that keeps up goes at the clock's rate", lateMs: () => 40, speed: 10 },
  { name: "one that is later with every order goes slower", lateMs: (index: number) => index * 100, speed: 5 },
])("[TWN13] $name", ({ lateMs, speed }) => {
  let wallMs = 1_000;
  const meter = makePaceMeter(() => wallMs);
  expect(meter.speed()).toBe(0);
  for (let index = 0; index < 50; index += 1) {
    wallMs = 1_000 + index * 100 + lateMs(index);
    meter.placed(1_800_000_000_000 + index * 1_000);
  }
  expect(meter.speed()).toBeCloseTo(speed, 6);
});
