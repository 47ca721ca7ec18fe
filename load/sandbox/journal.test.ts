import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runSandbox } from "./harness.ts";
import type { Running } from "./harness.ts";

/** These tests speak HTTP in one process: generous where other tests share its processor. */
vi.setConfig({ testTimeout: 30_000 });

const LISTS = ["payment_intents", "charges", "refunds", "events", "webhook_endpoints"];

async function everything(running: Running): Promise<unknown> {
  return Promise.all(LISTS.map(async (name) => (await running.call(`GET /v1/${name}`, "limit=100")).body));
}

async function someLife(running: Running): Promise<void> {
  await running.call("POST /v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=charge.captured");
  for (const card of ["pm_card_visa", "pm_card_chargeDeclined"]) {
    const { body } = await running.call("POST /v1/payment_intents", "amount=900&currency=eur&capture_method=manual");
    const path = `POST /v1/payment_intents/${String(body["id"])}`;
    await running.call(`${path}/confirm`, `payment_method=${card}&return_url=https://example.com`);
    await running.call(`${path}/capture`, "amount_to_capture=700");
    await running.call("POST /v1/refunds", `payment_intent=${String(body["id"])}&amount=100`);
  }
}

test("[PAY13] a restart keeps payments, charges, refunds, events and endpoints, however often", async () => {
  await using running = await runSandbox({ retryMs: () => 60_000 });
  await someLife(running);
  const before = await everything(running);
  await running.restart();
  expect(await everything(running)).toEqual(before);
  await running.restart();
  expect(await everything(running)).toEqual(before);
  await someLife(running);
  expect(await everything(running)).not.toEqual(before);
});

test("[PAY13] a line torn by the kill is dropped: the request was never answered", async () => {
  await using running = await runSandbox({ retryMs: () => 60_000 });
  await someLife(running);
  const before = await everything(running);
  const path = join(running.dir, "journal.jsonl");
  await running.restart();
  const whole = readFileSync(path);
  appendFileSync(path, '{"puts":[{"kind":"payment_intent","id":"pi_torn"');
  await running.restart();
  expect(await everything(running)).toEqual(before);
  writeFileSync(path, whole);
  await running.restart();
  expect(await everything(running)).toEqual(before);
});

test("[PAY13] a journal that is damaged inside stops the start: nothing is guessed", async () => {
  await using running = await runSandbox();
  await someLife(running);
  const path = join(running.dir, "journal.jsonl");
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, whole.replace('{"puts"', '{"pu'));
  await expect(running.restart()).rejects.toThrow(SyntaxError);
  writeFileSync(path, whole);
  await running.restart();
});
