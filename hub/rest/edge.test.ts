import { Registry } from "prom-client";
import { afterAll, beforeEach, expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { ERRORS, Refusal } from "#shared/contracts/errors.ts";
import { makeLog } from "#shared/server/log.ts";
import { PaymentProviderError } from "#shared/server/payments/provider.ts";

import { makeApp } from "../app.ts";
import { makeTokens } from "../auth/tokens.ts";
import type { UseCases } from "../services/use-cases.ts";
import { openApiDocument } from "./openapi.ts";

let nowMs = Date.UTC(2027, 0, 1);
let draining = false;
let postgresAway = false;
let fails: unknown;
const tokens = makeTokens("a secret of tests, long enough to sign", () => nowMs);
const webhooks: Buffer[] = [];

const app = await makeApp({
  log: makeLog("test", "silent"),
  tokens,
  // Cast: this test asks for one query alone.
  useCases: {
    "markets.list": async () => {
      if (fails !== undefined) throw fails;
      return { markets: [] };
    },
  } as unknown as UseCases,
  handleWebhook: async (rawBody, signature) => {
    if (signature !== "good") throw new PaymentProviderError("bad_signature", "no");
    webhooks.push(rawBody);
  },
  health: {
    checks: {
      postgres: async () => {
        if (postgresAway) throw new Error("away");
      },
    },
    draining: () => draining,
    metrics: new Registry(),
  },
  publicConfig: {
    paymentsMode: "stripe",
    publishableKey: "pk_1",
    paymentApiBase: "https://api.stripe.com",
    clockRate: 1,
  },
  nowMs: () => 0,
  pages: [],
  settings: { origins: ["https://shop.example"], requestsPerMinute: 30, signInsPerMinute: 3, rest: true },
});

afterAll(() => app.close());
beforeEach(() => {
  [fails, draining, postgresAway] = [undefined, false, false];
});

let address = 0;
/** Each test from an address of its own, so that no limit counts across them. */
const from = () => `203.0.113.${(address += 1)}`;
const post = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({
    method: "POST",
    url: "/v1/sessions",
    remoteAddress: from(),
    payload,
    headers: { "content-type": "application/json", ...headers },
  });

test("[API6] what cannot be read is refused with problem details", async () => {
  const deep = `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  const bodies = [
    "{",
    "[]",
    "1",
    '{"__proto__":{"a":1}}',
    '{"constructor":{"prototype":{"a":1}}}',
    deep,
    '{"email":"\\ud800"}',
    '{"email":"\\u0000"}',
  ];
  for (const body of bodies) {
    const reply = await post(body);
    expect({ body: body.slice(0, 40), status: reply.statusCode }).toEqual({ body: body.slice(0, 40), status: 400 });
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    expect(reply.json()).toMatchObject({ code: "payload.invalid", status: 400 });
  }
  const typed = await post("email=a", { "content-type": "application/x-www-form-urlencoded" });
  expect(typed.json()).toMatchObject({ code: "payload.invalid" });
});

test("[API6] a body above 256 KB is refused unread", async () => {
  const reply = await post(JSON.stringify({ email: "x".repeat(256 * 1024) }));
  expect(reply.json()).toMatchObject({ status: 413, code: "payload.too-large" });
});

test("[API7] an address that is none answers with problem details", async () => {
  for (const url of ["/v1/nothing", "/v1/markets/%zz", "/nothing", "/v1/markets/%00/menu"]) {
    const reply = await app.inject({ url, remoteAddress: from() });
    expect([400, 404]).toContain(reply.statusCode);
    expect(reply.headers["content-type"]).toContain("application/problem+json");
    expect(Object.keys(ERRORS)).toContain(reply.json().code);
  }
});

test("[API8] a bug answers 500 and tells nothing of itself; a store that is away answers 503", async () => {
  const ask = () => app.inject({ url: "/v1/markets", remoteAddress: from() });
  fails = new Error("password of the database is 1234");
  const bug = await ask();
  expect(bug.json()).toEqual({
    type: "urn:tiffin:problem:internal",
    title: ERRORS.internal.title,
    status: 500,
    code: "internal",
    detail: "it has been logged",
  });
  fails = new Error("query failed", { cause: Object.assign(new Error("gone"), { code: "CONNECTION_CLOSED" }) });
  expect((await ask()).json()).toMatchObject({ status: 503, code: "hub.overloaded" });
  fails = new PaymentProviderError("unavailable", "no answer", { retryable: true });
  expect((await ask()).json()).toMatchObject({ status: 503, code: "payment.unavailable" });
  fails = new Refusal("market.not-found", "no such market");
  expect((await ask()).json()).toMatchObject({ status: 404, code: "market.not-found" });
});

test("[API5] a token that is over, or none of ours, is told apart", async () => {
  const { token } = tokens.sign({ personId: crypto.randomUUID(), sessionId: crypto.randomUUID(), roles: [] });
  const ask = async (authorization: string) =>
    (await app.inject({ url: "/v1/me", remoteAddress: from(), headers: { authorization } })).json();
  const [header, payload] = token.split(".");
  const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${payload}.`;
  for (const bad of ["Basic abc", "Bearer abc", `Bearer ${header}.${payload}.AAAA`, `Bearer ${none}`]) {
    expect(await ask(bad)).toMatchObject({ status: 401, code: "auth.missing" });
  }
  nowMs += 15 * 60_000;
  expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401, code: "auth.expired" });
});

test("[API10] a webhook's body arrives byte by byte, and only with its signature", async () => {
  const payload = Buffer.from('{ "id":  "evt_1" }\n');
  const hook = (signature: string) =>
    app.inject({
      method: "POST",
      url: "/v1/webhooks/payments",
      payload,
      headers: { "content-type": "application/json", "stripe-signature": signature },
    });
  expect((await hook("bad")).statusCode).toBe(400);
  expect(webhooks).toEqual([]);
  expect((await hook("good")).statusCode).toBe(200);
  expect(webhooks).toEqual([payload]);
});

test("[API11] a hub is ready while its parts answer and nobody told it to end; it lives all the time", async () => {
  const ready = async () => (await app.inject("/readyz")).statusCode;
  expect(await ready()).toBe(200);
  postgresAway = true;
  expect(await ready()).toBe(503);
  [postgresAway, draining] = [false, true];
  expect(await ready()).toBe(503);
  expect((await app.inject("/healthz")).statusCode).toBe(200);
});

test("[API14] pages may load from the hub and the payment provider, and other origins only what is allowed", async () => {
  const reply = await app.inject({
    url: "/v1/config",
    remoteAddress: from(),
    headers: { origin: "https://shop.example" },
  });
  const policy = String(reply.headers["content-security-policy"]);
  expect(policy).toContain("script-src 'self' https://js.stripe.com;");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(reply.headers["access-control-allow-origin"]).toBe("https://shop.example");
  const other = await app.inject({
    url: "/v1/config",
    remoteAddress: from(),
    headers: { origin: "https://evil.example" },
  });
  expect(other.headers["access-control-allow-origin"]).toBeUndefined();
});

test("[API16] one address, and one person, gets so many answers a minute; sign-ins fewer", async () => {
  const remoteAddress = from();
  const ask = async (url: string, method: "GET" | "POST" = "GET") =>
    (await app.inject({ method, url, remoteAddress, ...(method === "POST" ? { payload: {} } : {}) })).json();
  for (let times = 0; times < 3; times++) expect(await ask("/v1/sessions", "POST")).toMatchObject({ status: 400 });
  expect(await ask("/v1/sessions", "POST")).toMatchObject({ status: 429, code: "rate.limited" });
  for (let times = 0; times < 30; times++) expect(await ask("/v1/markets")).toEqual({ markets: [] });
  expect(await ask("/v1/markets")).toMatchObject({ status: 429, code: "rate.limited" });
  expect((await app.inject({ url: "/v1/markets", remoteAddress: from() })).statusCode).toBe(200);
  expect((await app.inject({ url: "/readyz", remoteAddress })).statusCode).toBe(200);
});

test("[API9] the OpenAPI document names every entry, its input, its answer and its refusals", async () => {
  const document = (await app.inject("/docs/openapi.json")).json();
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  expect(document.openapi).toBe("3.1.0");
  const operations = Object.values<Record<string, Record<string, unknown>>>(document.paths).flatMap((path) =>
    Object.values(path),
  );
  expect(operations.map((each) => String(each["operationId"])).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  const place = document.paths["/v1/markets/{marketId}/orders"].post;
  expect(place.parameters.map((each: { name: string }) => each.name)).toEqual(["marketId", "Idempotency-Key"]);
  expect(place.requestBody.content["application/json"].schema.required).toContain("expectedTotalMinor");
  expect(place.responses["409"].description).toContain("quote.changed");
});
