import type { Command } from "#shared/contracts/catalogue/command.ts";

import { sampleOf } from "./sample.ts";

/** Values of which every field refuses some, as they look in JSON. */
const WRONG = [null, "", "not it \0", -1, 0.5, true, [], { a: 1 }, [[1]], "x".repeat(5_000), Number.MAX_SAFE_INTEGER];

/**
 * Inputs that the entry's own schema refuses, one field at a time.
 *
 * @param textsOf for a field that can only be text where it travels (a path, a query): what to try; undefined elsewhere
 */
export function wrongInputs(
  entry: Command,
  textsOf: (field: string) => readonly string[] | undefined = () => undefined,
): { readonly field: string; readonly input: object }[] {
  const good = sampleOf(entry.input) as Record<string, unknown>; // Cast: inputs are objects.
  return Object.keys(entry.input.shape).flatMap((field) => {
    const texts = textsOf(field);
    const inputs = (texts ?? WRONG).map((value) => ({ ...good, [field]: value }));
    if (field in good && !texts) {
      const { [field]: _, ...without } = good;
      inputs.push(without);
    }
    return inputs.filter((input) => !entry.input.safeParse(input).success).map((input) => ({ field, input }));
  });
}
