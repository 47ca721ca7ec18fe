import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { failureBody, StripeFailure } from "./failure.ts";
import { OPERATIONS } from "./operations.ts";
import type { Operation } from "./operations.ts";
import type { ApiAnswer, ApiRequest } from "./pipeline.ts";

/** Stripe.js calls from any page. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE",
  "access-control-allow-headers": "authorization, content-type, idempotency-key, stripe-version, stripe-account",
  "access-control-expose-headers": "request-id, idempotent-replayed, stripe-version",
  "access-control-max-age": "300",
} as const;

type Answering = (operation: Operation, request: ApiRequest) => Promise<ApiAnswer>;

/** Puts Stripe's operations on the server, with CORS, and Stripe's words for paths that do not exist. */
export function apiRoutes(app: FastifyInstance, answer: Answering): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(CORS);
  });
  app.options("*", (_request, reply) => reply.code(204).send());
  for (const operation of OPERATIONS)
    app.route({
      method: operation.method,
      url: operation.path,
      handler: async (request, reply) => respond(request, reply, await answer(operation, read(request))),
    });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const failure = new StripeFailure(404, {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${request.method}: ${path}). The sandbox speaks a part of Stripe's API only.`,
    });
    return reply.code(404).type("application/json").send(failureBody(failure));
  });
  app.setErrorHandler((error, _request, reply) => {
    const refused = error instanceof StripeFailure ? error : undefined;
    const tooLarge = error instanceof Error && "statusCode" in error && error.statusCode === 413;
    // A bug of the sandbox must not look like a refusal by Stripe: it is a 500 that names itself.
    const failure =
      refused ?? new StripeFailure(tooLarge ? 413 : 500, { type: "api_error", message: `Sandbox: ${String(error)}` });
    return reply.code(failure.status).type("application/json").send(failureBody(failure));
  });
}

function read(request: FastifyRequest): ApiRequest {
  const at = request.url.indexOf("?");
  // Cast: the routes above have at most one parameter, `id`.
  const { id = "" } = request.params as { id?: string };
  return {
    path: at < 0 ? request.url : request.url.slice(0, at),
    id,
    query: at < 0 ? "" : request.url.slice(at + 1),
    body: typeof request.body === "string" ? request.body : "",
    authorization: request.headers.authorization,
    idempotencyKey: header(request, "idempotency-key"),
    version: header(request, "stripe-version"),
  };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function respond(request: FastifyRequest, reply: FastifyReply, answer: ApiAnswer): FastifyReply {
  if (answer.kind === "answer")
    return reply.code(answer.status).headers(answer.headers).type("application/json").send(answer.body);
  reply.hijack();
  if (answer.kind === "lost") request.raw.socket.destroy();
  return reply;
}
