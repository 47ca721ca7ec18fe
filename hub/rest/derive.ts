import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { Command } from "#shared/contracts/catalogue/command.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { commandId } from "#shared/contracts/ids.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { mayCall, type Facts } from "#shared/domain/rights/rights.ts";

import { ReadyAnswer } from "../services/ready-answer.ts";
import type { Caller, UseCases } from "../services/use-cases.ts";
import { refuseUnclean } from "./clean-input.ts";
import { sendReady } from "./send-ready.ts";

export interface DeriveDeps {
  readonly useCases: UseCases;
  /** Who a request comes from. @throws {Refusal} when it carries a token that is not good */
  readonly identify: (request: FastifyRequest) => Identity | undefined;
  /** Of one address, for the two commands that cost a password hash without asking who it is. */
  readonly signInsPerMinute: number;
}

const SIGN_INS: readonly CommandName[] = ["account.register", "session.open"];

/** A use case as the edge sees it: by its name alone, its types are not known. */
type AnyUseCase = (caller: Caller, input: unknown) => Promise<unknown>;

/**
 * One route for every entry of the catalogue: who, form, right, use case, form of the answer. Answers are 200 with a
 * body, always. [API1-API5]
 */
export function deriveRoutes(app: FastifyInstance, deps: DeriveDeps): void {
  for (const [name, entry] of entriesOf(CATALOGUE)) {
    // Cast: it is called with input that this entry's schema parsed.
    const useCase = deps.useCases[name] as AnyUseCase;
    app.route({
      method: entry.rest.method,
      url: entry.rest.path.replaceAll(/\{(\w+)\}/g, ":$1"),
      ...(SIGN_INS.includes(name) ? { config: { rateLimit: signInLimit(deps.signInsPerMinute) } } : {}),
      handler: async (request, reply) => {
        const identity = entry.rights === "public" ? undefined : deps.identify(request);
        if (entry.rights !== "public" && !identity) throw new Refusal("auth.missing", "sign in first");
        const caller = { identity, commandId: keyOf(request, entry) };
        const input = parseInput(entry, inputOf(request));
        mayCall(identity, name, factsOf(input));
        const answer = await useCase(caller, input);
        return answer instanceof ReadyAnswer ? sendReady(request, reply, answer) : entry.output.parse(answer);
      },
    });
  }
}

function signInLimit(max: number) {
  return { max, timeWindow: 60_000, keyGenerator: (request: FastifyRequest) => `sign-in/${request.ip}` };
}

function entriesOf(catalogue: typeof CATALOGUE): [CommandName, Command][] {
  // Cast: entries() forgets the key type.
  return Object.entries(catalogue) as [CommandName, Command][];
}

/** Commands of somebody are idempotent by their key; without one a lost reply could not be asked for again. */
function keyOf(request: FastifyRequest, entry: Command): string | undefined {
  if (entry.kind === "query" || entry.rights === "public") return undefined;
  const key = commandId.safeParse(request.headers["idempotency-key"]);
  if (!key.success) throw new Refusal("payload.invalid", "the header Idempotency-Key is needed, 8 to 128 characters");
  return key.data;
}

/** Query or body as one flat object; what the path says counts. */
function inputOf(request: FastifyRequest): Record<string, unknown> {
  const reads = request.method === "GET" || request.method === "DELETE";
  const rest = reads ? request.query : (request.body ?? {});
  if (typeof rest !== "object" || rest === null || Array.isArray(rest)) {
    throw new Refusal("payload.invalid", "the body is not an object");
  }
  const params = request.params;
  return { ...rest, ...(typeof params === "object" ? params : {}) };
}

/**
 * The input in the command's form; unknown fields are left out.
 *
 * @throws {Refusal} `payload.invalid`, saying every field that is wrong and never what was in it
 */
export function parseInput(entry: Command, input: unknown): Record<string, unknown> {
  refuseUnclean(input);
  const parsed = entry.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues
    .slice(0, 10)
    .map((issue) => `${z.core.toDotPath(issue.path) || "input"}: ${issue.message}`);
  throw new Refusal("payload.invalid", wrong.join("; "));
}

/** Where a command happens, as far as its input says. */
export function factsOf(input: Readonly<Record<string, unknown>>): Facts {
  const { marketId, restaurantId } = input;
  return {
    marketId: typeof marketId === "string" ? marketId : undefined,
    restaurantId: typeof restaurantId === "string" ? restaurantId : undefined,
  };
}
