import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Worker } from "bullmq";
import { collectDefaultMetrics, register } from "prom-client";

import { DISPATCH_QUEUES, jobHint, LEARNING_QUEUE, roundHint } from "#shared/contracts/jobs.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";
import { loadCities } from "#shared/server/city/cities.ts";
import { roundSettingsFrom } from "#shared/server/config/round-settings.ts";
import { readWorkerConfig } from "#shared/server/config/worker-config.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { makeRefusals } from "#shared/server/dispatch/refusals.ts";
import { LOOK_EVERY_MS, makeBelieved } from "#shared/server/eta/believed.ts";
import { deadlineSweeps } from "#shared/server/life/deadlines.ts";
import { makeMarketReader } from "#shared/server/life/etas.ts";
import { makeSettle } from "#shared/server/life/settle.ts";
import { endOnSignal, type Service } from "#shared/server/lifecycle.ts";
import { makeLog } from "#shared/server/log.ts";
import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import { connectQueueRedis, makeQueues } from "#shared/server/queue/queues.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { makePublisher } from "#shared/server/realtime/publish.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { etaPriorsFrom, makeCityRouters, routerFrom } from "#shared/server/routing/routers.ts";
import { repeat } from "#shared/server/repeat.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import { learnRefusalsOf } from "./dispatch/learn-refusals.ts";
import { runRound } from "./dispatch/round.ts";
import { learnEtas } from "./eta/learn-etas.ts";
import { forgetOld } from "./housekeeping.ts";
import { refreshEtas } from "./jobs/refresh-etas.ts";
import { makeRunJob } from "./jobs/run-job.ts";
import { marketIds, reconcile, sweep } from "./sweep.ts";

const config = readWorkerConfig(process.env);
const log = makeLog("worker", config.LOG_LEVEL);
const clock = makeSystemClock(config);
const wall = makeSystemClock({ CLOCK_RATE: 1 });
const cities = loadCities(config.CITY_DIR);
log.info({ cities: cities.all.map(({ meta }) => meta.name) }, "cities");
const db = connectDb(config.DATABASE_URL, { max: config.DATABASE_POOL, name: "tiffin-worker" });
const liveUrls = config.REDIS_LIVE_URL.join(",");
const onRedisError = (error: Error) => log.warn({ error: error.message }, "live redis");
const live = connectRedis(liveUrls, "events", "worker", onRedisError);
const fast = connectRedis(liveUrls, "positions", "worker-positions", onRedisError);
const positions = makeLastPositions(fast);
const publisher = makePublisher({
  events: live,
  positions: fast,
  onLost: (error) => log.debug({ error }, "a publish was lost; followers repair it"),
});
const queues = makeQueues(config.REDIS_QUEUE_URL, clock.rate, log);

const provider = makeStripeProvider({
  secretKey: config.STRIPE_SECRET_KEY ?? "",
  webhookSecret: config.STRIPE_WEBHOOK_SECRET ?? "",
  ...(config.STRIPE_API_BASE === undefined ? {} : { apiBase: config.STRIPE_API_BASE }),
  timeoutMs: 10_000,
});
const cityRouterAt = makeCityRouters(cities);
const routerOf = routerFrom(config, { cityRouterAt, log, metrics: register });
const priors = etaPriorsFrom(config);
const believed = makeBelieved({ db, redis: fast, priors, log });
const market = makeMarketReader(routerOf, (marketId) => believed.of(marketId));
const uow = makeUnitOfWork({
  db,
  clock,
  announce: (events) => void publisher.publish(events),
  hint: (job) => queues.hintJob(job),
});
const settle = makeSettle({ db, uow, provider, market, confirmWithinMs: config.CONFIRM_WITHIN_MS });
const runJob = makeRunJob({
  db,
  clock,
  log,
  handlers: { "payment.settle": ({ marketId, orderId }, finish) => settle(marketId, orderId, finish) },
});

const DAY_MS = 24 * 3_600_000;
/** A person has at least 15 wall seconds, however fast the deployment's clock goes. */
const offerLifeMs = Math.max(config.OFFER_LIFE_MS, 15_000 * clock.rate);
const settings = roundSettingsFrom({ ...config, OFFER_LIFE_MS: offerLifeMs });
const round = { db, uow, clock, market, positions, refusals: makeRefusals(log), settings, offerLifeMs, log };
/** Hints may bring a round forward, but not closer than this to the last. */
const SOONEST_ROUND_MS = Math.min(config.ROUND_EVERY_MS, Math.max(1_000, config.ROUND_EVERY_MS / 5));

const sweepDeps = {
  db,
  clock,
  sweeps: deadlineSweeps({ db, uow, market }),
  runJob,
  settle,
  hintRound: (marketId: string) => queues.hintRound(marketId),
  log,
};
/** At least this much wall time between two looks, whatever the clock's rate. */
const notFasterThan = (wallMs: number, deploymentMs: number) => Math.max(deploymentMs, wallMs * clock.rate);
/** Learning takes seconds of a core: however fast the clock goes, not more often than every few minutes. */
const learnEveryMs = notFasterThan(300_000, config.ETA_LEARN_EVERY_MS) / clock.rate;
const everyMarket = async (work: (marketId: string) => Promise<unknown>) => eachAlone(await marketIds(db), work);

const consumeOn = () =>
  connectQueueRedis(config.REDIS_QUEUE_URL, "consume", (error) => log.warn({ error: error.message }, "queue redis"));
const consumers = [
  new Worker(
    "payments",
    async (job) => {
      const hint = jobHint.parse(job.data);
      await runJob(hint.marketId, hint.id);
    },
    { connection: consumeOn(), concurrency: 8, skipVersionCheck: true },
  ),
  ...Array.from(
    { length: DISPATCH_QUEUES },
    (_, number) =>
      new Worker(
        `dispatch-${number}`,
        async (job) => {
          await runRound(round, roundHint.parse(job.data).marketId, SOONEST_ROUND_MS);
        },
        { connection: consumeOn(), concurrency: 1, skipVersionCheck: true },
      ),
  ),
  new Worker(
    LEARNING_QUEUE,
    () =>
      eachAlone([learnRefusalsOf, learnEtas], (learn) =>
        everyMarket((id) => learn({ db, market, priors, log }, id, clock.nowMs())),
      ),
    { connection: consumeOn(), concurrency: 1, skipVersionCheck: true },
  ),
];
for (const consumer of consumers) consumer.on("error", (error) => log.warn({ error: error.message }, "queue"));

collectDefaultMetrics();
const health = createServer((request, response) => {
  if (request.url === "/metrics") {
    void register.metrics().then((text) => response.setHeader("content-type", register.contentType).end(text));
    return;
  }
  if (request.url === "/healthz") {
    response.end("ok");
    return;
  }
  db.sql`select 1`.then(
    () => response.end("ok"),
    () => response.writeHead(503).end("the store does not answer"),
  );
});

const services: Service[] = [
  { name: "store", stop: () => db.close() },
  {
    name: "redis",
    stop: async () => {
      live.disconnect();
      fast.disconnect();
    },
  },
  { name: "queues", stop: () => queues.close() },
  {
    name: "health",
    stop: () =>
      new Promise<void>((done) => {
        health.close(() => done());
        health.closeAllConnections();
      }),
  },
  repeat("sweep", clock, notFasterThan(200, 1_000), () => sweep(sweepDeps), log),
  repeat(
    "reconcile",
    clock,
    notFasterThan(2_000, 15_000),
    () => reconcile(sweepDeps, notFasterThan(5_000, 30_000)),
    log,
  ),
  repeat(
    "housekeeping",
    clock,
    3_600_000 * clock.rate,
    () => forgetOld(db, clock.nowMs(), Date.now(), config.DECISIONS_KEPT_DAYS * DAY_MS),
    log,
  ),
  repeat(
    "rounds",
    clock,
    config.ROUND_EVERY_MS,
    () => everyMarket((id) => runRound(round, id, config.ROUND_EVERY_MS * 0.9)),
    log,
  ),
  repeat(
    "etas",
    clock,
    notFasterThan(2_000, 30_000),
    () => everyMarket((id) => refreshEtas({ db, uow, market, positions }, id, clock.nowMs())),
    log,
  ),
  repeat("eta versions", wall, LOOK_EVERY_MS, () => believed.refresh(), log),
  // Said again and again: a queue that has lost its memory learns of it.
  repeat("learning", wall, 60_000, () => queues.scheduleLearning(learnEveryMs), log),
  ...consumers.map((consumer): Service => ({
    name: `queue ${consumer.name}`,
    drain: () => consumer.close(),
    stop: async () => {},
  })),
];
endOnSignal(services, log, process);
health.listen(config.WORKER_PORT, config.WORKER_HOST, () => {
  // Cast: a listening TCP server has an address of this form.
  const { port } = health.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
});
