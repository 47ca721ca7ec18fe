import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { connectDb, type Db } from "#shared/server/db/connect.ts";

import { freePort } from "../../deploy/local/port.ts";
import { openMarket } from "../../deploy/local/seed.ts";
import { startSystem, type RunningSystem } from "../../deploy/local/system.ts";
import { processPart } from "../../deploy/local/system-parts.ts";
import { payByCard, readPaymentsConfig } from "../actors/pay.ts";
import type { ActorSession } from "../actors/session.ts";
import { makeCast, REPLAY_ADMIN, REPLAY_MARKET, type Cast } from "../replay/cast.ts";
import { quantile } from "../replay/offline.ts";
import { PLANE_ORIGIN, planeTravel } from "../replay/instance.ts";
import { durabilityOf } from "../replay/read-day.ts";
import { bareRows } from "./bare-rows.ts";
import { drive, post, type Driven, type Request } from "./drive.ts";

const CONCURRENCY = 16;
/** Each of them is driven so often, turn by turn, so that whatever else the machine does falls on both. */
const TURNS = 6;
const TURN_MS = 4_000;
const WARM_UP_MS = 6_000;
/** Orders under way at a time, and for how long, where everything is measured until an order is CREATED. */
const CREATED_CONCURRENCY = 8;
const CREATED_FOR_MS = 10_000;
const CREATED_WITHIN_MS = 30_000;
const POOL = 20;

/** What `--json` writes down. Rates are a second of wall time. */
export interface CheckoutFigures {
  /** The platform's orders a second over the bare route's, both turn by turn in one run. */
  readonly ratioVsBare: number;
  readonly ordersPerS: number;
  readonly p99Ms: number;
  readonly bareOrdersPerS: number;
  readonly bareP99Ms: number;
  /** Placed, settled, paid at the sandbox and told by its webhook, until CREATED. */
  readonly createdPerS: number;
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly concurrency: number;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** A town of one kitchen for {@link makeCast}; what happens there is measured, not played. */
const TOWN = {
  name: "bench",
  travel: planeTravel(320),
  pickupServiceMin: 4,
  dropoffServiceMin: 4,
  targetMin: 40,
  maxMin: 90,
  restaurants: [{ id: "r", ...PLANE_ORIGIN }],
  couriers: [{ id: "c", ...PLANE_ORIGIN, onMin: 0, offMin: 1 }],
  orders: Array.from({ length: 32 }, (_, index) => ({
    id: `o${index}`,
    restaurantId: "r",
    lat: PLANE_ORIGIN.lat + 0.01,
    lng: PLANE_ORIGIN.lng + 0.01,
    placedMin: 0,
    readyMin: 1,
  })),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "string" } } });
  const dir = mkdtempSync(join(tmpdir(), "tiffin-bench-"));
  let system: RunningSystem | undefined;
  try {
    system = await startSystem({
      dir,
      hubs: 1,
      workers: 1,
      payments: "sandbox",
      tell: say,
      env: {
        LOG_LEVEL: "warn",
        DATABASE_POOL: String(POOL),
        REQUESTS_PER_MINUTE: "100000000",
        SIGN_INS_PER_MINUTE: "10000",
      },
      prepare: (databaseUrl) => openMarket(databaseUrl, { market: MARKET, admin: REPLAY_ADMIN }),
    });
    const db = connectDb(system.databaseUrl, { max: 2, name: "tiffin-bench" });
    try {
      const figures = await measure(system, db, dir);
      process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
    } finally {
      await db.close();
    }
  } finally {
    await system?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const MARKET = {
  id: REPLAY_MARKET,
  name: "Bench",
  timeZone: "UTC",
  currency: "USD",
  locale: "en-US",
  taxBasisPoints: 800,
  center: PLANE_ORIGIN,
};

async function measure(system: RunningSystem, db: Db, dir: string): Promise<CheckoutFigures> {
  const cast = await makeCast({ hubUrls: system.hubUrls, instance: TOWN, fetch, tell: say });
  const place = await placer(system.hubUrls[0] ?? "", cast);
  const bare = await startBare(system, db, dir, place);
  const platform: Driven[] = [];
  const naked: Driven[] = [];
  await drive(place, CONCURRENCY, WARM_UP_MS);
  await drive(bare, CONCURRENCY, WARM_UP_MS);
  for (let turn = 0; turn < TURNS; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- turn by turn is the point
    naked.push(await drive(bare, CONCURRENCY, TURN_MS));
    // oxlint-disable-next-line no-await-in-loop
    platform.push(await drive(place, CONCURRENCY, TURN_MS));
    say(`turn ${turn + 1} of ${TURNS}: ${rate(platform.slice(-1))} orders/s, bare ${rate(naked.slice(-1))}`);
  }
  const createdPerS = await measureCreated(system, db, place);
  return {
    ratioVsBare: round(rate(platform) / rate(naked)),
    ordersPerS: rate(platform),
    p99Ms: p99(platform),
    bareOrdersPerS: rate(naked),
    bareP99Ms: p99(naked),
    createdPerS,
    ...(await durabilityOf(db)),
    concurrency: CONCURRENCY,
  };
}

/** Answers the next order of the next customer, at the price that they were told. */
async function placer(hubUrl: string, cast: Cast): Promise<() => Request> {
  const [kitchen] = cast.kitchens.values();
  const [first] = cast.customers;
  if (!kitchen || !first) throw new Error("the town has a kitchen and customers");
  const basket = {
    marketId: REPLAY_MARKET,
    restaurantId: kitchen.restaurantId,
    kind: "delivery" as const,
    lines: [{ itemId: kitchen.itemId, quantity: 2 }],
    drop: { lat: PLANE_ORIGIN.lat + 0.01, lng: PLANE_ORIGIN.lng + 0.01 },
  };
  const { price } = await first.api.call("quote.make", basket);
  const { marketId: _, ...rest } = basket;
  const body = JSON.stringify({ ...rest, expectedTotalMinor: price.totalMinor, dropLine: "12 Bench Street" });
  const tokens = await Promise.all(cast.customers.map((customer: ActorSession) => customer.token()));
  let turn = 0;
  return () => {
    turn += 1;
    const authorization = `Bearer ${tokens[turn % tokens.length]}`;
    return {
      url: `${hubUrl}/v1/markets/${REPLAY_MARKET}/orders`,
      headers: { authorization, "idempotency-key": randomUUID() },
      body,
    };
  };
}

/** The bare route in a process of its own, like the hub, over as many connections. */
async function startBare(system: RunningSystem, db: Db, dir: string, place: () => Request): Promise<() => Request> {
  const one = place();
  const answer: unknown = JSON.parse(await post(undefined, one));
  const file = join(dir, "bare-rows.json");
  writeFileSync(file, JSON.stringify({ ...(await bareRows(db)), answer }));
  const port = await freePort();
  const env = {
    DATABASE_URL: system.databaseUrl,
    DATABASE_POOL: String(POOL),
    BARE_ROWS: file,
    BARE_PORT: String(port),
  };
  await system.add(processPart({ name: "bare", entry: "load/bench/bare-route.ts", env, dir }));
  return () => ({ url: `http://127.0.0.1:${port}/orders`, headers: {}, body: one.body });
}

/** Everything: place, begin the payment, pay as a browser does, and the provider's webhook until the order is CREATED. */
async function measureCreated(system: RunningSystem, db: Db, place: () => Request): Promise<number> {
  const payments = await readPaymentsConfig(system.hubUrls);
  const startMs = performance.now();
  let paid = 0;
  const createdBefore = await countCreated(db);
  const hand = async (): Promise<void> => {
    while (performance.now() - startMs < CREATED_FOR_MS) {
      const asked = place();
      // oxlint-disable-next-line no-await-in-loop -- one hand has one order under way
      const order = JSON.parse(await post(undefined, asked)) as { id: string }; // Cast: the contract's answer.
      const settle = { ...asked, url: `${asked.url}/${order.id}/settle`, body: "{}" };
      const headers = { ...settle.headers, "idempotency-key": randomUUID() };
      // Cast: the contract's answer to the order's own customer.
      // oxlint-disable-next-line no-await-in-loop
      const begun = JSON.parse(await post(undefined, { ...settle, headers })) as { payment: { clientSecret: string } };
      // oxlint-disable-next-line no-await-in-loop
      await payByCard(payments, begun.payment.clientSecret, "pm_card_visa");
      paid += 1;
    }
  };
  await Promise.all(Array.from({ length: CREATED_CONCURRENCY }, hand));
  let created = 0;
  while (created < paid) {
    if (performance.now() - startMs > CREATED_FOR_MS + CREATED_WITHIN_MS)
      throw new Error(`${paid - created} of ${paid} paid orders were not CREATED`);
    // oxlint-disable-next-line no-await-in-loop -- looks again
    created = (await countCreated(db)) - createdBefore;
  }
  return round((created * 1_000) / (performance.now() - startMs));
}

async function countCreated(db: Db): Promise<number> {
  const [row] = await db.sql`select count(*)::int as created from orders where created_at_ms is not null`;
  return row?.["created"] ?? 0;
}

function rate(driven: readonly Driven[]): number {
  const count = driven.reduce((sum, each) => sum + each.count, 0);
  return round((count * 1_000) / driven.reduce((sum, each) => sum + each.spanMs, 0));
}

function p99(driven: readonly Driven[]): number {
  return round(
    quantile(
      driven.flatMap((each) => each.tookMs),
      0.99,
    ),
  );
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

await main();
process.exit(0);
