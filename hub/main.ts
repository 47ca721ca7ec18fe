import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { collectDefaultMetrics, Registry } from "prom-client";

import { projectEvent } from "#shared/domain/rights/projection.ts";
import { loadCities } from "#shared/server/city/cities.ts";
import { readHubConfig } from "#shared/server/config/hub-config.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { memoryInRedis } from "#shared/server/realtime/memory-in-redis.ts";
import { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { LOOK_EVERY_MS, makeBelieved } from "#shared/server/eta/believed.ts";
import { makeMarketReader } from "#shared/server/life/etas.ts";
import { makeSettle } from "#shared/server/life/settle.ts";
import { closesAt, makeAuthoriseWatch, snapshotOf } from "#shared/server/life/watching.ts";
import { endOnSignal, type Service } from "#shared/server/lifecycle.ts";
import { makeLog } from "#shared/server/log.ts";
import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import { makeQueues } from "#shared/server/queue/queues.ts";
import { makeArrivals } from "#shared/server/realtime/arrivals.ts";
import { makeEventStore } from "#shared/server/realtime/event-store.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { makePositionOutbox } from "#shared/server/realtime/position-outbox.ts";
import { makePublisher } from "#shared/server/realtime/publish.ts";
import { connectRedis, type RedisUse } from "#shared/server/redis/connect.ts";
import { etaPriorsFrom, makeCityRouters, routerFrom } from "#shared/server/routing/routers.ts";
import { repeat } from "#shared/server/repeat.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import { makeApp } from "./app.ts";
import { makePasswords } from "./auth/passwords.ts";
import { makeRefreshTokens } from "./auth/refresh-tokens.ts";
import { makeTokens } from "./auth/tokens.ts";
import { makeGate } from "./gate.ts";
import { makeTiles } from "./maps/tiles.ts";
import { measureGate } from "./rest/measure.ts";
import { startRealtime, type Realtime } from "./realtime/realtime.ts";
import { makeSessions } from "./services/accounts/sessions.ts";
import { admitted } from "./services/admitted.ts";
import { makeUseCases } from "./services/all-use-cases.ts";
import { makeShown } from "./services/browsing/shown.ts";
import { makeWebhook } from "./services/orders/webhook.ts";
import { asyncApiOf } from "./sockets/asyncapi.ts";
import { buildIo, type Io } from "./sockets/io.ts";

/** Wall ms for which requests under way and connections that end are waited for, and between two looks for idle ones. */
const HTTP_ENDS_WITHIN_MS = 8_000;
const SWEEP_EVERY_MS = 250;
/**
 * Who knocks while the hub is busy waits in the kernel, and is taken one in each turn of the loop; who finds no place there knocks again after
 * one, three and seven seconds, though the hub may be idle then. These are some eight seconds of a storm on a busy machine: well
 * within the twenty for which a client waits. [RTM73]
 */
const KNOCKING_AT_MOST = 2_048;
const config = readHubConfig(process.env);
const log = makeLog("hub", config.LOG_LEVEL);
const clock = makeSystemClock(config);
const cities = loadCities(config.CITY_DIR);
log.info({ cities: cities.all.map(({ meta }) => meta.name) }, "cities");
const wall = makeSystemClock({ CLOCK_RATE: 1 });
const metrics = new Registry();
collectDefaultMetrics({ register: metrics });

const db = connectDb(config.DATABASE_URL, { max: config.DATABASE_POOL, name: "tiffin-hub" });
const redis = (use: RedisUse, name: string) =>
  connectRedis(config.REDIS_LIVE_URL.join(","), use, name, (error) =>
    log.warn({ error: error.message, name }, "live redis"),
  );
const clients = {
  events: redis("events", "hub-events"),
  eventsSubscriber: redis("subscriber", "hub-events-subscriber"),
  positions: redis("positions", "hub-positions"),
  positionsSubscriber: redis("subscriber", "hub-positions-subscriber"),
};
const arrivals = makeArrivals(() => wall.nowMs());
const publisher = makePublisher({
  arrivals,
  events: clients.events,
  positions: clients.positions,
  onLost: (error) => log.debug({ error }, "a publish was lost; followers repair it"),
});
const queues = makeQueues(config.REDIS_QUEUE_URL, clock.rate, log);
const last = makeLastPositions(clients.positions);
const outbox = makePositionOutbox({ last, publisher, clock: wall });

const provider = makeStripeProvider({
  secretKey: config.STRIPE_SECRET_KEY ?? "",
  webhookSecret: config.STRIPE_WEBHOOK_SECRET ?? "",
  ...(config.STRIPE_API_BASE === undefined ? {} : { apiBase: config.STRIPE_API_BASE }),
  timeoutMs: 10_000,
});
const cityRouterAt = makeCityRouters(cities);
const routerOf = routerFrom(config, { cityRouterAt, log, metrics });
const believed = makeBelieved({ db, redis: clients.positions, priors: etaPriorsFrom(config), log });
const market = makeMarketReader(routerOf, (marketId) => believed.of(marketId));
const shown = makeShown({ db, wall, market });
const uow = makeUnitOfWork({
  db,
  clock,
  announce: (events) => {
    void publisher.publish(events);
    shown.told(events);
    try {
      realtime?.committed(events);
    } catch (error) {
      // The commit stands, and the publish comes back to whoever is here.
      log.error({ error }, "what was committed could not be told here");
    }
  },
  hint: (job) => queues.hintJob(job),
});
const settle = makeSettle({ db, uow, provider, market, confirmWithinMs: config.CONFIRM_WITHIN_MS });
const tokens = makeTokens(config.JWT_SECRET, () => wall.nowMs());
const sessions = makeSessions({
  db,
  tokens,
  refreshTokens: makeRefreshTokens(config.JWT_SECRET),
  wallNowMs: () => wall.nowMs(),
});
/** Streams and sockets, where this hub serves them. */
let realtime: Realtime | undefined;
/** Moves a courier's sockets of this hub to another zone's room, once there are sockets. */
let moveCourier: Io["moveCourier"] = () => {};
const gate = makeGate(config.REQUESTS_AT_ONCE);
measureGate(gate, metrics);
const useCases = admitted(
  makeUseCases({
    db,
    uow,
    clock,
    wall,
    market,
    settle,
    settings: {
      payWithinMs: config.PAY_WITHIN_MS,
      confirmWithinMs: config.CONFIRM_WITHIN_MS,
      concludeAfterMs: config.CONCLUDE_AFTER_MS,
    },
    hintRound: (marketId) => queues.hintRound(marketId),
    // Two of the thread pool's four: the others stay free for files and names.
    passwords: makePasswords({ atOnce: 2, waiting: 256 }, config.PASSWORD_HASH),
    sessions,
    last,
    outbox,
    cities,
    shown,
    onZone: (personId, marketId, zone) => moveCourier(personId, marketId, zone),
    headNow: (stream) => realtime?.rooms.headNow(stream),
  }),
  gate,
);

/** Wall ms that a hub has for its end, when it takes no more work. */
const ENDS_WITHIN_MS = 20_000;
let draining = false;
let closed: Promise<void> | undefined;
const servesRest = config.HUB_ROLE !== "realtime";
const clientsFolder = config.CLIENT_DIST ?? fileURLToPath(new URL("../clients", import.meta.url));
const app = await makeApp({
  log,
  tokens,
  useCases,
  handleWebhook: makeWebhook({ db, provider, settle, clock }),
  health: {
    checks: { postgres: () => db.sql`select 1`, redis: () => clients.events.ping() },
    draining: () => draining,
    metrics,
  },
  publicConfig: {
    paymentsMode: config.PAYMENTS,
    publishableKey: config.STRIPE_PUBLISHABLE_KEY ?? "",
    paymentApiBase: (config.STRIPE_API_BASE ?? "https://api.stripe.com").replace(/\/+$/u, ""),
    clockRate: clock.rate,
  },
  nowMs: () => clock.nowMs(),
  pages: [
    { dist: join(clientsFolder, "web/dist"), prefix: "/" },
    { dist: join(clientsFolder, "courier/dist"), prefix: "/courier/" },
  ],
  ...(servesRest ? { tiles: makeTiles(cities.all) } : {}),
  routerAt: async (marketId) => cityRouterAt((await market(db.orm, marketId)).center),
  asyncApi: () => asyncApiOf("1"),
  settings: {
    origins: config.PUBLIC_ORIGINS,
    requestsPerMinute: config.REQUESTS_PER_MINUTE,
    signInsPerMinute: config.SIGN_INS_PER_MINUTE,
    rest: servesRest,
  },
});

const services: Service[] = [
  { name: "store", stop: () => db.close() },
  {
    name: "redis",
    stop: async () => {
      for (const client of Object.values(clients)) client.disconnect();
    },
  },
  // After the last request, over sockets or not.
  { name: "positions", stop: async () => outbox.flush() },
  { name: "queues", stop: () => queues.close() },
  repeat("eta versions", wall, LOOK_EVERY_MS, () => believed.refresh(), log),
  ...sockets(),
  {
    name: "readiness",
    drain: async () => {
      draining = true;
      // Who was not told yet is answered as ever; whoever connects after that is refused at once, not half served.
      await new Promise<void>((done) => void wall.after(config.LEAVE_AFTER_MS, done));
      void closeDoor();
    },
    stop: async () => {},
  },
];
endOnSignal(services, log, process, ENDS_WITHIN_MS + config.LEAVE_AFTER_MS);
await app.listen({
  host: config.HUB_HOST,
  port: config.HUB_PORT,
  backlog: KNOCKING_AT_MOST,
});
// Cast: a listening TCP server has an address of this form.
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);

/** Nobody can connect from now on. Resolves when those who are connected have had their answers and are gone. */
function closeDoor(): Promise<void> {
  closed ??= new Promise((done) => app.server.close(() => done()));
  return closed;
}

/** The HTTP server, with the sockets on it where this hub serves them. Sockets end before the server that carries them. */
function sockets(): Service[] {
  const http: Service = {
    name: "http",
    stop: async () => {
      // Idle ones were ended when the door was closed; who has had an answer since then is idle now.
      const sweeping = setInterval(() => app.server.closeIdleConnections(), SWEEP_EVERY_MS);
      const ended = closeDoor().then(() => app.close());
      // A phone out of reach says no goodbye: stores are closed all the same.
      await Promise.race([ended, new Promise<void>((done) => void wall.after(HTTP_ENDS_WITHIN_MS, done))]);
      clearInterval(sweeping);
    },
  };
  if (config.HUB_ROLE === "api") return [http];
  const authorise = makeAuthoriseWatch(db);
  const streams = (realtime = startRealtime({
    store: makeEventStore(db),
    last,
    arrivals,
    rights: {
      authorise: async (identity, ref) => ({ viewer: await authorise(identity, ref) }),
      closesAt,
    },
    snapshotOf: (ref, viewer) => snapshotOf(db, ref, viewer),
    project: projectEvent,
    memory: memoryInRedis(clients.positions),
    redis: clients,
    clock: wall,
    log,
  }));
  const io = buildIo({
    server: app.server,
    useCases,
    verifyToken: (token) => tokens.verify(token),
    rooms: streams.rooms,
    positions: streams.positions,
    gate,
    clock: wall,
    log,
    allowedOrigins: config.PUBLIC_ORIGINS,
    caps: {
      inAll: config.SOCKETS_AT_MOST,
      perAddress: config.SOCKETS_PER_ADDRESS,
      perPerson: config.SOCKETS_PER_PERSON,
    },
  });
  moveCourier = (personId, marketId, zone) => io.moveCourier(personId, marketId, zone);
  return [
    { name: "realtime", stop: () => streams.close() },
    http,
    { name: "sockets", drain: () => io.drain(), stop: () => io.stop() },
  ];
}
