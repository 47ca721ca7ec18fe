import { createHash } from "node:crypto";

import type { Decision } from "../play/book.ts";

/** One line for each decision, by time; those of one moment by who and what, so that their order is no chance. */
export function decisionLines(decisions: readonly Decision[]): string[] {
  return decisions
    .map(({ atMs, who, what, ordinal, value }) => ({ atMs, line: `${atMs} ${who} ${what} ${ordinal} ${value}` }))
    .toSorted((a, b) => a.atMs - b.atMs || (a.line < b.line ? -1 : a.line > b.line ? 1 : 0))
    .map(({ line }) => line);
}

/** SHA-256 over the lines: the same for the same decisions at the same times. [TWN1] */
export function logHash(decisions: readonly Decision[]): string {
  const hash = createHash("sha256");
  for (const line of decisionLines(decisions)) hash.update(line).update("\n");
  return hash.digest("hex");
}
