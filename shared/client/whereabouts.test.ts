import { expect, test } from "vitest";

import { Refusal } from "../contracts/errors.ts";
import type { Fix } from "../contracts/geo.ts";
import { decodeTrace } from "../domain/tracking/motion/trace-text.ts";
import { settle } from "../testing/fake-clock.ts";
import { makeWhereabouts } from "./whereabouts.ts";

const START_MS = 1_700_000_040_000;
const fixAt = (second: number, lat = 1): Fix => ({
  lat,
  lng: 2,
  takenAtMs: START_MS + second * 1000,
  accuracyM: 5,
  speedMps: null,
  headingDeg: null,
});

/** A phone whose connection and answers the test gives. */
function makePhone() {
  const state = { online: true, nowMs: START_MS, refuses: undefined as Refusal | undefined };
  const motions: number[] = [];
  const traces: number[][] = [];
  let queue: Fix[] = [];
  const secondOf = ({ takenAtMs }: Fix) => (takenAtMs - START_MS) / 1000;
  const whereabouts = makeWhereabouts({
    hub: {
      command: async (_, input) => {
        if (state.refuses) throw state.refuses;
        // Cast: one of the two inputs that the phone sends, and an answer that it does not read.
        const said = input as { motion?: Fix; trace?: string };
        if (said.motion) motions.push(secondOf(said.motion));
        if (said.trace !== undefined) traces.push((decodeTrace(said.trace) ?? []).map(secondOf));
        return {} as never;
      },
    },
    marketId: "m",
    queue: {
      get size() {
        return queue.length;
      },
      next: (count) => queue.slice(0, count),
      sent: (gone) => void (queue = queue.slice(gone.length)),
    },
    nowMs: () => state.nowMs,
    online: () => state.online,
    tryMs: 1,
  });
  const reads = async (fix: Fix) => {
    state.nowMs = fix.takenAtMs;
    queue.push(fix);
    whereabouts.took(fix);
    await settle();
  };
  return { state, motions, traces, whereabouts, reads, waiting: () => queue.length };
}

test("[MOT10] a minute of the trace goes as one text when it is over", async () => {
  const { reads, traces, waiting, motions } = makePhone();
  for (let second = 0; second < 135; second += 5) await reads(fixAt(second));
  expect(traces.map((one) => [one[0], one.at(-1), one.length])).toEqual([
    [0, 55, 12],
    [60, 115, 12],
  ]);
  expect(waiting()).toBe(3);
  expect(motions).toEqual([0, 60, 120]);
});

test("[MOT10] without a connection the newest motion waits, and nothing of the trace is lost", async () => {
  const phone = makePhone();
  phone.state.online = false;
  for (let second = 0; second <= 100; second += 5) await phone.reads(fixAt(second, 1 + (second % 2) * 0.001));
  expect([phone.motions, phone.traces]).toEqual([[], []]);
  phone.state.online = true;
  phone.state.refuses = new Refusal("hub.overloaded", "no answer");
  await phone.whereabouts.send();
  expect(phone.waiting()).toBe(21);
  phone.state.refuses = undefined;
  await phone.whereabouts.send();
  // The trips of a second's fraction: the last that was worth a word.
  expect(phone.motions.length).toBe(1);
  expect(phone.traces.flat().length).toBe(12);
  expect(phone.motions[0]).toBeGreaterThan(60);
});

test("[MOT10] what the hub refuses for good stands in nobody's way", async () => {
  const phone = makePhone();
  phone.state.refuses = new Refusal("payload.invalid", "no");
  for (let second = 0; second <= 75; second += 5) await phone.reads(fixAt(second));
  phone.state.refuses = undefined;
  await phone.reads(fixAt(80, 1.001));
  expect(phone.motions).toEqual([80]);
  expect(phone.waiting()).toBe(5);
});

test("[MOT9] with a step the next fix is told, however little it says", async () => {
  const { reads, motions, whereabouts } = makePhone();
  for (const second of [0, 5, 10]) await reads(fixAt(second));
  whereabouts.stepped();
  for (const second of [15, 20]) await reads(fixAt(second));
  expect(motions).toEqual([0, 15]);
});
