import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import scalar from "@scalar/fastify-api-reference";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { Refusal } from "#shared/contracts/errors.ts";
import type { Log } from "#shared/server/log.ts";

import type { Tokens } from "./auth/tokens.ts";
import { tileRoute } from "./maps/tile-route.ts";
import type { Tiles } from "./maps/tiles.ts";
import { osrmRoute, type OsrmDeps } from "./osrm/osrm-route.ts";
import { deriveRoutes } from "./rest/derive.ts";
import { healthRoutes, type HealthDeps } from "./rest/health.ts";
import { makeIdentify } from "./rest/identify.ts";
import { measureRequests } from "./rest/measure.ts";
import { openApiDocument } from "./rest/openapi.ts";
import { pageFor, sendPage, servePages, type Page } from "./rest/pages.ts";
import { problemFrom } from "./rest/problem.ts";
import { DOCS_POLICY, pagePolicy } from "./rest/security-headers.ts";
import { webhookRoute, type HandleWebhook } from "./rest/webhook.ts";
import type { UseCases } from "./services/use-cases.ts";
import { TRUSTED_PROXIES } from "./sockets/admission.ts";

/** What clients must know of a deployment before anybody signs in: `GET /v1/config`. */
export interface PublicConfig {
  readonly paymentsMode: "stripe" | "sandbox";
  readonly publishableKey: string;
  /** Where the browser confirms a payment, without a slash at the end. */
  readonly paymentApiBase: string;
  /** Deployment seconds in a wall second. */
  readonly clockRate: number;
}

export interface AppSettings {
  readonly origins: readonly string[];
  /** Of one person, or of one address for callers without a session. */
  readonly requestsPerMinute: number;
  /** Sign-ins and registrations of one address: each costs a password hash. */
  readonly signInsPerMinute: number;
  /** REST and pages are left out in a hub that is there for sockets alone. */
  readonly rest: boolean;
}

export interface AppDeps {
  readonly log: Log;
  readonly tokens: Tokens;
  readonly useCases: UseCases;
  readonly handleWebhook: HandleWebhook;
  readonly health: HealthDeps;
  readonly publicConfig: PublicConfig;
  /** Deployment time, epoch ms: the screens' clocks go by it. */
  readonly nowMs: () => number;
  readonly pages: readonly Page[];
  /** Of the base map; none are served without. */
  readonly tiles?: Tiles;
  /** Streets of markets, asked in OSRM's way; not served without. */
  readonly routerAt?: OsrmDeps["routerAt"];
  /** The sockets' document, shown beside the REST edge's. */
  readonly asyncApi?: () => unknown;
  readonly settings: AppSettings;
}

const BODY_LIMIT = 256 * 1024;
/** Wall ms for a whole request to arrive: who sends it byte by byte holds no connection for ever. */
const REQUEST_MS = 30_000;

/** The REST edge of a hub, ready to listen; nothing is started. [API1-API14] */
export async function makeApp(deps: AppDeps): Promise<FastifyInstance> {
  const { log, settings } = deps;
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
    trustProxy: TRUSTED_PROXIES,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error, log),
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    },
  });
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error, log));
  measureRequests(app, deps.health.metrics);
  app.addHook("onSend", (_request, reply, payload, done) => {
    // A connection that stays open would keep the server from closing until its idle time is over.
    if (deps.health.draining()) void reply.header("connection", "close");
    done(null, payload);
  });
  healthRoutes(app, deps.health);
  if (!settings.rest) {
    app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request), log));
    return app;
  }
  const identify = makeIdentify(deps.tokens);
  await shield(app, deps, identify);
  app.get("/v1/config", () => ({ ...deps.publicConfig, nowMs: deps.nowMs() }));
  await documents(app, deps.asyncApi);
  await webhookRoute(app, deps.handleWebhook);
  deriveRoutes(app, { useCases: deps.useCases, identify, signInsPerMinute: settings.signInsPerMinute });
  if (deps.tiles) tileRoute(app, deps.tiles);
  if (deps.routerAt) osrmRoute(app, { routerAt: deps.routerAt, identify });
  const pages = await servePages(app, deps.pages);
  app.setNotFoundHandler((request, reply) => {
    const page = pageFor(pages, request);
    return page ? sendPage(reply, page) : sendProblem(reply, notFound(request), log);
  });
  return app;
}

/** Headers, origins, and how much one caller may ask. */
async function shield(app: FastifyInstance, deps: AppDeps, identify: ReturnType<typeof makeIdentify>): Promise<void> {
  const { settings, publicConfig } = deps;
  await app.register(helmet, { contentSecurityPolicy: false });
  const policy = pagePolicy(publicConfig);
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("content-security-policy", request.url.startsWith("/docs") ? DOCS_POLICY : policy);
    done();
  });
  await app.register(cors, {
    origin: [...settings.origins],
    methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["authorization", "content-type", "idempotency-key"],
    exposedHeaders: ["retry-after"],
    maxAge: 600,
  });
  await app.register(rateLimit, {
    max: settings.requestsPerMinute,
    timeWindow: 60_000,
    allowList: (request) => !request.url.startsWith("/v1/"),
    keyGenerator: (request) => callerKey(identify, request),
    errorResponseBuilder: (_request, { after }) =>
      new Refusal("rate.limited", `too many requests; try again in ${after}`),
  });
}

function callerKey(identify: ReturnType<typeof makeIdentify>, request: FastifyRequest): string {
  try {
    return identify(request)?.personId ?? request.ip;
  } catch (error) {
    // A token that is not good makes nobody; the handler refuses it.
    if (error instanceof Refusal) return request.ip;
    throw error;
  }
}

async function documents(app: FastifyInstance, asyncApi: AppDeps["asyncApi"]): Promise<void> {
  let openApi: ReturnType<typeof openApiDocument> | undefined;
  // Made when somebody reads it: it is a twelfth of all that a hub does before it listens.
  app.get("/docs/openapi.json", () => (openApi ??= openApiDocument()));
  if (asyncApi) app.get("/docs/asyncapi.json", () => asyncApi());
  await app.register(scalar, {
    routePrefix: "/docs",
    configuration: { url: "/docs/openapi.json", pageTitle: "Tiffin API", withDefaultFonts: false, telemetry: false },
  });
}

function notFound(request: FastifyRequest): Refusal {
  return new Refusal("route.not-found", `nothing answers ${request.method} at this address`);
}

/** Answers with problem details. What nobody meant is logged; its text stays inside. [API7, API8] */
function sendProblem(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const { problem, bug } = problemFrom(error);
  if (bug) log.error({ error, route: reply.request.routeOptions.url }, "request failed");
  if (problem.status === 503) void reply.header("retry-after", "1");
  return reply.status(problem.status).type("application/problem+json").send(problem);
}
