/** Postgres' code for a unique index that refuses. */
const UNIQUE_VIOLATION = "23505";

/** Whether a unique index has refused: somebody was first. The driver's error may stand behind the query builder's. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  return code === UNIQUE_VIOLATION || isUniqueViolation(error.cause);
}
