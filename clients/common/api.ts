import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

export interface CallOptions {
  /** Names one intention: the same key gives the same answer. Without one the client makes a fresh one for a command. */
  readonly key?: string;
}

/** The hub over REST. `call` throws a `Refusal` for what the hub refused, anything else when no answer came. */
export interface Api {
  call<N extends CommandName>(name: N, input: CommandInput<N>, options?: CallOptions): Promise<CommandOutput<N>>;
}

/** Makes an {@link Api}; `token` is an access token, without it the caller is nobody in particular. */
export type MakeApi = (options: { readonly baseUrl: string; readonly token?: string }) => Api;
