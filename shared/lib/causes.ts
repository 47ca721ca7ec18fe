/** An error's causes are followed so far. */
const DEPTH = 4;

/** The error and what stands behind it: the query builder's error has the driver's as its cause, `fetch`'s the network's. */
export function* causesOf(error: unknown): Iterable<Error> {
  for (let cause = error, depth = 0; cause instanceof Error && depth < DEPTH; cause = cause.cause, depth += 1)
    yield cause;
}

/** Whether it failed with one of these codes, of Postgres, its driver or the network. */
export function failedWith(error: unknown, codes: ReadonlySet<string>): boolean {
  for (const cause of causesOf(error)) {
    if ("code" in cause && typeof cause.code === "string" && codes.has(cause.code)) return true;
  }
  return false;
}
