import { expect, test, vi } from "vitest";
import { KEYS, runSandbox } from "./harness.ts";
import type { Running } from "./harness.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const BROWSER = { authorization: `Bearer ${KEYS.publishableKey}`, origin: "http://localhost:5173" };
const card = (number: string) =>
  `payment_method_data[type]=card&payment_method_data[card][number]=${number}&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2050&payment_method_data[card][cvc]=123`;

async function newIntent(running: Running): Promise<{ path: string; secret: string }> {
  const form =
    "amount=2000&currency=eur&capture_method=manual&metadata[order_id]=o1&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never";
  const { body } = await running.call("POST /v1/payment_intents", form);
  return {
    path: `/v1/payment_intents/${String(body["id"])}`,
    secret: `client_secret=${String(body["client_secret"])}`,
  };
}

test("[PAY14] a browser pays with its publishable key, the client secret and a card, from any page", async () => {
  await using running = await runSandbox();
  const { path, secret } = await newIntent(running);
  const preflight = await fetch(`${running.sandbox.url}${path}/confirm`, { method: "OPTIONS", headers: BROWSER });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  const key = `key=${KEYS.publishableKey}&${secret}`;
  const paid = await running.call(`POST ${path}/confirm`, `${key}&${card("4242 4242 4242 4242")}`, {
    authorization: "",
  });
  expect(paid).toMatchObject({ status: 200, body: { status: "requires_capture" } });
  expect(paid.headers.get("access-control-allow-origin")).toBe("*");
  expect(paid.body).not.toHaveProperty("metadata");
  expect(paid.body).not.toHaveProperty("latest_charge");
  expect((await running.call(`GET ${path}`, secret, BROWSER)).body["status"]).toBe("requires_capture");
});

test("[PAY14] a browser may do nothing else: no other payment, no capture, no list, no refund", async () => {
  await using running = await runSandbox();
  const { path } = await newIntent(running);
  const { secret: foreign } = await newIntent(running);
  expect(await running.call(`GET ${path}`, "", BROWSER)).toMatchObject({
    status: 400,
    body: { error: { param: "client_secret" } },
  });
  expect((await running.call(`GET ${path}`, foreign, BROWSER)).status).toBe(400);
  expect((await running.call(`POST ${path}/confirm`, `${foreign}&${card("4242424242424242")}`, BROWSER)).status).toBe(
    400,
  );
  for (const route of [
    `POST ${path}/capture`,
    `POST ${path}/cancel`,
    "POST /v1/refunds",
    "POST /v1/payment_intents",
    "GET /v1/payment_intents",
    "GET /v1/events",
    "POST /sandbox/faults",
  ])
    expect(await running.call(route, "", BROWSER), route).toMatchObject({ status: 403 });
  expect((await running.call(`GET ${path}`)).body["status"]).toBe("requires_payment_method");
});

test("[PAY14] without a right key there is no answer but 401", async () => {
  await using running = await runSandbox();
  for (const authorization of [
    "",
    "Bearer sk_test_other",
    "Basic ",
    `Basic ${Buffer.from("sk_test_other:").toString("base64")}`,
  ])
    expect((await running.call("GET /v1/payment_intents", "", { authorization })).status, authorization).toBe(401);
  const basic = `Basic ${Buffer.from(`${KEYS.secretKey}:`).toString("base64")}`;
  expect((await running.call("GET /v1/payment_intents", "", { authorization: basic })).status).toBe(200);
});

test.each([
  ["4000000000000002", "card_declined", "generic_decline"],
  ["4000000000009995", "card_declined", "insufficient_funds"],
  ["4000000000000069", "expired_card", undefined],
  ["4000000000000127", "incorrect_cvc", undefined],
  ["4111111111111111", "card_declined", "test_mode_live_card"],
  ["4242424242424241", "incorrect_number", undefined],
])("[PAY17] card %s is refused with %s, and another card can pay after it", async (number, code, declineCode) => {
  await using running = await runSandbox();
  const { path, secret } = await newIntent(running);
  const refused = await running.call(`POST ${path}/confirm`, `${secret}&${card(number)}`, BROWSER);
  expect(refused).toMatchObject({ status: 402, body: { error: { type: "card_error", code } } });
  expect(refused.body.error?.["decline_code"]).toBe(declineCode);
  expect((await running.call(`GET ${path}`)).body["status"]).toBe("requires_payment_method");
  const paid = await running.call(`POST ${path}/confirm`, `${secret}&${card("5555555555554444")}`, BROWSER);
  expect(paid.body["status"]).toBe("requires_capture");
});

test("[PAY17] card numbers sent by a server are refused, as Stripe does", async () => {
  await using running = await runSandbox();
  const { path } = await newIntent(running);
  expect((await running.call(`POST ${path}/confirm`, card("4242424242424242"))).status).toBe(402);
});

test.each([
  ["approve", "requires_capture", "succeeded"],
  ["refuse", "requires_payment_method", "failed"],
])(
  "[PAY17] a card that wants authentication sends the customer to a page: %s",
  async (outcome, status, redirectStatus) => {
    await using running = await runSandbox();
    const { path, secret } = await newIntent(running);
    const back = `return_url=${encodeURIComponent("http://localhost:5173/back?order=1")}`;
    const asked = await running.call(`POST ${path}/confirm`, `${secret}&${back}&${card("4000002760003184")}`, BROWSER);
    expect(asked.body).toMatchObject({ status: "requires_action", next_action: { type: "redirect_to_url" } });
    // Cast: the line before has checked that there is a page to go to.
    const { url } = (asked.body["next_action"] as { redirect_to_url: { url: string } }).redirect_to_url;
    expect(await (await fetch(url)).text()).toContain("2000 EUR");
    expect((await fetch(url.replace(/secret=.*/, "secret=guess"))).status).toBe(404);
    const page = url.split("?")[0] ?? "";
    const decided = await fetch(page, {
      method: "POST",
      body: new URLSearchParams(`${secret}&outcome=${outcome}`),
      redirect: "manual",
    });
    const target = new URL(decided.headers.get("location") ?? "");
    expect(target.searchParams.get("redirect_status")).toBe(redirectStatus);
    expect(target.searchParams.get("order")).toBe("1");
    expect((await running.call(`GET ${path}`)).body["status"]).toBe(status);
  },
);
