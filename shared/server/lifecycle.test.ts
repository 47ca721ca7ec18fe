import { expect, test, vi } from "vitest";

import { endOnSignal, shutDown } from "./lifecycle.ts";
import type { Service } from "./lifecycle.ts";
import { makeLog } from "./log.ts";

const silent = makeLog("test", "silent");

function recording(names: readonly string[], log: string[]): Service[] {
  return names.map((name) => ({
    name,
    drain: async () => void log.push(`drain ${name}`),
    stop: async () => void log.push(`stop ${name}`),
  }));
}

/** A process whose signals a test sends, and whose exit it waits for. */
function fakeProcess() {
  const listeners: (() => void)[] = [];
  const codes: number[] = [];
  const { promise: exited, resolve } = Promise.withResolvers<number>();
  return {
    source: {
      on: (_: "SIGTERM" | "SIGINT", listener: () => void) => listeners.push(listener),
      exit: (code: number) => {
        codes.push(code);
        resolve(code);
      },
    },
    signal: () => listeners.forEach((listener) => listener()),
    exited,
    codes,
  };
}

test("[LIF1] everything drains, then everything stops, each in reverse", async () => {
  const log: string[] = [];
  await shutDown(recording(["pool", "redis", "http"], log), silent);
  expect(log).toEqual(["drain http", "drain redis", "drain pool", "stop http", "stop redis", "stop pool"]);
});

test("[LIF2] a service that fails, at once or later, does not keep the others up", async () => {
  const log: string[] = [];
  const broken: Service = {
    name: "broken",
    drain() {
      throw new Error("at once");
    },
    stop: () => Promise.reject(new Error("later")),
  };
  const [first, last] = recording(["first", "last"], log);
  const errors = vi.fn<() => void>();
  await shutDown(
    [first, broken, last].filter((each) => each !== undefined),
    { error: errors },
  );
  expect(log).toEqual(["drain last", "drain first", "stop last", "stop first"]);
  expect(errors).toHaveBeenCalledTimes(2);
});

test("[LIF3] many signals end everything once", async () => {
  const log: string[] = [];
  const { source, signal, exited, codes } = fakeProcess();
  endOnSignal(recording(["http"], log), silent, source);
  signal();
  signal();
  expect(await exited).toBe(0);
  expect(log).toEqual(["drain http", "stop http"]);
  expect(codes).toEqual([0]);
});

test("[LIF4] what hangs is given its time, then the process ends with 1", async () => {
  vi.useFakeTimers();
  try {
    const { source, signal, exited, codes } = fakeProcess();
    endOnSignal([{ name: "hangs", stop: () => new Promise(() => {}) }], silent, source, 5_000);
    signal();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(codes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await exited).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
