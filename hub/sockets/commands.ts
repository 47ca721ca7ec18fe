import { z } from "zod";

import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { Command, Namespace } from "#shared/contracts/catalogue/command.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { commandId as commandIdSchema } from "#shared/contracts/ids.ts";
import { quickMotion, quickTrace } from "#shared/contracts/quick-reads.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";

import { refuseUnclean } from "../rest/clean-input.ts";
import type { Caller, UseCases } from "../services/use-cases.ts";

export type CommandHandler = (caller: Identity, payload: unknown, reply: (data: unknown) => void) => Promise<void>;

/** What phones say many times a second. */
const READ_BY_HAND: Readonly<Partial<Record<CommandName, (payload: unknown) => object | undefined>>> = {
  "motion.push": quickMotion,
  "trace.push": quickTrace,
};

const withCommandId = z.looseObject({ commandId: commandIdSchema });

/** Names of the catalogue's entries that may be sent in a namespace. */
export function commandsOf(namespace: Namespace): CommandName[] {
  // Cast: keys() forgets the catalogue's names.
  const names = Object.keys(CATALOGUE) as CommandName[];
  return names.filter((name) => CATALOGUE[name].sockets.includes(namespace));
}

/** One handler for each command of the namespace, whoever sends it: parse, ask for the right, call, answer. [RTM15] */
export function bindCommands(namespace: Namespace, useCases: UseCases): Record<string, CommandHandler> {
  return Object.fromEntries(commandsOf(namespace).map((name) => [name, bind(name, useCases)]));
}

function bind(name: CommandName, useCases: UseCases): CommandHandler {
  const entry: Command = CATALOGUE[name];
  // Cast: a name and its use case belong together; the parse gives the use case its own input.
  const useCase = useCases[name] as (caller: Caller, input: unknown) => Promise<unknown>;
  return async (identity, payload, reply) => {
    const commandId = entry.kind === "command" ? parsed(withCommandId, payload).commandId : undefined;
    const input = READ_BY_HAND[name]?.(payload) ?? parsed(entry.input, payload);
    mayCall(identity, name, idsIn(input));
    reply(await useCase({ identity, commandId }, input));
  };
}

/** What a right may depend on, of an input that has been parsed. */
function idsIn(input: unknown): { readonly marketId?: string; readonly restaurantId?: string } {
  return typeof input === "object" && input !== null ? input : {};
}

/** @throws Refusal `payload.invalid`, saying where */
export function parsed<S extends z.ZodType>(schema: S, payload: unknown): z.output<S> {
  refuseUnclean(payload);
  const result = schema.safeParse(payload);
  if (!result.success) throw new Refusal("payload.invalid", z.prettifyError(result.error));
  return result.data;
}
