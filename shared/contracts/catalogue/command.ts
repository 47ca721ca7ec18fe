import type { z } from "zod";

import type { ErrorCode } from "../errors.ts";
import type { Role } from "../roles.ts";

/** How somebody must stand to the thing that a command touches. The use case finds out; the table decides. */
export type Relation =
  /** Nothing more than the role (in that market, where the command names one). */
  | "role"
  /** The person's own account, shift, addresses. */
  | "self"
  /** The customer who placed the order. */
  | "own"
  /** Staff of the restaurant. */
  | "staff"
  /** The courier who holds the delivery. */
  | "assigned"
  /** The courier to whom the offer was made. */
  | "offered";

export type Namespace = "customer" | "kitchen" | "courier" | "ops";

/** One thing that the platform can be asked. Both edges, both documents and the rights test are derived from it. */
export interface Command<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
  readonly summary: string;
  /** A query changes nothing; a command is idempotent by its key. */
  readonly kind: "query" | "command";
  readonly rest: { readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string };
  /** Where it may be sent as a socket event of its own name. */
  readonly sockets: readonly Namespace[];
  readonly input: I;
  readonly output: O;
  /** `public`: no identity needed. */
  readonly rights: "public" | Readonly<Partial<Record<Role, Relation>>>;
  /** What it may refuse with, beside what every command may. */
  readonly errors: readonly ErrorCode[];
}

/** Keeps the literal types of one entry. */
export function command<I extends z.ZodObject, O extends z.ZodType>(entry: Command<I, O>): Command<I, O> {
  return entry;
}

/** Refusals that every command may give, so no entry repeats them. */
export const COMMON_ERRORS = [
  "payload.invalid",
  "payload.too-large",
  "auth.missing",
  "auth.expired",
  "right.missing",
  "idempotency.mismatch",
  "rate.limited",
  "hub.overloaded",
  "internal",
] as const satisfies readonly ErrorCode[];
