import type { CommandName, CommandOutput, ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

export interface Caller {
  /** Undefined only for public commands. */
  readonly identity: Identity | undefined;
  /** `Idempotency-Key` on REST, `commandId` on a socket. */
  readonly commandId: string | undefined;
}

export type UseCase<N extends CommandName> = (caller: Caller, input: ParsedInput<N>) => Promise<CommandOutput<N>>;

/** One handler for each entry of the catalogue; both edges call it. A missing one does not compile. */
export type UseCases = { readonly [N in CommandName]: UseCase<N> };
