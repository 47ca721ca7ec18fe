import type { CommandName } from "../contracts/catalogue/catalogue.ts";
import { Refusal } from "../contracts/errors.ts";
import type { SimCaller, SimDeps } from "./cases.ts";
import type { SimWork } from "./life.ts";

/** A command by its key: the stored answer, or `idempotency.mismatch` for another body under the same key. */
export function makeCommand(run: SimDeps["run"]): SimDeps["command"] {
  const stored = new Map<string, { readonly request: string; readonly answer: unknown }>();
  return <T>(caller: SimCaller, name: CommandName, input: unknown, work: (w: SimWork) => T): T => {
    if (caller.key === undefined) throw new Refusal("payload.invalid", "a command needs an idempotency key");
    const key = `${caller.identity?.personId}/${caller.key}`;
    const request = JSON.stringify([name, input]);
    const known = stored.get(key);
    if (known && known.request !== request) {
      throw new Refusal("idempotency.mismatch", "this key was used for another request; take a new one");
    }
    // Cast: it was stored by the same command with the same input.
    if (known) return known.answer as T;
    const answer = run(work);
    stored.set(key, { request, answer });
    return answer;
  };
}
