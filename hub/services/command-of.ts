import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { PersonCommand } from "#shared/server/db/kept-commands.ts";

import { identityOf } from "./orders/who.ts";
import type { Caller } from "./use-cases.ts";

/** A command as the store remembers it, so that its repetition gets its answer. */
export function commandOf(caller: Caller, name: CommandName, input: unknown): PersonCommand {
  return { personId: identityOf(caller).personId, key: caller.commandId, name, input };
}
