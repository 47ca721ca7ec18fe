import { z } from "zod";

import type { CommandOutput } from "../../../shared/contracts/catalogue/catalogue.ts";
import { keepSession, type ActorSession } from "../../actors/session.ts";
import { deploymentOf, type Deployment } from "./deployment.ts";

/** What Artillery gives to a function of a scenario, as far as it is used here. */
export interface VirtualUser {
  /** The scenario's variables; what is set here can be written as `{{ name }}` in the steps that follow. */
  readonly vars: Record<string, unknown>;
}

/** Artillery's own emitter: what is said here stands in its report, and `ensure` can ask for it. */
export interface Report {
  emit(kind: "counter" | "histogram", name: string, value: number): unknown;
}

export interface Login {
  readonly email: string;
  readonly password: string;
}

const target = z.object({ target: z.url() });

export async function deploymentFor({ vars }: VirtualUser): Promise<Deployment> {
  return await deploymentOf(target.parse(vars).target);
}

/** Writes down who signs in, and where, for the scenario's next steps. */
export function introduce({ vars }: VirtualUser, { marketId }: Deployment, login: Login): void {
  Object.assign(vars, { marketId, ...login });
}

const signedIn = z.object({ email: z.string(), password: z.string(), session: z.object({ accessToken: z.string() }) });

/** The session that a step before has opened and captured as `session`; it renews itself from now on. */
export function sessionOf({ vars }: VirtualUser, { hubUrls }: Deployment): ActorSession {
  const { email, password } = signedIn.parse(vars);
  // Cast: what the hub answered to `session.open` or `account.register`.
  return keepSession({ hubUrls, email, password }, vars["session"] as CommandOutput<"session.open">);
}

interface Answered {
  readonly statusCode: number;
  readonly body?: unknown;
}

const problem = z.object({ code: z.union([z.string(), z.number()]) });

/**
 * Ends a scenario at the first refusal. The report counts it under the hub's own code.
 *
 * @throws Error with that code
 */
export async function mustBeAnswered(
  request: { readonly name?: string },
  { statusCode, body }: Answered,
): Promise<void> {
  if (statusCode < 400) return;
  const { data } = problem.safeParse(jsonOf(body));
  throw new Error(`${request.name ?? "request"} ${data?.code ?? statusCode}`);
}

function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined; // A proxy's page: the status tells enough.
  }
}

export async function pauseS(seconds: number): Promise<void> {
  await new Promise((done) => setTimeout(done, seconds * 1_000));
}
