import { expect, test } from "vitest";

import { toMinor } from "./amount.ts";

test.for([
  ["12.50", "EUR", 1250],
  ["12,5", "EUR", 1250],
  [" 3 ", "EUR", 300],
  ["0.10", "USD", 10],
  ["500", "JPY", 500],
  ["5.5", "JPY", undefined],
  ["1.005", "EUR", undefined],
  ["0", "EUR", undefined],
  ["-3", "EUR", undefined],
  ["a", "EUR", undefined],
] as const)("%s %s is %s minor units", ([text, currency, expected]) => {
  expect(toMinor(text, currency)).toBe(expected);
});
