import { failedWith } from "#shared/lib/causes.ts";

/** Postgres' code for a unique index that refuses. */
const UNIQUE_VIOLATION: ReadonlySet<string> = new Set(["23505"]);

/** Whether a unique index has refused: somebody was first. */
export function isUniqueViolation(error: unknown): boolean {
  return failedWith(error, UNIQUE_VIOLATION);
}
