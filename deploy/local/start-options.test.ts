import { expect, test } from "vitest";

import { demoEnv } from "./demo-env.ts";
import { startOptions } from "./start-options.ts";

test("[DMO11] without options the city is of its usual size at ten times the clock", () => {
  expect(startOptions([])).toMatchObject({ quiet: false, port: 3000, speed: 10, size: { hours: "always" } });
});

test("[DMO11] options are read", () => {
  const args = [
    "--quiet",
    "--port",
    "4000",
    "--speed",
    "1",
    "--couriers",
    "7",
    "--hours",
    "real",
    "--data",
    "elsewhere",
  ];
  expect(startOptions(args)).toMatchObject({
    quiet: true,
    port: 4000,
    dir: "elsewhere",
    speed: 1,
    size: { couriers: 7, hours: "real" },
  });
});

test.each([
  ["--speed", "fast"],
  ["--speed", "0"],
  ["--port", "70000"],
  ["--restaurants", "1"],
  ["--hours", "sometimes"],
])("[DMO11] %s %s is refused by name", (option, value) => {
  expect(() => startOptions([option, value])).toThrow(option);
});

test.each([1, 10, 60])(
  "[DMO8] at %d times the clock a person has time on the wall, and never less than usual",
  (speed) => {
    const { CONFIRM_WITHIN_MS, PAY_WITHIN_MS, OFFER_LIFE_MS } = demoEnv(speed);
    expect(Number(CONFIRM_WITHIN_MS) / speed).toBeGreaterThanOrEqual(90_000);
    expect(Number(PAY_WITHIN_MS) / speed).toBeGreaterThanOrEqual(180_000);
    expect(Number(OFFER_LIFE_MS) / speed).toBeGreaterThanOrEqual(20_000);
    expect(Number(CONFIRM_WITHIN_MS)).toBeGreaterThanOrEqual(300_000);
  },
);
