import { z } from "zod";

/**
 * Parses an environment by a schema. A variable that is set to nothing counts as absent, as in a compose file.
 *
 * @throws {Error} naming every missing or malformed variable, not the first alone
 */
export function readConfig<S extends z.ZodType>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<z.output<S>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(present);
  if (!parsed.success) throw new Error(`configuration:\n${z.prettifyError(parsed.error)}`);
  return Object.freeze(parsed.data);
}
