import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { runSandbox } from "./harness.ts";
import type { Answer } from "./harness.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const CREATE = "POST /v1/payment_intents";
const form = (amount: number) => `amount=${amount}&currency=eur&metadata[order_id]=o`;

test("[PAY11] the same key and parameters, in any order, get the first answer and do nothing more", async () => {
  await using running = await runSandbox();
  const key = { "idempotency-key": "k" };
  const first = await running.call(CREATE, "amount=500&currency=eur&metadata[a]=1&metadata[b]=2", key);
  const again = await running.call(CREATE, "metadata[b]=2&currency=eur&metadata[a]=1&amount=500", key);
  expect(again.text).toBe(first.text);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  expect((await running.call("GET /v1/payment_intents")).body["data"]).toHaveLength(1);
  await running.restart();
  expect((await running.call(CREATE, "amount=500&currency=eur&metadata[a]=1&metadata[b]=2", key)).text).toBe(
    first.text,
  );
});

test("[PAY11] a key in use answers 409 until its first request has ended", async () => {
  await using running = await runSandbox();
  await running.faults({ latencyMs: 40 });
  const key = { "idempotency-key": "k" };
  const both = await Promise.all([running.call(CREATE, form(500), key), running.call(CREATE, form(500), key)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.body.error).toMatchObject({ code: "idempotency_key_in_use" });
  expect((await running.call(CREATE, form(500), key)).status).toBe(200);
  expect((await running.call("GET /v1/payment_intents")).body["data"]).toHaveLength(1);
});

test("[PAY11] a request refused before its work began leaves its key free; a declined card does not", async () => {
  await using running = await runSandbox();
  const key = { "idempotency-key": "k" };
  expect((await running.call(CREATE, "amount=500", key)).status).toBe(400);
  const made = await running.call(CREATE, form(500), key);
  expect(made.status).toBe(200);
  const confirm = `POST /v1/payment_intents/${String(made.body["id"])}/confirm`;
  const bad = "payment_method=pm_card_chargeDeclined&return_url=https://example.com";
  const declined = await running.call(confirm, bad, { "idempotency-key": "c" });
  expect(declined.status).toBe(402);
  const replayed = await running.call(confirm, bad, { "idempotency-key": "c" });
  expect(replayed.text).toBe(declined.text);
  expect((await running.call("GET /v1/charges")).body["data"]).toHaveLength(1);
});

test("[PAY11] over any requests, one key is one effect: replayed, or refused if it asks for something else", async () => {
  await using running = await runSandbox();
  const step = fc.record({
    key: fc.constantFrom("a", "b", "c"),
    amount: fc.constantFrom(500, 600),
    fine: fc.boolean(),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run += 1;
      const before = await count();
      const model = new Map<string, { amount: number; answer: Answer }>();
      for (const { key, amount, fine } of steps) {
        const text = fine ? form(amount) : `${form(amount)}&foo=1`;
        const answer = await running.call(CREATE, text, { "idempotency-key": `${run}-${key}` });
        const known = model.get(key);
        const outcome = answer.body.error?.["type"] ?? (answer.text === known?.answer.text ? "first answer" : "new");
        expect(outcome).toBe(expected(fine, amount, known?.amount));
        if (outcome === "new") model.set(key, { amount, answer });
      }
      expect(await count()).toBe(before + model.size);
    }),
    { numRuns: 30 },
  );

  function expected(fine: boolean, amount: number, earlierAmount: number | undefined): string {
    if (!fine) return "invalid_request_error";
    if (earlierAmount === undefined) return "new";
    return amount === earlierAmount ? "first answer" : "idempotency_error";
  }

  async function count(): Promise<number> {
    const listed = await running.call("GET /v1/payment_intents", "limit=100");
    expect(listed.body["has_more"]).toBe(false);
    // Cast: a list holds an array.
    return (listed.body["data"] as unknown[]).length;
  }
});
