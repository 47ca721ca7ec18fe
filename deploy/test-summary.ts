/** The part of vitest's JSON report that the summary is made of. */
export interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What was counted, and which tests were left out. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

/** Counts a run. A file that failed before it had tests counts as one failure. [RUN1] */
export function summarise(report: TestReport): TestSummary {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
  );
  const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
  return {
    passed: tests.filter((test) => test.status === "passed").length,
    failed: tests.filter((test) => test.status === "failed").length + broken.length,
    skipped: skipped.map((test) => test.fullName),
  };
}
