import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll } from "vitest";

import { markets, people, personRoles } from "#drizzle/schema/people.ts";
import { couriers, menuCategories, menuItems, openingHours, restaurants } from "#drizzle/schema/restaurants.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { priorBeliefs, type EtaBeliefs } from "#shared/domain/eta/parts.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Router } from "#shared/domain/router/router.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { makeRefusals } from "#shared/server/dispatch/refusals.ts";
import { deadlineSweeps } from "#shared/server/life/deadlines.ts";
import { makeMarketReader } from "#shared/server/life/etas.ts";
import { makeSettle } from "#shared/server/life/settle.ts";
import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import { etaPriorsFrom } from "#shared/server/routing/routers.ts";

import { orderUseCases } from "../../hub/services/orders/all.ts";
import { startSandbox } from "../../load/sandbox/start.ts";
import { runRound } from "../../workers/dispatch/round.ts";
import { makeRunJob } from "../../workers/jobs/run-job.ts";
import { overdueJobs } from "../../workers/jobs/overdue.ts";
import { FakeClock } from "./fake-clock.ts";

const KEYS = { secretKey: "sk_test_market", publishableKey: "pk_test_market", webhookSecret: "whsec_market_secret" };
export const MARKET = "test-town";
const CENTER = { lat: -34.9, lng: -56.18 };
const SERVICE = { PICKUP_SERVICE_S: 240, DROPOFF_SERVICE_S: 240 };
const PRIORS = priorBeliefs(etaPriorsFrom(SERVICE));
const MINUTE_MS = 60_000;

/** One restaurant, its kitchen, couriers, a customer and the office over a real store and the payment sandbox. */
export async function liveMarket(
  databaseUrl: string,
  options: {
    readonly couriers: number;
    readonly stock?: number;
    readonly routerOf?: () => Router;
    readonly believedOf?: (marketId: string) => EtaBeliefs;
  },
) {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-market-"));
  const sandbox = await startSandbox({ port: 0, dir, webhookUrls: [], ...KEYS });
  const statements = new Set<string>();
  const db = connectDb(databaseUrl, { max: 10, name: "test", onStatement: (text) => void statements.add(text) });
  const clock = new FakeClock();
  const announced: StoredEvent[] = [];
  const uow = makeUnitOfWork({ db, clock, announce: (events) => void announced.push(...events), hint: () => {} });
  const market = makeMarketReader(
    options.routerOf ?? (() => haversineRouter({ speedMps: 5, detour: 1.3 })),
    options.believedOf ?? (() => PRIORS),
  );
  const provider = makeStripeProvider({
    secretKey: KEYS.secretKey,
    webhookSecret: KEYS.webhookSecret,
    apiBase: sandbox.url,
    timeoutMs: 5_000,
  });
  const warnings: string[] = [];
  const refusals = makeRefusals({ warn: (...said: unknown[]) => void warnings.push(String(said.at(-1))) });
  const settle = makeSettle({ db, uow, provider, market, confirmWithinMs: 5 * MINUTE_MS });
  const positions = {
    keep: async () => {},
    read: async (_: string, ids: readonly string[]) => ids.map(() => undefined),
  };
  const useCases = orderUseCases({
    db,
    uow,
    clock,
    market,
    settle,
    positions,
    settings: { payWithinMs: 15 * MINUTE_MS, confirmWithinMs: 5 * MINUTE_MS, concludeAfterMs: 60 * MINUTE_MS },
    hintRound: () => {},
  });
  const runJob = makeRunJob({
    db,
    clock,
    log: { error: () => {}, warn: () => {} },
    handlers: { "payment.settle": (job, finish) => settle(job.marketId, job.orderId, finish) },
  });

  const ids = await insertMarket(db, options);
  afterAll(async () => {
    await db.close();
    await sandbox.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Pays as a browser does: at the provider, with the order's client secret. */
  async function pay(clientSecret: string, card = "pm_card_visa"): Promise<void> {
    const intentId = clientSecret.split("_secret_")[0] ?? "";
    const answer = await fetch(`${sandbox.url}/v1/payment_intents/${intentId}/confirm`, {
      method: "POST",
      headers: { authorization: `Bearer ${KEYS.publishableKey}`, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_secret: clientSecret, payment_method: card }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  return {
    db,
    clock,
    uow,
    useCases,
    settle,
    provider,
    announced,
    /** What rounds warned of. */
    warnings,
    /** The text of every statement so far. */
    statements,
    pay,
    sweeps: deadlineSweeps({ db, uow, market }),
    market,
    round: (minGapMs = 0, settings = DEFAULT_SETTINGS) =>
      runRound(
        {
          db,
          uow,
          clock,
          market,
          positions,
          refusals,
          settings,
          offerLifeMs: 30_000,
          log: { debug: () => {}, info: () => {} },
        },
        MARKET,
        minGapMs,
      ),
    /** Runs what is owed, as the sweeper does, until nothing is due. */
    async runJobs() {
      await clock.advance(5_000);
      for (const { marketId, id } of await overdueJobs(db, clock.nowMs())) await runJob(marketId, id);
    },
    ...ids,
  };
}

export type LiveMarket = Awaited<ReturnType<typeof liveMarket>>;

/** A caller with one role, and a fresh key. */
export function as(identity: Identity, key: string = randomUUID()) {
  return { identity, commandId: key };
}

async function insertMarket(
  db: ReturnType<typeof connectDb>,
  options: { readonly couriers: number; readonly stock?: number },
) {
  const createdAtMs = 0;
  const [restaurantId, categoryId, itemId] = [randomUUID(), randomUUID(), randomUUID()];
  await db.orm.insert(markets).values({
    id: MARKET,
    name: "Test town",
    timeZone: "UTC",
    currency: "UYU",
    locale: "en",
    taxBasisPoints: 1000,
    centerLat: CENTER.lat,
    centerLng: CENTER.lng,
    createdAtMs,
  });
  await db.orm.insert(restaurants).values({
    marketId: MARKET,
    id: restaurantId,
    name: "Test kitchen",
    cuisine: "Anything",
    addressLine: "Here",
    ...CENTER,
    zone: zoneOf(CENTER),
    deliveryRadiusM: 5_000,
    minimumMinor: 1_000,
    deliveryBaseMinor: 500,
    deliveryPerKmMinor: 100,
    serviceFeeBasisPoints: 500,
    prepMinutes: 10,
    createdAtMs,
  });
  const hours = Array.from({ length: 7 }, (_, weekday) => ({
    marketId: MARKET,
    restaurantId,
    weekday,
    opensMinute: 0,
    closesMinute: 1440,
  }));
  await db.orm.insert(openingHours).values(hours);
  await db.orm
    .insert(menuCategories)
    .values({ marketId: MARKET, id: categoryId, restaurantId, name: "All", position: 0 });
  await db.orm.insert(menuItems).values({
    marketId: MARKET,
    id: itemId,
    restaurantId,
    categoryId,
    name: "Dish",
    priceMinor: 2_000,
    position: 0,
    stock: options.stock ?? null,
  });

  const person = async (role: Identity["roles"][number]["role"], staffOf: string | null = null): Promise<Identity> => {
    const personId = randomUUID();
    const marketId = role === "customer" ? null : MARKET;
    await db.orm
      .insert(people)
      .values({ id: personId, email: `${personId}@test.example`, name: role, passwordHash: "-", createdAtMs });
    await db.orm
      .insert(personRoles)
      .values({ id: randomUUID(), personId, role, marketId, restaurantId: staffOf, createdAtMs });
    return {
      personId,
      sessionId: randomUUID(),
      roles: [{ role, marketId, restaurantId: staffOf }],
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    };
  };
  const couriersMade = [];
  for (let index = 0; index < options.couriers; index++) {
    const identity = await person("courier");
    const id = randomUUID();
    await db.orm.insert(couriers).values({
      marketId: MARKET,
      id,
      personId: identity.personId,
      name: `Courier ${index}`,
      vehicle: "bicycle",
      createdAtMs,
    });
    couriersMade.push({ id, identity });
  }
  return {
    restaurantId,
    itemId,
    couriers: couriersMade,
    customer: await person("customer"),
    stranger: await person("customer"),
    kitchen: await person("kitchen", restaurantId),
    support: await person("support"),
    dispatcher: await person("dispatcher"),
  };
}
