import { expect, test } from "vitest";

import { summarise } from "./test-summary.ts";

const file = (status: string, ...tests: [string, string][]) => ({
  name: "a.test.ts",
  status,
  assertionResults: tests.map(([state, fullName]) => ({ status: state, fullName })),
});

test("[RUN1] passed, failed and skipped tests are counted, and the skipped ones named", () => {
  const report = {
    success: false,
    testResults: [
      file("failed", ["passed", "one"], ["failed", "two"]),
      file("passed", ["skipped", "three"], ["pending", "four"], ["todo", "five"], ["passed", "six"]),
    ],
  };
  expect(summarise(report)).toEqual({ passed: 2, failed: 1, skipped: ["three", "four", "five"] });
});

test("[RUN1] a file that does not load is a failure", () => {
  expect(summarise({ success: false, testResults: [file("failed")] })).toEqual({ passed: 0, failed: 1, skipped: [] });
});
