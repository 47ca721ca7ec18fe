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
function makePhone(phase = 0) {
  const state = { online: true, nowMs: START_MS, refuses: undefined as Refusal | undefined };
  const motions: number[] = [];
  const traces: number[][] = [];
  const triedAtS: number[] = [];
  let queue: Fix[] = [];
  const secondOf = ({ takenAtMs }: Fix) => (takenAtMs - START_MS) / 1000;
  const whereabouts = makeWhereabouts({
    hub: {
      command: async (_, input) => {
        triedAtS.push((state.nowMs - START_MS) / 1000);
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
    phase,
  });
  const reads = async (fix: Fix) => {
    state.nowMs = fix.takenAtMs;
    queue.push(fix);
    whereabouts.took(fix);
    await settle();
  };
  return { state, motions, traces, triedAtS, whereabouts, reads, waiting: () => queue.length };
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
  phone.state.nowMs += 2_000;
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

test("[MOT14] each phone has its own moment of the minute for its trace", async () => {
  const sentAtS = async (phase: number) => {
    const { reads, traces, triedAtS } = makePhone(phase);
    for (let second = 0; second < 180 && traces.length === 0; second += 5) await reads(fixAt(second));
    return triedAtS.at(-1);
  };
  expect(await Promise.all([0, 0.25, 0.5, 0.999].map(sentAtS))).toEqual([70, 85, 95, 115]);
});

test("[MOT14] what is not answered is tried again after a while of the phone's own, twice as long after each failure", async () => {
  const triesOf = async (phase: number) => {
    const phone = makePhone(phase);
    phone.state.refuses = new Refusal("hub.overloaded", "no");
    for (let second = 0; second < 50; second += 1) await phone.reads(fixAt(second));
    return phone.triedAtS;
  };
  expect(await triesOf(0)).toEqual([0, 2, 6, 14, 30]);
  expect(await triesOf(0.5)).toEqual([0, 4, 12, 28]);
  const phone = makePhone(0.999);
  phone.state.refuses = new Refusal("hub.overloaded", "no");
  for (let tries = 0; tries < 12;) {
    phone.state.nowMs += 1_000;
    phone.whereabouts.took(fixAt(phone.state.nowMs / 1000 - START_MS / 1000, 1 + (phone.state.nowMs % 2_000) / 1e6));
    await settle();
    tries = phone.triedAtS.length;
  }
  const waits = phone.triedAtS.slice(1).map((second, nth) => second - (phone.triedAtS[nth] ?? 0));
  expect(Math.max(...waits)).toBe(90);
  phone.state.refuses = undefined;
  phone.state.nowMs += 90_000;
  await phone.whereabouts.send();
  expect(phone.motions.length).toBe(1);
});
