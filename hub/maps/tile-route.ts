import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

import { Refusal } from "#shared/contracts/errors.ts";
import { MAP_VERSION } from "#shared/contracts/map.ts";

import { knows } from "../rest/send-ready.ts";
import type { SentTile, Tiles } from "./tiles.ts";

const unzip = promisify(gunzip);
/** Of one address: some thirty full screens, or several people behind one address. A city has thousands. */
const TILES_PER_MINUTE = 1_200;
const YEAR_S = 365 * 24 * 3600;
const number = z
  .string()
  .regex(/^\d{1,6}$/u)
  .transform(Number);
const params = z.object({
  cityId: z.string(),
  version: z.literal(String(MAP_VERSION)),
  z: number,
  x: number,
  y: number,
});

/**
 * `GET /v1/maps/{cityId}/{version}/{z}/{x}/{y}.mvt`. The name says what is in it for ever, so whoever has it need not ask
 * again. Counted by address and apart from other requests: a map is dozens of them at once. [MAP3, MAP4, MAP7]
 */
export function tileRoute(app: FastifyInstance, tiles: Tiles, perMinute = TILES_PER_MINUTE): void {
  const rateLimit = {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: ({ ip }: FastifyRequest) => `tiles/${ip}`,
  };
  app.get("/v1/maps/:cityId/:version/:z/:x/:y.mvt", { config: { rateLimit } }, async (request, reply) => {
    const parsed = params.safeParse(request.params);
    if (!parsed.success) throw new Refusal("route.not-found", "no such tile: is it of another version?");
    const { cityId, ...place } = parsed.data;
    return send(request, reply, await tiles.tile(cityId, place));
  });
}

async function send(request: FastifyRequest, reply: FastifyReply, { body, etag }: SentTile): Promise<FastifyReply> {
  const isZipped = body !== undefined && takesGzip(request.headers["accept-encoding"]);
  // Other bytes, another tag: a strong one names the bytes that are sent.
  const tag = `"${etag}${isZipped ? "-gzip" : ""}"`;
  void reply
    .header("cache-control", `public, max-age=${YEAR_S}, immutable`)
    .header("vary", "accept-encoding")
    .header("etag", tag);
  if (knows(request.headers["if-none-match"], tag)) return reply.status(304).send();
  if (body === undefined) return reply.status(204).send();
  void reply.type("application/vnd.mapbox-vector-tile");
  if (isZipped) return reply.header("content-encoding", "gzip").send(body);
  return reply.send(await unzip(body));
}

function takesGzip(accepted: string | string[] | undefined): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))/iu.test(String(accepted ?? ""));
}
