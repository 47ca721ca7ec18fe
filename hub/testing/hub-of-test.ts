import type { FastifyInstance } from "fastify";
import { Registry } from "prom-client";

import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import { ROUTES } from "#shared/client/routes.ts";
import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";
import { priorBeliefs } from "#shared/domain/eta/parts.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { loadCities, type Cities } from "#shared/server/city/cities.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { grantRole, revokeRole } from "#shared/server/db/people.ts";
import { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { makeMarketReader } from "#shared/server/life/etas.ts";
import { makeLog } from "#shared/server/log.ts";
import { newId } from "#shared/server/new-id.ts";

import { makeApp } from "../app.ts";
import { makePasswords } from "../auth/passwords.ts";
import { makeRefreshTokens } from "../auth/refresh-tokens.ts";
import { makeTokens } from "../auth/tokens.ts";
import { makeSessions } from "../services/accounts/sessions.ts";
import { makeShown } from "../services/browsing/shown.ts";
import { makeUseCases } from "../services/all-use-cases.ts";

/** A time that only tests move, epoch ms. */
export interface TestTime {
  nowMs: number;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface TestHub {
  readonly app: FastifyInstance;
  readonly db: Db;
  /** The text of every statement that the hub has sent so far. */
  readonly statements: ReadonlySet<string>;
  /** Deployment and wall time alike. */
  readonly time: TestTime;
  /** Calls an entry of the catalogue over REST. */
  ask(name: CommandName, input: object, who?: { readonly token?: string; readonly key?: string }): Promise<Answer>;
  /** The same, for what has to succeed. */
  call<N extends CommandName>(name: N, input: CommandInput<N>, token?: string): Promise<CommandOutput<N>>;
  /** A person with exactly these roles, a customer where none is named, signed in. */
  person(...roles: HeldRole[]): Promise<{ readonly id: string; readonly email: string; readonly token: string }>;
  close(): Promise<void>;
}

/** A real REST edge with its real use cases over a real database; the payment provider alone is away. */
export async function startTestHub(databaseUrl: string, cities: Cities = loadCities(undefined)): Promise<TestHub> {
  const time: TestTime = { nowMs: Date.UTC(2027, 2, 10, 15, 0) };
  const clock: Clock = { nowMs: () => time.nowMs, rate: 1, after: () => () => {} };
  const statements = new Set<string>();
  let asking = 0;
  // What a test asks the store by itself is not the hub's.
  const onStatement = (text: string) => {
    if (asking > 0) statements.add(text);
  };
  const db = connectDb(databaseUrl, { max: 5, name: "tiffin-test", onStatement });
  const priors = priorBeliefs();
  const market = makeMarketReader(
    () => haversineRouter({ speedMps: 5, detour: 1.3 }),
    () => priors,
  );
  const shown = makeShown({ db, wall: clock, market });
  const uow = makeUnitOfWork({ db, clock, announce: (events) => shown.told(events), hint: () => {} });
  const tokens = makeTokens("a secret of tests, long enough to sign", () => time.nowMs);
  const sessions = makeSessions({
    db,
    tokens,
    refreshTokens: makeRefreshTokens("another secret"),
    wallNowMs: () => time.nowMs,
  });
  const away = () => Promise.reject(new Error("no provider in this test"));
  const useCases = makeUseCases({
    db,
    uow,
    clock,
    wall: clock,
    market,
    settle: away,
    settings: { payWithinMs: 900_000, confirmWithinMs: 300_000, concludeAfterMs: 3_600_000 },
    hintRound: () => {},
    passwords: makePasswords({ atOnce: 2, waiting: 100 }),
    sessions,
    cities,
    shown,
    last: { keep: async () => {}, read: async (_marketId, ids) => ids.map(() => undefined) },
    outbox: { tell: () => {} },
  });
  const app = await makeApp({
    log: makeLog("test", "silent"),
    tokens,
    useCases,
    handleWebhook: away,
    health: { checks: { postgres: () => db.sql`select 1` }, draining: () => false, metrics: new Registry() },
    publicConfig: { paymentsMode: "sandbox", publishableKey: "", paymentApiBase: "http://127.0.0.1:1", clockRate: 1 },
    nowMs: () => time.nowMs,
    pages: [],
    settings: { origins: [], requestsPerMinute: 1_000_000, signInsPerMinute: 1_000_000, rest: true },
  });

  const ask: TestHub["ask"] = async (name, input, who = {}) => {
    asking += 1;
    const reply = await app.inject(requestOf(name, input, who)).finally(() => void (asking -= 1));
    return { status: reply.statusCode, body: reply.json() };
  };

  return {
    app,
    db,
    statements,
    time,
    ask,
    async call<N extends CommandName>(name: N, input: CommandInput<N>, token?: string) {
      const { status, body } = await ask(name, input, token === undefined ? {} : { token });
      if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      return body as CommandOutput<N>; // Cast: the edge wrote it through this command's output schema.
    },
    async person(...roles) {
      const email = `${newId()}@example.org`;
      const password = "correct horse battery";
      const opened = await ask("account.register", { email, password, name: "Somebody" });
      const { id } = opened.body["person"] as { id: string }; // Cast: the output of account.register.
      if (roles.length > 0) await revokeRole(db.orm, id, { role: "customer", marketId: null, restaurantId: null });
      for (const held of roles) await grantRole(db.orm, id, held, time.nowMs);
      const again = await ask("session.open", { email, password });
      return { id, email, token: String(again.body["accessToken"]) };
    },
    async close() {
      await app.close();
      await db.close();
    },
  };
}

/** An entry's request, its input put into path, query or body. */
export function requestOf(
  name: CommandName,
  input: object,
  who: { readonly token?: string; readonly key?: string } = {},
) {
  const [method, template] = ROUTES[name];
  const rest: Record<string, unknown> = { ...input };
  const url = template.replaceAll(/\{(\w+)\}/gu, (_, field: string) => {
    const value = rest[field];
    Reflect.deleteProperty(rest, field);
    return encodeURIComponent(String(value));
  });
  const reads = method === "GET" || method === "DELETE";
  const query = Object.fromEntries(Object.entries(rest).map(([field, value]) => [field, String(value)]));
  return {
    method,
    url,
    headers: {
      "idempotency-key": who.key ?? newId(),
      ...(who.token === undefined ? {} : { authorization: `Bearer ${who.token}` }),
    },
    ...(reads ? { query } : { payload: rest }),
  };
}
