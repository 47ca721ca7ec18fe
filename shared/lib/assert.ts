/** A bug, not a refusal: thrown when something that the code guarantees does not hold. */
export function assert(holds: unknown, message: string): asserts holds {
  if (!holds) throw new Error(`assertion failed: ${message}`);
}

/** Ends an exhaustive switch: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
