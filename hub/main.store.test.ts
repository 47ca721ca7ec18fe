import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterEach, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";

const services = await testServices();
const started: ChildProcess[] = [];

afterEach(() => {
  for (const hub of started.splice(0)) hub.kill("SIGKILL");
});

async function startHub(env: Record<string, string> = {}) {
  const hub = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
    env: {
      DATABASE_URL: services.databaseUrl,
      REDIS_LIVE_URL: services.redisLiveUrl,
      REDIS_QUEUE_URL: services.redisQueueUrl,
      JWT_SECRET: "a secret of tests, long enough to sign",
      PAYMENTS: "sandbox",
      STRIPE_API_BASE: "http://127.0.0.1:1",
      STRIPE_SECRET_KEY: "sk_test_1",
      STRIPE_WEBHOOK_SECRET: "whsec_1",
      HUB_PORT: "0",
      LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(hub);
  const [line] = await once(createInterface({ input: hub.stdout }), "line");
  const { ready, port } = JSON.parse(String(line)) as { ready: boolean; port: number }; // Cast: the line's form.
  expect(ready).toBe(true);
  return { hub, url: `http://127.0.0.1:${port}` };
}

const get = (url: string) => fetch(url, { headers: { connection: "close" } });

test("[API11] a hub says that it lives, that it is ready, and how it takes money", async () => {
  const { url } = await startHub();
  expect((await get(`${url}/healthz`)).status).toBe(200);
  expect(await (await get(`${url}/readyz`)).json()).toEqual({
    ready: true,
    draining: false,
    parts: { postgres: true, redis: true },
  });
  expect(await (await get(`${url}/v1/config`)).json()).toEqual({
    paymentsMode: "sandbox",
    publishableKey: "",
    paymentApiBase: "http://127.0.0.1:1",
    clockRate: 1,
    nowMs: expect.any(Number),
  });
  expect(await (await get(`${url}/metrics`)).text()).toContain("http_request_duration_seconds");
  expect((await get(`${url}/docs/`)).status).toBe(200);
});

test("[API12] told to end, a hub answers the requests under way and exits with 0", async () => {
  const { hub, url } = await startHub();
  const asked = fetch(`${url}/v1/accounts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "late@example.org", password: "correct horse battery", name: "Late" }),
  });
  // The hub has the request as soon as a request after it on another connection was answered.
  await get(`${url}/healthz`);
  hub.kill("SIGTERM");
  const [answer, [code]] = await Promise.all([asked, once(hub, "exit")]);
  expect(answer.status).toBe(200);
  expect(code).toBe(0);
});

test(
  "[API15] a hub for sockets alone serves no commands, and one for REST alone no sockets",
  { timeout: 90_000 },
  async () => {
    const realtime = await startHub({ HUB_ROLE: "realtime" });
    expect((await get(`${realtime.url}/v1/markets`)).status).toBe(404);
    expect((await get(`${realtime.url}/readyz`)).status).toBe(200);
    const api = await startHub({ HUB_ROLE: "api" });
    expect((await get(`${api.url}/v1/markets`)).status).toBe(200);
    expect((await get(`${api.url}/socket.io/?EIO=4&transport=websocket`)).status).toBe(404);
  },
);
