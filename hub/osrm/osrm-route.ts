import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";

import { Refusal } from "#shared/contracts/errors.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { CityRouter } from "#shared/domain/router/graph/city-router.ts";

import { answerOf } from "./answer.ts";
import { makeLine } from "./line.ts";
import { OsrmRefusal, readQuestion } from "./question.ts";

export interface OsrmDeps {
  /** @throws {Refusal} `market.not-found`; undefined where no city holds the market */
  readonly routerAt: (marketId: string) => Promise<CityRouter | undefined>;
  readonly identify: (request: FastifyRequest) => Identity | undefined;
}

/** Questions in line, of all and of one person; a hub that asks another one asks four at a time. */
const LINE = { most: 64, ofOne: 16 } as const;

const params = z.object({ marketId: z.string().max(100), "*": z.string() });

/**
 * `GET /v1/markets/{marketId}/osrm/{service}/v1/{profile}/{coordinates}`: OSRM v1 over the market's streets, for whoever is
 * signed in. Questions that are wrong are answered in OSRM's form; who may not ask, in ours. One is worked on at a time, and
 * between its steps the process does other things. [RTR19-RTR21, RTR23]
 */
export function osrmRoute(app: FastifyInstance, { routerAt, identify }: OsrmDeps): void {
  const inLine = makeLine(LINE);
  app.get("/v1/markets/:marketId/osrm/*", async (request, reply) => {
    const person = identify(request);
    if (!person) throw new Refusal("auth.missing", "the router is for people who are signed in");
    const parsed = params.safeParse(request.params);
    if (!parsed.success) throw new Refusal("market.not-found", "there is no such market");
    const { marketId, "*": path } = parsed.data;
    const streets = await routerAt(marketId);
    try {
      const question = readQuestion(path, request.query);
      const rider = streets?.by(question.vehicle);
      if (!streets || !rider) throw new OsrmRefusal("NoSegment", "no city with streets holds this market");
      return await inLine(person.personId, () => answerOf(streets.city, rider, question));
    } catch (error) {
      if (!(error instanceof OsrmRefusal)) throw error;
      return reply.status(400).send({ code: error.code, message: error.message });
    }
  });
}
