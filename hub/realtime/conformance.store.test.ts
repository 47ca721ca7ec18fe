import { request } from "node:http";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { wallClock } from "#shared/client/wall-clock.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";
import { testServices } from "#shared/testing/services.ts";

import { PING_INTERVAL_MS, PING_TIMEOUT_MS } from "../sockets/pulse.ts";
import { startTestHub, tokenOf, type TestHub } from "./harness.ts";

const { databaseUrl, redisLiveUrl } = await testServices();
const ORDER = { marketId: "test-market", kind: "order", id: "0190a000-0000-7000-8000-00000000000a" };
const UNWATCH = JSON.stringify(["stream:unwatch", { stream: ORDER }]);
/** One hub pings so many times as often. */
const QUICK = 50;
const quickClock: Clock = {
  rate: 1,
  nowMs: () => performance.now() * QUICK,
  after: (delayMs, task) => wallClock.after(delayMs / QUICK, task),
};

let hub: TestHub;
let quick: TestHub;
const wires: Wire[] = [];

beforeAll(async () => {
  [hub, quick] = await Promise.all([
    // It never pings: a test takes packets as they come.
    startTestHub({ databaseUrl, redisUrls: redisLiveUrl, pulseClock: new FakeClock() }),
    startTestHub({ databaseUrl, redisUrls: redisLiveUrl, pulseClock: quickClock }),
  ]);
});
afterEach(() => {
  for (const wire of wires.splice(0)) wire.end();
});
afterAll(async () => {
  await Promise.all([hub.close(), quick.close()]);
});

interface Wire {
  /** The next packet that has not been taken; rejects when the connection ends before there is one. */
  next(): Promise<string>;
  /** What the hub has said and nobody has taken. */
  readonly waiting: readonly string[];
  /** Resolves with the code when the connection has ended. */
  readonly closed: Promise<number>;
  send(packet: string | Uint8Array<ArrayBuffer>): void;
  end(): void;
}

/** A WebSocket without a library of either protocol. */
function wireTo({ url }: TestHub, query = "EIO=4&transport=websocket"): Wire {
  const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?${query}`);
  const waiting: string[] = [];
  const takers: PromiseWithResolvers<string>[] = [];
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  let over = false;
  socket.addEventListener("message", ({ data }) => {
    const taker = takers.shift();
    if (taker) taker.resolve(String(data));
    else waiting.push(String(data));
  });
  socket.addEventListener("close", ({ code }) => {
    over = true;
    for (const taker of takers.splice(0)) taker.reject(new Error(`the connection ended with ${code}`));
    resolve(code);
  });
  const wire: Wire = {
    waiting,
    closed,
    next() {
      const packet = waiting.shift();
      if (packet !== undefined) return Promise.resolve(packet);
      if (over) return Promise.reject(new Error("the connection has ended"));
      const taker = Promise.withResolvers<string>();
      takers.push(taker);
      return taker.promise;
    },
    send: (packet) => socket.send(packet),
    end: () => socket.close(),
  };
  wires.push(wire);
  return wire;
}

/** Past the open packet. */
async function opened(to: TestHub): Promise<Wire> {
  const wire = wireTo(to);
  expect(await wire.next()).toMatch(/^0\{/u);
  return wire;
}

const connect = (namespace: string, token = tokenOf()) => `40/${namespace},${JSON.stringify({ token })}`;

/** In the office's namespace. */
async function entered(to: TestHub): Promise<Wire> {
  const wire = await opened(to);
  wire.send(connect("ops"));
  expect(await wire.next()).toMatch(/^40\/ops,\{/u);
  return wire;
}

/** Nothing is left to say, and the connection is as alive as before. */
async function stillServes(wire: Wire): Promise<void> {
  wire.send(`42/ops,99${UNWATCH}`);
  expect(await wire.next()).toBe('43/ops,99[{"ok":true,"data":{}}]');
}

function asked(method: string, query: string): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${hub.url}/socket.io/?${query}`, { method }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

function readAs(prefix: string, packet: string): unknown {
  expect(packet.slice(0, prefix.length)).toBe(prefix);
  return JSON.parse(packet.slice(prefix.length));
}

test("[CNF1] the open packet names a session, no upgrades, the times of pings and the limit", async () => {
  const wire = wireTo(hub);
  const open = readAs("0", await wire.next());
  expect(open).toEqual({
    sid: expect.stringMatching(/^[\w-]{20}$/u),
    upgrades: [],
    pingInterval: expect.any(Number),
    pingTimeout: expect.any(Number),
    maxPayload: 64 * 1024,
  });
  // A dead peer is noticed within a minute.
  const { pingInterval, pingTimeout } = open as { pingInterval: number; pingTimeout: number };
  expect(pingInterval + pingTimeout).toBeLessThanOrEqual(60_000);
});

test.each([
  ["GET", "EIO=4&transport=polling", 0],
  ["GET", "EIO=4", 0],
  ["GET", "EIO=4&transport=abc", 0],
  ["POST", "EIO=4&transport=polling", 0],
  ["PUT", "EIO=4&transport=polling", 0],
  ["GET", "EIO=4&transport=websocket", 3],
  ["POST", "EIO=4&transport=websocket", 2],
  ["GET", "EIO=4&transport=websocket&sid=unknown", 1],
] as const)("[CNF2] %s %s is refused with code %i", async (method, query, code) => {
  const { status, body } = await asked(method, query);
  expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 400, body: { code } });
});

test("[CNF2] nor does polling come in by a session that is open", async () => {
  const wire = wireTo(hub);
  const { sid } = readAs("0", await wire.next()) as { sid: string };
  for (const method of ["GET", "POST"]) {
    expect(await asked(method, `EIO=4&transport=polling&sid=${sid}`)).toMatchObject({ status: 400 });
  }
  wire.send(connect("ops"));
  expect(await wire.next()).toMatch(/^40\/ops,/u);
});

test.each([
  "EIO=3&transport=websocket",
  "EIO=abc&transport=websocket",
  "transport=websocket",
  "EIO=4&transport=abc",
  "EIO=4&transport=websocket&sid=unknown",
])("[CNF2] a WebSocket with %s ends without an open packet", async (query) => {
  const wire = wireTo(hub, query);
  await wire.closed;
  expect(wire.waiting).toEqual([]);
});

test("[CNF3] who answers pings stays", async () => {
  const wire = await opened(quick);
  const beganAtMs = performance.now();
  for (let count = 0; count < 3; count += 1) {
    expect(await wire.next()).toBe("2");
    wire.send("3");
  }
  expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual((PING_INTERVAL_MS / QUICK) * 1.8);
  wire.send(connect("ops"));
  let answer = await wire.next();
  while (answer === "2") {
    wire.send("3");
    answer = await wire.next();
  }
  expect(answer).toMatch(/^40\/ops,/u);
});

test("[CNF3] who does not answer is ended, and not before the time is over", async () => {
  const wire = await opened(quick);
  expect(await wire.next()).toBe("2");
  const pingedAtMs = performance.now();
  await wire.closed;
  expect(performance.now() - pingedAtMs).toBeGreaterThanOrEqual((PING_TIMEOUT_MS / QUICK) * 0.8);
});

test.each([
  ["a packet of no known type", "abc"],
  ["an empty packet", ""],
  ["a message beyond the limit", `42/ops,1["stream:unwatch","${"x".repeat(70_000)}"]`],
])("[CNF4] %s ends the connection", async (_, packet) => {
  const wire = await entered(hub);
  wire.send(packet);
  await wire.closed;
  expect(wire.waiting).toEqual([]);
});

test("[CNF4] who has said close is ended, as who answers no ping", async () => {
  const wire = await opened(quick);
  wire.send("1");
  expect(await wire.closed).toBeGreaterThanOrEqual(1_000);
});

test("[CNF5] several namespaces over one connection, each with an id of its own", async () => {
  const wire = wireTo(hub);
  const { sid } = readAs("0", await wire.next()) as { sid: string };
  const roles = (["support", "kitchen"] as const).map((role) => ({
    role,
    marketId: "test-market",
    restaurantId: null,
  }));
  const token = tokenOf({ roles });
  wire.send(connect("ops", token));
  const office = readAs("40/ops,", await wire.next()) as { sid: string };
  wire.send(connect("kitchen", token));
  const kitchen = readAs("40/kitchen,", await wire.next()) as { sid: string };
  expect(new Set([sid, office.sid, kitchen.sid]).size).toBe(3);
});

test.each([
  ["no token", "/ops", {}, "auth.missing"],
  ["an expired one", "/ops", { token: tokenOf({ expiresAtMs: 1 }) }, "auth.expired"],
  ["no welcome role", "/courier", { token: tokenOf() }, "right.missing"],
  ["the root", "", { token: tokenOf() }, "right.missing"],
])("[CNF6] %s: a connect error that says why, and another try", async (_, namespace, auth, code) => {
  const wire = await opened(hub);
  const where = namespace === "" ? "" : `${namespace},`;
  wire.send(`40${where}${JSON.stringify(auth)}`);
  expect(readAs(`44${where}`, await wire.next())).toMatchObject({ message: code, data: { code } });
  wire.send(connect("ops"));
  expect(await wire.next()).toMatch(/^40\/ops,/u);
});

test("[CNF6] a namespace that is not there", async () => {
  const wire = await opened(hub);
  wire.send(connect("elsewhere"));
  expect(readAs("44/elsewhere,", await wire.next())).toEqual({ message: "Invalid namespace" });
});

test("[CNF7] each request is acknowledged once under its own number", async () => {
  const wire = await entered(hub);
  for (const id of [0, 12, 456]) wire.send(`42/ops,${id}${UNWATCH}`);
  const answers = [await wire.next(), await wire.next(), await wire.next()];
  expect(answers.toSorted()).toEqual([0, 12, 456].map((id) => `43/ops,${id}[{"ok":true,"data":{}}]`).toSorted());
  await stillServes(wire);
  expect(wire.waiting).toEqual([]);
});

test.each([
  ["one that is not known", '["no:such","thing"]'],
  ["one without a payload", '["stream:unwatch"]'],
  ["one of another form", '["stream:unwatch",{"stream":7}]'],
  ["a name that every object has", '["constructor",{}]'],
])("[CNF7] %s is refused and the connection stays", async (_, event) => {
  const wire = await entered(hub);
  wire.send(`42/ops,5${event}`);
  expect(readAs("43/ops,5", await wire.next())).toMatchObject([{ ok: false, problem: { code: "payload.invalid" } }]);
  await stillServes(wire);
});

test("[CNF7] without a number nothing is answered", async () => {
  const wire = await entered(hub);
  wire.send(`42/ops,${UNWATCH}`);
  await stillServes(wire);
  expect(wire.waiting).toEqual([]);
});

test("[CNF8] binary content where text is meant is refused and the connection stays", async () => {
  const wire = await entered(hub);
  wire.send('451-/ops,6["stream:unwatch",{"stream":{"_placeholder":true,"num":0}}]');
  wire.send(new Uint8Array([1, 2, 3]));
  expect(readAs("43/ops,6", await wire.next())).toMatchObject([{ ok: false, problem: { code: "payload.invalid" } }]);
  await stillServes(wire);
});

test("[CNF8] binary content out of nowhere ends the connection", async () => {
  const wire = await entered(hub);
  wire.send(new Uint8Array([1, 2, 3]));
  expect(await wire.closed).toBeGreaterThanOrEqual(1_000);
});

test.each([
  ["a packet of no known type", "4abc"],
  ["a payload that cannot be read", "42/ops,{}"],
  ["a payload that is cut off", '42/ops,["stream:unwatch",'],
  ["a number that is none", '42/ops,abc["stream:unwatch",{}]'],
  ["a namespace that was not entered", `42/customer,1${UNWATCH}`],
  ["an announcement of binary content that is none", "45abc"],
])("[CNF9] %s ends the connection", async (_, packet) => {
  const wire = await entered(hub);
  wire.send(packet);
  await wire.closed;
  expect(wire.waiting).toEqual([]);
});

test("[CNF9] what is said in the same breath as leaving a namespace is not carried out", async () => {
  const wire = await entered(hub);
  for (const packet of ["41/ops,", `42/ops,1${UNWATCH}`, connect("ops")]) wire.send(packet);
  // Not in the same breath after all: then it is ended.
  const said = await wire.next().catch(() => "ended");
  expect(said).toMatch(/^(?:40\/ops,|ended$)/u);
});

test("[CNF9] who has left a namespace and speaks to it is ended", async () => {
  const wire = await entered(hub);
  wire.send("41/ops,");
  wire.send(connect("elsewhere"));
  expect(await wire.next()).toMatch(/^44\/elsewhere,/u);
  wire.send(`42/ops,1${UNWATCH}`);
  await wire.closed;
  expect(wire.waiting).toEqual([]);
});
