import type { FastifyRequest } from "fastify";

import { Refusal } from "#shared/contracts/errors.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

import type { Tokens } from "../auth/tokens.ts";

/**
 * Who a request comes from: its bearer token's word, or nobody without one. Asked again of the same request, it does not
 * check the token again.
 *
 * @throws {Refusal} `auth.expired`, `auth.missing`
 */
export function makeIdentify(tokens: Tokens): (request: FastifyRequest) => Identity | undefined {
  const known = new WeakMap<FastifyRequest, Identity>();
  return (request) => {
    const found = known.get(request);
    if (found) return found;
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const [, token] = /^bearer ([\w.-]+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new Refusal("auth.missing", "the header Authorization holds no bearer token");
    const identity = tokens.verify(token);
    known.set(request, identity);
    return identity;
  };
}
