import { existsSync } from "node:fs";
import { join } from "node:path";

import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** A built client: where its files are, and the path under which it is shown, with slashes at both ends. */
export interface Page {
  readonly dist: string;
  readonly prefix: string;
}

/** Vite names files in this folder by their content. */
const HASHED = /[/\\]assets[/\\]/u;
const YEAR_S = 365 * 24 * 3600;

/** Serves built clients. Files named by their content are kept for a year; everything else is asked for again. [API13] */
export async function servePages(app: FastifyInstance, pages: readonly Page[]): Promise<Page[]> {
  const built = pages.filter(({ dist }) => existsSync(join(dist, "index.html")));
  for (const [index, { dist, prefix }] of built.entries()) {
    await app.register(fastifyStatic, {
      root: dist,
      prefix,
      decorateReply: index === 0,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const kept = HASHED.test(path) ? `public, max-age=${YEAR_S}, immutable` : "no-cache";
        void reply.header("cache-control", kept);
      },
    });
  }
  return built;
}

/** A path inside a client that is no file: the client's own router knows it. Undefined for the API and for data. */
export function pageFor(pages: readonly Page[], request: FastifyRequest): Page | undefined {
  const { method, url } = request;
  if (method !== "GET" || /^[/](v1|docs|socket[.]io)([/?]|$)/u.test(url)) return undefined;
  if (!(request.headers.accept ?? "").includes("text/html")) return undefined;
  // The longest prefix first: `/courier/` before `/`.
  return pages.toSorted((a, b) => b.prefix.length - a.prefix.length).find(({ prefix }) => `${url}/`.startsWith(prefix));
}

export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply
    .header("cache-control", "no-cache")
    .type("text/html")
    .sendFile("index.html", page.dist, { cacheControl: false });
}
