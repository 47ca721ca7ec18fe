import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { io } from "socket.io-client";
import { afterEach, expect, test } from "vitest";

import { testServices } from "#shared/testing/services.ts";

const SOMAXCONN = "/proc/sys/net/core/somaxconn";
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

const connectSocket = (url: string) => io(`${url}/customer`, { transports: ["websocket"], reconnection: false });
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

test("[ROL1] [ROL2] told to end, a hub says so, takes work until it may be known, and then nobody can connect", async () => {
  const { hub, url } = await startHub({ LEAVE_AFTER_MS: "1500" });
  const ended = once(hub, "exit");
  const beganAtMs = performance.now();
  hub.kill("SIGTERM");
  await expect.poll(async () => (await get(`${url}/readyz`)).status).toBe(503);
  const answer = await fetch(`${url}/v1/markets`);
  expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
  const socket = connectSocket(url);
  // It was taken, and refused for what it is: a socket without a token.
  const refused = await new Promise((done) => socket.once("connect_error", done));
  expect(refused).toMatchObject({ data: { code: "auth.missing" } });
  socket.disconnect();
  expect(await ended).toEqual([0, null]);
  expect(performance.now() - beganAtMs).toBeGreaterThan(1_500);
});

test("[ROL2] [ROL3] while sockets are let go and a request is under way nobody new can connect, and the request is answered", async () => {
  const { hub, url } = await startHub();
  const body = JSON.stringify({ email: "slow@example.org", password: "correct horse battery", name: "Slow" });
  const { port } = new URL(url);
  const slow = connect(Number(port), "127.0.0.1");
  const headers = `content-type: application/json\r\ncontent-length: ${body.length}`;
  slow.write(`POST /v1/accounts HTTP/1.1\r\nhost: hub\r\n${headers}\r\n\r\n${body.slice(0, 10)}`);
  await get(`${url}/healthz`);
  hub.kill("SIGTERM");
  await expect
    .poll(() =>
      get(`${url}/healthz`).then(
        () => "in",
        () => "refused",
      ),
    )
    .toBe("refused");
  const said = once(slow, "data");
  slow.write(body.slice(10));
  expect(String((await said)[0])).toMatch(/^HTTP\/1[.]1 200 /u);
  expect(await once(hub, "exit")).toEqual([0, null]);
});

/** Linux has let 4,096 wait since 5.4; where the system lets fewer, no hub can ask for more. */
const SYSTEM_LETS_WAIT = existsSync(SOMAXCONN) ? Number(readFileSync(SOMAXCONN, "utf8")) : 0;

test.skipIf(SYSTEM_LETS_WAIT < 2_048)(
  "[RTM73] while a hub stands still, fifteen hundred who knock are kept waiting, and served when it goes on",
  async () => {
    const { hub, url } = await startHub();
    const port = Number(new URL(url).port);
    hub.kill("SIGSTOP");
    const knocking = Array.from({ length: 1_500 }, () => connect(port, "127.0.0.1"));
    // The kernel lets in as many as may wait; the others would knock for ever.
    await Promise.all(knocking.map((socket) => once(socket, "connect")));
    hub.kill("SIGCONT");
    expect((await get(`${url}/healthz`)).status).toBe(200);
    for (const socket of knocking) socket.destroy();
  },
);

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
