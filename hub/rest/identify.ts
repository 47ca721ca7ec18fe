import type { FastifyRequest } from "fastify";

import { Refusal } from "#shared/contracts/errors.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

import type { Tokens } from "../auth/tokens.ts";

/**
 * Who a request comes from: its bearer token's word, or nobody without one.
 *
 * @throws {Refusal} `auth.expired`, `auth.missing`
 */
export function makeIdentify(tokens: Tokens): (request: FastifyRequest) => Identity | undefined {
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const [, token] = /^bearer ([\w.-]+)$/i.exec(authorization) ?? [];
    if (token === undefined) throw new Refusal("auth.missing", "the header Authorization holds no bearer token");
    return tokens.verify(token);
  };
}
