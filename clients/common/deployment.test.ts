import { expect, test } from "vitest";

import { makeDeployment } from "./deployment.ts";
import { memoryStorage } from "./testing/memory-storage.ts";

const answer = {
  paymentsMode: "sandbox",
  publishableKey: "",
  paymentApiBase: "http://pay",
  clockRate: 10,
  nowMs: 5_000_000,
};

/** A page whose hub answers so, or not at all; the test turns its clock. */
function page(storage = memoryStorage(), hub: () => Response = () => Response.json(answer)) {
  const time = { nowMs: 1_000 };
  const deps = { baseUrl: "http://hub", fetch: async () => hub(), storage, wallNowMs: () => time.nowMs };
  return { time, deployment: makeDeployment(deps) };
}

test("[DMO9] a screen goes by the deployment's clock, at its rate, whatever its own machine's says", async () => {
  const { time, deployment } = page();
  expect(deployment.nowMs()).toBe(1_000);
  let told = 0;
  deployment.subscribe(() => (told += 1));
  await deployment.read();
  expect(told).toBe(1);
  expect(deployment.nowMs()).toBe(5_000_000);
  time.nowMs += 2_000;
  expect(deployment.nowMs()).toBe(5_020_000);
  expect(deployment.timeAt(time.nowMs - 500)).toBe(5_015_000);
});

test("[DMO9] what one page has heard, the next knows before the hub answers, and goes on when it does not", async () => {
  const storage = memoryStorage();
  await page(storage).deployment.read();
  const { time, deployment } = page(storage, () => new Response(null, { status: 503 }));
  time.nowMs += 100;
  await expect(deployment.read()).rejects.toThrow("503");
  expect(deployment.current()?.clockRate).toBe(10);
  expect(deployment.nowMs()).toBe(5_001_000);
});

test("[DMO9] what else lies in the storage is no clock", () => {
  const storage = memoryStorage();
  storage.setItem("tiffin.deployment.1", "{nonsense");
  expect(page(storage).deployment.nowMs()).toBe(1_000);
});
