import fc from "fast-check";
import { expect, test } from "vitest";

import type { LoadedOrder } from "../order/records.ts";
import { etaDiffers } from "./refresh.ts";

const NOW_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;

function isTold(leftMinutes: number, laterS: number): boolean {
  const toldMs = NOW_MS + leftMinutes * MINUTE_MS;
  // Cast: nothing else of it is looked at.
  const loaded = { order: { etaP50AtMs: toldMs } } as LoadedOrder;
  return etaDiffers(loaded, toldMs + laterS * 1000, NOW_MS);
}

test("[ETA23] near the door less is worth telling than far away", () => {
  expect([isTold(5, 50), isTold(15, 50), isTold(40, 50)]).toEqual([true, false, false]);
  expect([isTold(5, 100), isTold(15, 100), isTold(40, 100)]).toEqual([true, true, false]);
  expect([isTold(5, 200), isTold(15, 200), isTold(40, 200)]).toEqual([true, true, true]);
  expect(isTold(0, 40)).toBe(false);
});

test("[ETA23] what is worth telling stays so when the change is larger or the food is nearer", () => {
  fc.assert(
    fc.property(fc.nat(90), fc.nat(90), fc.nat(600), fc.nat(600), (left, more, laterS, moreS) => {
      if (isTold(left + more, laterS)) expect(isTold(left, laterS + moreS)).toBe(true);
    }),
  );
});

test("[ETA8] an order that was told nothing yet is told its first time, and none is told nothing", () => {
  // Cast: as above.
  const loaded = { order: { etaP50AtMs: null } } as LoadedOrder;
  expect(etaDiffers(loaded, NOW_MS, NOW_MS)).toBe(true);
  expect(etaDiffers(loaded, undefined, NOW_MS)).toBe(false);
});

test("[ETA42] that a promise will not be kept is told at once, and once", () => {
  const at = (minutes: number) => NOW_MS + minutes * MINUTE_MS;
  // Cast: as above.
  const told = (minutes: number) => ({ order: { etaP50AtMs: at(minutes), promisedP90AtMs: at(40) } }) as LoadedOrder;
  expect(etaDiffers(told(39), at(40), NOW_MS)).toBe(false);
  expect(etaDiffers(told(39), at(40.5), NOW_MS)).toBe(true);
  expect(etaDiffers(told(40.5), at(41), NOW_MS)).toBe(false);
  expect(etaDiffers(told(40.5), at(39.5), NOW_MS)).toBe(false);
});
