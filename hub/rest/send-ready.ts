import type { FastifyReply, FastifyRequest } from "fastify";

import type { ReadyAnswer } from "../services/ready-answer.ts";

/**
 * Sends a text as it stands; whoever says that they have the same already is told so and sent nothing. They must ask each time:
 * nobody may show for long what a restaurant has changed. [API20]
 */
export function sendReady(request: FastifyRequest, reply: FastifyReply, { text, tag }: ReadyAnswer): FastifyReply {
  if (tag !== undefined) {
    const etag = `"${tag}"`;
    void reply.header("etag", etag).header("cache-control", "no-cache");
    if (knows(request.headers["if-none-match"], etag)) return reply.status(304).send();
  }
  return reply.type("application/json; charset=utf-8").send(text);
}

/** Weak comparison, as RFC 9110 (13.1.2) asks of If-None-Match. */
export function knows(header: string | undefined, etag: string): boolean {
  return (header ?? "").split(",").some((each) => ["*", etag].includes(each.trim().replace(/^W\//u, "")));
}
