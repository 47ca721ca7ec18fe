import { createHmac } from "node:crypto";
import { PaymentProviderError } from "#shared/server/payments/provider.ts";
import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { KEYS, runSandbox } from "./harness.ts";
import type { Running } from "./harness.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const providerOf = (running: Running, timeoutMs = 5_000) =>
  makeStripeProvider({ ...KEYS, apiBase: running.sandbox.url, timeoutMs });
const order = (orderId: string, amountMinor = 2_000) => ({ orderId, marketId: "town", amountMinor, currency: "EUR" });

async function pay(running: Running, intentId: string, card = "pm_card_visa"): Promise<void> {
  await running.call(`POST /v1/payment_intents/${intentId}/confirm`, `payment_method=${card}`);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const failing = async (work: Promise<unknown>): Promise<PaymentProviderError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PaymentProviderError);
  // Cast: the line before has checked it.
  return error as PaymentProviderError;
};

describe.concurrent("a payment's life", () => {
  test("[PAY1] one order has one payment, however often it is asked for", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const [first, second] = await Promise.all([provider.createIntent(order("o1")), provider.createIntent(order("o1"))]);
    expect(second.id).toBe(first.id);
    expect((await provider.createIntent(order("o1"))).id).toBe(first.id);
    expect((await provider.createIntent(order("o2"))).id).not.toBe(first.id);
    expect(first).toMatchObject({
      orderId: "o1",
      marketId: "town",
      status: "requires_payment_method",
      amountMinor: 2_000,
      currency: "EUR",
      amountReceivedMinor: 0,
    });
    expect(first.clientSecret).toContain(first.id);
  });

  test("[PAY1] another amount for the same order is refused, not a second payment", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    await provider.createIntent(order("o1", 2_000));
    expect(await failing(provider.createIntent(order("o1", 2_100)))).toMatchObject({
      code: "key_reused",
      retryable: false,
    });
  });

  test("[PAY2] money is held first; a smaller capture releases the rest, which is no refund", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const { id } = await provider.createIntent(order("o1"));
    await pay(running, id);
    expect(await provider.retrieve(id)).toMatchObject({
      status: "requires_capture",
      amountCapturableMinor: 2_000,
      amountReceivedMinor: 0,
      amountRefundedMinor: 0,
    });
    expect(await failing(provider.capture(id, 2_001, "too-much"))).toMatchObject({ code: "invalid_request" });
    expect(await provider.capture(id, 1_500, "capture-o1")).toMatchObject({
      status: "succeeded",
      amountCapturableMinor: 0,
      amountReceivedMinor: 1_500,
      amountRefundedMinor: 0,
    });
    await provider.refund({ intentId: id, amountMinor: 500, refundId: "r1" });
    expect(await provider.retrieve(id)).toMatchObject({ amountReceivedMinor: 1_500, amountRefundedMinor: 500 });
  });

  test("[PAY2] a cancelled hold is released and counts as no refund", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const { id } = await provider.createIntent(order("o1"));
    await pay(running, id);
    expect(await provider.cancel(id, "cancel-o1")).toMatchObject({
      status: "canceled",
      amountCapturableMinor: 0,
      amountReceivedMinor: 0,
      amountRefundedMinor: 0,
    });
  });

  test("[PAY3] capture and cancel repeated with any key give the same answer; the opposite is refused", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const { id: taken } = await provider.createIntent(order("o1"));
    await pay(running, taken);
    const first = await provider.capture(taken, 2_000, "k1");
    expect(await provider.capture(taken, 2_000, "k1")).toEqual(first);
    expect(await provider.capture(taken, 2_000, "k2")).toEqual(first);
    expect(await failing(provider.capture(taken, 1_000, "k3"))).toMatchObject({ code: "unexpected_state" });
    expect(await failing(provider.cancel(taken, "k4"))).toMatchObject({ code: "unexpected_state", retryable: false });
    const { id: left } = await provider.createIntent(order("o2"));
    const ended = await provider.cancel(left, "k5");
    expect(await provider.cancel(left, "k6")).toEqual(ended);
    expect(await failing(provider.capture(left, 2_000, "k7"))).toMatchObject({ code: "unexpected_state" });
  });

  test("[PAY4] one refund of ours is one at the provider, also when its key is long forgotten", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const { id } = await provider.createIntent(order("o1"));
    await pay(running, id);
    await provider.capture(id, 2_000, "k");
    // The refund of an earlier attempt whose key the provider no longer knows: same metadata, no key.
    const earlier = await running.call("POST /v1/refunds", `payment_intent=${id}&amount=700&metadata[refund_id]=r1`);
    const again = await provider.refund({ intentId: id, amountMinor: 700, refundId: "r1" });
    expect(again).toEqual({ providerRefundId: earlier.body["id"], status: "succeeded", amountMinor: 700 });
    const both = await Promise.all(
      [1, 2].map(() => provider.refund({ intentId: id, amountMinor: 300, refundId: "r2" })),
    );
    expect(both[0]).toEqual(both[1]);
    expect((await provider.retrieve(id)).amountRefundedMinor).toBe(1_000);
  });

  test("[PAY5] whatever is asked, no more is taken than was held and no more given back than was taken", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const step = fc.oneof(
      fc.record({ do: fc.constant("pay" as const) }),
      fc.record({ do: fc.constant("cancel" as const) }),
      fc.record({ do: fc.constant("capture" as const), amountMinor: fc.integer({ min: 1, max: 1_200 }) }),
      fc.record({
        do: fc.constant("refund" as const),
        amountMinor: fc.integer({ min: 1, max: 900 }),
        refundId: fc.constantFrom("a", "b", "c"),
      }),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
        run += 1;
        const { id } = await provider.createIntent(order(`o${run}`, 1_000));
        const refunds = new Map<string, number>();
        for (const [at, each] of steps.entries()) {
          const before = await provider.retrieve(id);
          const after = await act(each, at, id).then(
            () => provider.retrieve(id),
            async (error: unknown) => {
              // A refused step changes nothing.
              expect(error).toBeInstanceOf(PaymentProviderError);
              const now = await provider.retrieve(id);
              expect(now).toEqual(before);
              return now;
            },
          );
          expect(after.amountReceivedMinor).toBeLessThanOrEqual(1_000);
          expect(after.amountRefundedMinor).toBeLessThanOrEqual(after.amountReceivedMinor);
          expect(after.amountRefundedMinor).toBe([...refunds.values()].reduce((sum, amount) => sum + amount, 0));
          expect(after.status === "canceled" && after.amountReceivedMinor > 0).toBe(false);
        }
        async function act(each: (typeof steps)[number], at: number, intentId: string): Promise<void> {
          if (each.do === "pay") await pay(running, intentId);
          else if (each.do === "cancel") await provider.cancel(intentId, `cancel-${run}-${at}`);
          else if (each.do === "capture") await provider.capture(intentId, each.amountMinor, `capture-${run}-${at}`);
          else {
            const refundId = `${run}-${each.refundId}`;
            const made = await provider.refund({ intentId, amountMinor: each.amountMinor, refundId });
            refunds.set(refundId, made.amountMinor);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe.concurrent("what can go wrong", () => {
  test("[PAY6] a failure says whether trying again may help", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    expect(await failing(provider.retrieve("pi_unknown"))).toMatchObject({ code: "not_found", retryable: false });
    const wrongKey = makeStripeProvider({
      ...KEYS,
      secretKey: "sk_test_wrong",
      apiBase: running.sandbox.url,
      timeoutMs: 5_000,
    });
    expect(await failing(wrongKey.retrieve("pi_1"))).toMatchObject({ code: "unauthorised", retryable: false });
    await running.faults({ api: [{ kind: "rate_limit" }] });
    expect(await failing(provider.retrieve("pi_1"))).toMatchObject({ code: "rate_limited", retryable: true });
    await running.faults({});
    const { body } = await running.call("POST /v1/payment_intents", "amount=500&currency=eur");
    expect(await failing(provider.retrieve(String(body["id"])))).toMatchObject({ code: "foreign_intent" });
    expect(await failing(provider.createIntent({ ...order("o"), currency: "ZZZ" }))).toMatchObject({
      code: "invalid_request",
    });
  });

  test("[PAY6] a provider that is down or silent is unavailable, and the same call works when it is back", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running, 60);
    await running.faults({ api: [{ kind: "error", path: "/v1/payment_intents", times: 3 }] });
    expect(await failing(provider.createIntent(order("o1")))).toMatchObject({ code: "unavailable", retryable: true });
    await running.faults({ api: [{ kind: "hang", times: 1 }] });
    expect(await provider.createIntent(order("o1"))).toMatchObject({ orderId: "o1" });
  });

  test("[PAY15] an answer that is lost on the way moves no money twice", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    await running.faults({ api: [{ kind: "lost_answer", path: "/v1/payment_intents", times: 1 }] });
    const { id } = await provider.createIntent(order("o1"));
    expect((await running.call("GET /v1/payment_intents")).body["data"]).toHaveLength(1);
    await pay(running, id);
    await running.faults({ api: [{ kind: "lost_answer", path: "/capture", times: 1 }] });
    expect(await provider.capture(id, 2_000, "k")).toMatchObject({ amountReceivedMinor: 2_000 });
    await running.faults({ api: [{ kind: "lost_answer", method: "POST", path: "/refunds", times: 1 }] });
    await provider.refund({ intentId: id, amountMinor: 400, refundId: "r" });
    expect((await provider.retrieve(id)).amountRefundedMinor).toBe(400);
  });

  test("[PAY6] an error that the provider remembers for its key does not stop what comes after it", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const once = { code: "unavailable", retryable: true };
    const failsOnce = async (kind: string, path: string, work: () => Promise<unknown>) => {
      await running.faults({ api: [{ kind, method: "POST", path, times: 1 }] });
      expect(await failing(work())).toMatchObject(once);
      return work();
    };
    await failsOnce("error_kept", "/payment_intents", () => provider.createIntent(order("o1")));
    const { id } = await provider.createIntent(order("o1"));
    expect((await running.call("GET /v1/payment_intents")).body["data"]).toHaveLength(1);
    // Too early: the refusal is remembered too, and passes when the customer has paid.
    expect(await failing(provider.capture(id, 2_000, "c"))).toMatchObject({ code: "unexpected_state" });
    await pay(running, id);
    expect(await provider.capture(id, 2_000, "c")).toMatchObject({ amountReceivedMinor: 2_000 });
    const refund = (refundId: string) => provider.refund({ intentId: id, amountMinor: 300, refundId });
    await failsOnce("error_done", "/refunds", () => refund("r1"));
    await failsOnce("error_kept", "/refunds", () => refund("r2"));
    expect((await provider.retrieve(id)).amountRefundedMinor).toBe(600);
    const { id: second } = await provider.createIntent(order("o2"));
    await pay(running, second);
    await failsOnce("error_done", "/capture", () => provider.capture(second, 2_000, "d"));
    expect((await provider.retrieve(second)).amountReceivedMinor).toBe(2_000);
  });

  test("[PAY15] while the network declines, a good card is refused and can pay later", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const { id } = await provider.createIntent(order("o1"));
    await running.faults({ api: [{ kind: "decline", path: "/confirm" }] });
    await pay(running, id);
    expect((await provider.retrieve(id)).status).toBe("requires_payment_method");
    await running.faults({});
    await pay(running, id);
    expect((await provider.retrieve(id)).status).toBe("requires_capture");
  });

  test("[PAY7] a webhook counts only with a fresh signature over its exact bytes", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const body = JSON.stringify({
      id: "evt_1",
      object: "event",
      type: "charge.refunded",
      data: { object: { object: "charge", id: "ch_1", payment_intent: "pi_1" } },
    });
    const sign = (text: string, atS: number, secret: string = KEYS.webhookSecret) =>
      `t=${atS},v1=${createHmac("sha256", secret).update(`${atS}.${text}`).digest("hex")}`;
    const nowS = Math.floor(Date.now() / 1000);
    const parse = (text: string, signature: string) => provider.parseWebhook(Buffer.from(text), signature);
    expect(parse(body, sign(body, nowS))).toEqual({ eventId: "evt_1", type: "charge.refunded", intentId: "pi_1" });
    const bad = expect.objectContaining({ name: "PaymentProviderError", code: "bad_signature", retryable: false });
    expect(() => parse(`${body} `, sign(body, nowS))).toThrow(bad);
    expect(() => parse(body, sign(body, nowS, "whsec_other"))).toThrow(bad);
    expect(() => parse(body, sign(body, nowS - 301))).toThrow(bad);
    expect(() => parse(body, "")).toThrow(bad);
    expect(() => parse("[]", sign("[]", nowS))).toThrow(expect.objectContaining({ code: "unexpected_answer" }));
  });

  test("[PAY8] the list holds every payment of the platform since a time, over all pages, and no other", async () => {
    await using running = await runSandbox();
    const provider = providerOf(running);
    const startMs = Date.now();
    const made = await Promise.all(Array.from({ length: 130 }, (_, at) => provider.createIntent(order(`o${at}`))));
    await running.call("POST /v1/payment_intents", "amount=500&currency=eur");
    const listed = await collect(provider.list(startMs));
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
    expect(listed).toHaveLength(130);
    expect(await collect(provider.list(startMs + 60_000))).toEqual([]);
  });
});
