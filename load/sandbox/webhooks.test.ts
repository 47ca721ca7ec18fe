import { makeStripeProvider } from "#shared/server/payments/stripe.ts";
import { expect, test, vi } from "vitest";
import { KEYS, runReceiver, runSandbox } from "./harness.ts";
import type { Hook, Receiver, Running } from "./harness.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const intents = (hooks: readonly Hook[]) => hooks.map(({ event }) => String(event.data.object["id"]));

async function make(running: Running, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1) {
    const { body } = await running.call("POST /v1/payment_intents", "amount=500&currency=eur");
    ids.push(String(body["id"]));
  }
  return ids;
}

const runBoth = async (receiver: Receiver) => runSandbox({ webhookUrls: [receiver.url] });

test("[PAY12] every endpoint hears every event, signed so that the provider's client accepts it", async () => {
  await using one = await runReceiver();
  await using other = await runReceiver();
  await using running = await runSandbox({ webhookUrls: [one.url, other.url] });
  const [id = ""] = await make(running, 1);
  await one.until((hooks) => hooks.length === 1);
  await other.until((hooks) => hooks.length === 1);
  const provider = makeStripeProvider({ ...KEYS, apiBase: running.sandbox.url, timeoutMs: 1_000 });
  for (const { body, signature } of [...one.hooks, ...other.hooks])
    expect(provider.parseWebhook(Buffer.from(body), signature)).toMatchObject({
      type: "payment_intent.created",
      intentId: id,
    });
  expect(one.hooks[0]?.event.id).toBe(other.hooks[0]?.event.id);
});

test("[PAY12] a registered endpoint hears only its types, with its own secret", async () => {
  await using receiver = await runReceiver();
  await using running = await runSandbox();
  const types = "enabled_events[]=payment_intent.canceled";
  const { body } = await running.call("POST /v1/webhook_endpoints", `url=${encodeURIComponent(receiver.url)}&${types}`);
  const [id = ""] = await make(running, 1);
  await running.call(`POST /v1/payment_intents/${id}/cancel`);
  await receiver.until((hooks) => hooks.length === 1);
  expect(receiver.hooks.map(({ event }) => event.type)).toEqual(["payment_intent.canceled"]);
  const provider = makeStripeProvider({ ...KEYS, webhookSecret: String(body["secret"]), timeoutMs: 1_000 });
  const [hook] = receiver.hooks;
  expect(provider.parseWebhook(Buffer.from(hook?.body ?? ""), hook?.signature ?? "")).toMatchObject({ intentId: id });
});

test("[PAY12] configured endpoints hear only the types that are asked for", async () => {
  await using receiver = await runReceiver();
  await using running = await runSandbox({ webhookUrls: [receiver.url], webhookEvents: ["payment_intent.canceled"] });
  const [id = ""] = await make(running, 1);
  await running.call(`POST /v1/payment_intents/${id}/cancel`);
  await receiver.until((hooks) => hooks.length === 1);
  expect(receiver.hooks.map(({ event }) => event.type)).toEqual(["payment_intent.canceled"]);
});

test("[PAY12] a delivery that is not answered with 2xx is tried again until it is", async () => {
  await using receiver = await runReceiver();
  await using running = await runBoth(receiver);
  receiver.answerWith(() => (receiver.hooks.length <= 3 ? 500 : 200));
  const [id] = await make(running, 1);
  await receiver.until((hooks) => hooks.length === 4);
  expect(intents(receiver.hooks)).toEqual([id, id, id, id]);
  expect(new Set(receiver.hooks.map(({ event }) => event.id)).size).toBe(1);
  const events = async () => (await running.call("GET /v1/events")).body["data"];
  await expect.poll(events).toMatchObject([{ pending_webhooks: 0 }]);
});

test("[PAY12] what was never delivered before a restart is delivered after it, to the endpoint's new address", async () => {
  await using receiver = await runReceiver();
  await using running = await runSandbox({ webhookUrls: ["http://127.0.0.1:9/nobody"], retryMs: () => 60_000 });
  const ids = await make(running, 5);
  await running.restart({ webhookUrls: [receiver.url] });
  await receiver.until((hooks) => hooks.length === 5);
  expect(intents(receiver.hooks).toSorted()).toEqual(ids.toSorted());
});

test("[PAY12] copies, disorder, delay and loss happen when asked for", async () => {
  await using receiver = await runReceiver();
  await using running = await runBoth(receiver);
  await running.faults({ webhooks: { copies: 3 } });
  const [twice] = await make(running, 1);
  await receiver.until((hooks) => hooks.length === 3);
  expect(new Set(intents(receiver.hooks))).toEqual(new Set([twice]));
  await running.faults({ webhooks: { pause: true } });
  const ids = await make(running, 4);
  expect(receiver.hooks).toHaveLength(3);
  receiver.answerWith(() => 200);
  await running.faults({ webhooks: { release: "reversed", delayMs: 5 } });
  await receiver.until((hooks) => hooks.length === 7);
  expect(intents(receiver.hooks.slice(3)).toSorted()).toEqual(ids.toSorted());
  await running.faults({ webhooks: { drop: 1 } });
  const [lost] = await make(running, 1);
  await running.faults({});
  const [heard] = await make(running, 1);
  await receiver.until((hooks) => intents(hooks).includes(heard ?? ""));
  expect(intents(receiver.hooks)).not.toContain(lost);
});

test("[PAY12] deliveries overtake each other when spread, and each shows the payment as it was at its event", async () => {
  await using receiver = await runReceiver();
  await using running = await runBoth(receiver);
  await running.faults({ webhooks: { spreadMs: 500 }, seed: 7 });
  const ids = await make(running, 12);
  await Promise.all(ids.map((id) => running.call(`POST /v1/payment_intents/${id}/cancel`)));
  await receiver.until((hooks) => hooks.length === 24);
  const order = receiver.hooks.filter(({ event }) => event.type === "payment_intent.created");
  expect(intents(order)).not.toEqual(ids);
  for (const { event } of receiver.hooks)
    expect(event.data.object["status"]).toBe(
      event.type === "payment_intent.created" ? "requires_payment_method" : "canceled",
    );
});
