import { expect, test, vi } from "vitest";

import { backOffMs, supervise } from "./supervise.ts";
import type { Running } from "./supervise.ts";

/** A part whose processes die when the test says so. */
function fakePart(pids: readonly number[] = []) {
  const living: { die(): void; pid: number }[] = [];
  let starts = 0;
  let broken = false;
  return {
    part: {
      name: "hub-0",
      async start(): Promise<Running> {
        starts += 1;
        if (broken) throw new Error("no");
        const { promise: ended, resolve } = Promise.withResolvers<string>();
        const pid = pids[starts - 1] ?? starts;
        living.push({ pid, die: () => resolve("by SIGKILL") });
        return { pid, ended, stop: async () => resolve("with code 0") };
      },
    },
    starts: () => starts,
    dieNow: () => living.at(-1)?.die(),
    break: (is: boolean) => {
      broken = is;
    },
  };
}

test("[LOC6] the wait grows with each death in a row, up to ten seconds", () => {
  const waits = Array.from({ length: 12 }, (_, index) => backOffMs(index + 1));
  expect(waits[0]).toBe(200);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(10_000);
});

test("[LOC6] a process that dies comes back, and one that does not come up is tried again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  try {
    const said: string[] = [];
    const fake = fakePart();
    const supervised = await supervise(fake.part, (_, what) => said.push(what));
    fake.break(true);
    fake.dieNow();
    await vi.waitFor(() => expect(said).toEqual(["died"]));
    await vi.waitFor(() => {
      vi.advanceTimersByTime(200);
      expect(said).toEqual(["died", "did not come up", "died"]);
    });
    fake.break(false);
    await vi.waitFor(() => {
      vi.advanceTimersByTime(400);
      expect(said.at(-1)).toBe("restarted");
    });
    expect(supervised.pid()).toBe(fake.starts());
    await supervised.stop();
  } finally {
    vi.useRealTimers();
  }
});

test("[LOC6] of a death it is told how it came", async () => {
  const said: unknown[] = [];
  const fake = fakePart();
  const supervised = await supervise(fake.part, (...words) => said.push(words));
  fake.dieNow();
  await vi.waitFor(() => expect(said).toEqual([["hub-0", "died", "by SIGKILL"]]));
  await supervised.stop();
});

test("[LOC8] after a stop nothing is started again", async () => {
  const fake = fakePart();
  const supervised = await supervise(fake.part, () => {});
  await supervised.stop();
  expect(fake.starts()).toBe(1);
});
