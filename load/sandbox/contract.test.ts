import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import { assert } from "#shared/lib/assert.ts";
import fc from "fast-check";
import { stringify } from "qs";
import { Stripe } from "stripe";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { KEYS, request, runReceiver, runRecorder, runSandbox } from "./harness.ts";
import type { Exchange, Running } from "./harness.ts";
import { OPERATIONS } from "./operations.ts";
import { API_VERSION } from "./pipeline.ts";
import { loadStripeOpenApi } from "./stripe-openapi.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const stripe = loadStripeOpenApi();
/** A version of the document's time: since then intents no longer name their payment method types. */
const OLD = { "stripe-version": "2023-08-16" };
let running: Running;
beforeAll(async () => {
  running = await runSandbox();
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
});

function expectToFit({ method, path, query, form, status, body }: Exchange): void {
  const taken = status === 200;
  expect(taken && stripe.request(method, path, query, form).errors, `${method} ${path} ${form}`).toEqual(taken && []);
  expect(stripe.answer(method, path, status, JSON.parse(body)), `${method} ${path}: ${body}`).toMatchObject({
    ok: true,
  });
}

describe("held to Stripe's OpenAPI document", () => {
  test("[PAY9][PAY10] every request of the provider's client and every answer to it fits", async () => {
    await using recorder = await runRecorder(() => running.sandbox.url);
    const provider = makeStripeProvider({ ...KEYS, apiBase: recorder.url, timeoutMs: 5_000 });
    const order = { orderId: "o1", marketId: "town", amountMinor: 2_000, currency: "EUR" };
    const { id } = await provider.createIntent(order);
    await running.call(`POST /v1/payment_intents/${id}/confirm`, "payment_method=pm_card_visa");
    await provider.retrieve(id);
    await provider.capture(id, 1_500, "c");
    await provider.refund({ intentId: id, amountMinor: 500, refundId: "r1" });
    await provider.refund({ intentId: id, amountMinor: 500, refundId: "r1" });
    const { id: second } = await provider.createIntent({ ...order, orderId: "o2" });
    await provider.cancel(second, "x");
    for await (const view of provider.list(Date.now() - 60_000)) expect(view.id).toMatch(/^pi_/);
    expect(recorder.exchanges.length).toBeGreaterThan(8);
    for (const exchange of recorder.exchanges) expectToFit(exchange);
  });

  test("[PAY10] every operation's answer fits, and so do refusals and events", async () => {
    await using recorder = await runRecorder(() => running.sandbox.url);
    await using receiver = await runReceiver();
    const sdk = clientOf(recorder.url);
    const endpoint = await sdk.webhookEndpoints.create({ url: receiver.url, enabled_events: ["*"] });
    await everyOperation(sdk, endpoint.id);
    const typed = "type=card&card[number]=4242424242424242&card[exp_month]=12&card[exp_year]=2050&card[cvc]=123";
    const browser = { authorization: `Bearer ${KEYS.publishableKey}` };
    expect((await request(recorder.url, "POST /v1/payment_methods", typed, browser)).status).toBe(200);
    await receiver.until((hooks) => hooks.some(({ event }) => event.type === "refund.created"));
    await sdk.webhookEndpoints.del(endpoint.id);
    const reached = new Set(recorder.exchanges.map(({ method, path }) => routeOf(method, path)));
    expect([...reached].toSorted()).toEqual(OPERATIONS.map(({ method, path }) => `${method} ${path}`).toSorted());
    expect(recorder.exchanges.some(({ status }) => status === 402)).toBe(true);
    for (const exchange of recorder.exchanges) expectToFit(exchange);
    for (const { event } of receiver.hooks) {
      expect(stripe.object({ ...event }), JSON.stringify(event)).toMatchObject({ ok: true });
      expect(stripe.object(event.data.object), JSON.stringify(event)).toMatchObject({ ok: true });
    }
  });

  test("[PAY9] what Stripe's document refuses, the sandbox refuses with 400", async () => {
    const value = fc.constantFrom<unknown>(
      "",
      "1",
      "0",
      "-5",
      "12.5",
      "2000",
      "true",
      "yes",
      "eur",
      "manual",
      "nope",
      ["card"],
      ["a", "b"],
      { a: "b" },
      { enabled: "true" },
      { enabled: "perhaps" },
      { gte: "1" },
      { number: "4242424242424242" },
    );
    const names = fc.constantFrom(
      "amount",
      "currency",
      "capture_method",
      "confirm",
      "metadata",
      "payment_method_types",
      "automatic_payment_methods",
      "expand",
      "limit",
      "created",
      "reason",
      "amount_to_capture",
      "cancellation_reason",
      "payment_intent",
      "Amount",
      "foo",
      "amount ",
      "use_stripe_sdk",
      "off_sesion",
    );
    const route = fc.constantFrom(
      "POST /v1/payment_intents",
      "GET /v1/payment_intents",
      "POST /v1/refunds",
      "GET /v1/refunds",
      "GET /v1/charges",
      "POST /v1/payment_intents/pi_1/confirm",
      "POST /v1/payment_intents/pi_1/capture",
      "POST /v1/payment_intents/pi_1/cancel",
    );
    const seen = { refused: 0, taken: 0 };
    await fc.assert(
      fc.asyncProperty(route, fc.dictionary(names, value, { maxKeys: 3 }), fc.boolean(), async (to, extra, based) => {
        const [method = "", path = ""] = to.split(" ");
        const base = based && to === "POST /v1/payment_intents" ? { amount: "2000", currency: "eur" } : {};
        const form = stringify({ ...base, ...extra }, { arrayFormat: "brackets" });
        const allowed = stripe.request(method, path, form, form).ok;
        const { status, text } = await running.call(to, form, OLD);
        seen[allowed ? "taken" : "refused"] += 1;
        expect({ form, text, refused: allowed || status === 400 }).toMatchObject({ refused: true });
        expect(stripe.answer(method, path, status, JSON.parse(text)), text).toMatchObject({ ok: true });
      }),
      {
        numRuns: 400,
        examples: [["POST /v1/payment_intents", { metadata: "" }, true]],
      },
    );
    expect(seen.refused).toBeGreaterThan(50);
    expect(seen.taken).toBeGreaterThan(20);
  });

  test.each([
    ["amount=2000&currency=eur&foo=1", "parameter_unknown", "foo"],
    [
      "amount=2000&currency=eur&automatic_payment_methods[enabled]=true&automatic_payment_methods[x]=1",
      "parameter_unknown",
      "automatic_payment_methods[x]",
    ],
    ["currency=eur", "parameter_missing", "amount"],
    ["amount=2000", "parameter_missing", "currency"],
    ["amount=12.5&currency=eur", "parameter_invalid_integer", "amount"],
    ["amount=0&currency=eur", "parameter_invalid_integer", "amount"],
    ["amount=10&currency=usd", "amount_too_small", "amount"],
    ["amount=100000000&currency=eur", "amount_too_large", "amount"],
  ])("[PAY9] %s is refused as %s", async (form, code, param) => {
    const { status, body } = await running.call("POST /v1/payment_intents", form);
    expect({ status, error: body.error }).toMatchObject({
      status: 400,
      error: { type: "invalid_request_error", code, param },
    });
  });

  test("[PAY9] payment_method_types ended with the version that removed it", async () => {
    const form = "amount=2000&currency=eur&payment_method_types[]=card";
    expect((await running.call("POST /v1/payment_intents", form, OLD)).status).toBe(200);
    expect(
      (await running.call("POST /v1/payment_intents", form, { "stripe-version": API_VERSION })).body.error,
    ).toMatchObject({ code: "parameter_unknown" });
  });
});

function clientOf(url: string): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(KEYS.secretKey, { host: hostname, port, protocol: "http", telemetry: false });
}

async function everyOperation(sdk: Stripe, endpointId: string): Promise<void> {
  const noRedirect = { enabled: true, allow_redirects: "never" } as const;
  const fresh = { amount: 2_000, currency: "usd", automatic_payment_methods: noRedirect } as const;
  const failed = sdk.paymentIntents.create({ ...fresh, payment_method: "pm_card_chargeDeclined", confirm: true });
  await expect(failed).rejects.toMatchObject({
    type: "StripeCardError",
    code: "card_declined",
    decline_code: "generic_decline",
  });
  const asked = await sdk.paymentIntents.create({
    ...fresh,
    payment_method: "pm_card_authenticationRequired",
    confirm: true,
    return_url: "https://example.com/back",
  });
  expect(asked.next_action?.type).toBe("redirect_to_url");
  await sdk.paymentIntents.cancel(asked.id, { cancellation_reason: "abandoned" });
  const { id } = await sdk.paymentIntents.create({ ...fresh, capture_method: "manual", metadata: { a: "b" } });
  await sdk.paymentIntents.confirm(id, { payment_method: "pm_card_visa", expand: ["latest_charge"] });
  const taken = await sdk.paymentIntents.capture(id, { amount_to_capture: 1_500 });
  await sdk.paymentIntents.retrieve(id, { expand: ["latest_charge", "payment_method"] });
  await sdk.paymentIntents.list({ limit: 2, expand: ["data.latest_charge"] });
  const refund = await sdk.refunds.create({ payment_intent: id, amount: 100, reason: "requested_by_customer" });
  await sdk.refunds.retrieve(refund.id, { expand: ["charge", "payment_intent"] });
  await sdk.refunds.list({ payment_intent: id });
  await sdk.charges.retrieve(idIn(taken.latest_charge));
  await sdk.charges.list({ payment_intent: id });
  await sdk.paymentMethods.retrieve(idIn(taken.payment_method));
  const events = await sdk.events.list({ type: "payment_intent.succeeded" });
  await sdk.events.retrieve(String(events.data[0]?.id));
  await sdk.webhookEndpoints.list();
  await sdk.webhookEndpoints.retrieve(endpointId);
  await expect(sdk.paymentIntents.retrieve("pi_none")).rejects.toMatchObject({ code: "resource_missing" });
  await expect(sdk.refunds.create({ payment_intent: id, amount: 5_000 })).rejects.toMatchObject({ statusCode: 400 });
}

/** An expandable field that was not expanded. */
function idIn(field: unknown): string {
  assert(typeof field === "string", "the field holds an id");
  return field;
}

function routeOf(method: string, path: string): string {
  return `${method} ${path.replace(/\/(pi|re|ch|pm|evt|we)_[^/]+/, "/:id")}`;
}
