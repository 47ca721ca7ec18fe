import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";

import type { Gate, Weight } from "../gate.ts";
import type { Caller, UseCases } from "./use-cases.ts";

/** Commands that bring new work, or wait for somebody outside: they give way to what is under way. */
const ASKING: ReadonlySet<CommandName> = new Set(["order.place", "account.register", "session.open"]);

/** The same use cases behind the hub's door. [LOD1] */
export function admitted(useCases: UseCases, gate: Gate): UseCases {
  // Cast: keys() forgets the catalogue's names.
  const names = Object.keys(CATALOGUE) as CommandName[];
  const behind = names.map((name) => {
    // Cast: by its name alone a use case's types are not known.
    const useCase = useCases[name] as (caller: Caller, input: unknown) => Promise<unknown>;
    const weight = weightOf(name);
    return [name, (caller: Caller, input: unknown) => gate.run(weight, () => useCase(caller, input))] as const;
  });
  // Cast: one for each entry, made above.
  return Object.fromEntries(behind) as unknown as UseCases;
}

export function weightOf(name: CommandName): Weight {
  return CATALOGUE[name].kind === "query" || ASKING.has(name) ? "asks" : "moves";
}
