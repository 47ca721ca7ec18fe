import { z } from "zod";

import { CATALOGUE, type CommandName } from "../contracts/catalogue/catalogue.ts";
import type { Command } from "../contracts/catalogue/command.ts";
import { problemOf, Refusal, type Problem } from "../contracts/errors.ts";
import { commandId } from "../contracts/ids.ts";
import { mayCall } from "../domain/rights/rights.ts";
import type { SimCaller, SimCases } from "./cases.ts";

/** Parses, asks for the right, calls: the way of every request, by REST or by socket. */
export type SimEdge = (name: string, caller: SimCaller, payload: unknown) => unknown;

/** @returns an edge that throws a {@link Refusal} and nothing else, but for bugs */
export function makeSimEdge(cases: SimCases): SimEdge {
  return (name, caller, payload) => {
    if (!isCommand(name)) throw new Refusal("route.not-found", `there is no ${name} in this API`);
    const entry: Command = CATALOGUE[name];
    // Cast: a name and its case belong together; the parse gives the case its own input.
    const answer = cases[name] as ((asked: SimCaller, input: unknown) => unknown) | undefined;
    if (!answer) throw new Refusal("route.not-found", `the simulated platform does not know ${name}`);
    const input = parsed(entry.input, payload);
    mayCall(caller.identity, name, input);
    if (entry.kind === "command" && entry.rights !== "public" && !commandId.safeParse(caller.key).success) {
      throw new Refusal("payload.invalid", "a command needs an idempotency key");
    }
    return answer(caller, input);
  };
}

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(CATALOGUE, name);
}

/** @throws {Refusal} `payload.invalid`, saying where */
export function parsed<S extends z.ZodType>(schema: S, payload: unknown): z.output<S> {
  const result = schema.safeParse(payload);
  if (!result.success) throw new Refusal("payload.invalid", z.prettifyError(result.error));
  return result.data;
}

/** A refusal as a peer sees it. A bug is no refusal: it ends the run. */
export function problemFor(error: unknown): Problem {
  if (error instanceof Refusal) return problemOf(error.code, error.message);
  throw error;
}
