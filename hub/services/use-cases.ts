import type { CommandName, CommandOutput, ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { browsingCommands } from "#shared/contracts/catalogue/browsing.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

import type { ReadyAnswer } from "./ready-answer.ts";

export interface Caller {
  /** Undefined only for public commands. */
  readonly identity: Identity | undefined;
  /** `Idempotency-Key` on REST, `commandId` on a socket. */
  readonly commandId: string | undefined;
}

export type UseCase<N extends CommandName> = (caller: Caller, input: ParsedInput<N>) => Promise<Answered<N>>;

/** What anybody may look at may be answered by text that stands ready. */
type Answered<N extends CommandName> =
  | CommandOutput<N>
  | (N extends keyof typeof browsingCommands ? ReadyAnswer : never);

/** One handler for each entry of the catalogue; both edges call it. A missing one does not compile. */
export type UseCases = { readonly [N in CommandName]: UseCase<N> };
