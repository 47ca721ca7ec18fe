import { expect, test } from "vitest";

import { connectHub } from "#shared/client/hub-client.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { problemOf, Refusal } from "#shared/contracts/errors.ts";
import { roomOf } from "#shared/contracts/rooms.ts";
import { ZONE_GATHER_MS } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

import { ask, codeOf, enter, ORDER, PERSON, startSockets, tokenOf } from "../testing/sockets-of-test.ts";
import { asyncApiOf } from "./asyncapi.ts";
import { mayConnect } from "./io.ts";

const REF = { marketId: "test-market", orderId: ORDER };

test("[RTM13] a namespace lets in who has one of its roles, and says why not", async () => {
  const hub = await startSockets();
  const kitchen = { token: tokenOf(hub) };
  expect(await codeOf(enter(hub, "kitchen", kitchen))).toBe("in");
  expect(await codeOf(enter(hub, "courier", kitchen))).toBe("right.missing");
  expect(await codeOf(enter(hub, "ops", kitchen))).toBe("right.missing");
  expect(await codeOf(enter(hub, "kitchen", {}))).toBe("auth.missing");
  expect(await codeOf(enter(hub, "kitchen", { token: "old" }))).toBe("auth.expired");
  expect(await codeOf(enter(hub, "kitchen", { token: tokenOf(hub, { expiresAtMs: 1 }) }))).toBe("auth.expired");
  expect(await codeOf(enter(hub, "kitchen", { token: "no token" }))).toBe("internal");
});

test("[RTM13] the default namespace and those that hubs speak among themselves are closed to clients", async () => {
  const hub = await startSockets();
  const auth = { token: tokenOf(hub) };
  for (const name of ["streams", "positions"]) expect(await codeOf(enter(hub, name, auth))).toBe("Invalid namespace");
  expect(await codeOf(enter(hub, "", auth))).toBe("right.missing");
});

test("[RTM14] a page of another origin is not let in", async () => {
  const hub = await startSockets();
  const auth = { token: tokenOf(hub) };
  expect(await codeOf(enter(hub, "kitchen", auth, { origin: "https://shop.example" }))).toBe("in");
  expect(await codeOf(enter(hub, "kitchen", auth, { origin: hub.url }))).toBe("in");
  expect(await codeOf(enter(hub, "kitchen", auth, { origin: "https://elsewhere.example" }))).not.toBe("in");
  expect(mayConnect({ headers: { origin: "null", host: "hub" } }, [])).toBe(false);
  expect(mayConnect({ headers: { host: "hub" } }, [])).toBe(true);
});

test("[RTM15] a command is parsed, called with who it is, and its answer acknowledged", async () => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const payload = { ...REF, prepMinutes: 12, commandId: "command-0001", more: 1 };
  expect(await ask(socket, "order.confirm", payload)).toEqual({ ok: true, data: { done: true } });
  expect(hub.calls).toEqual([{ name: "order.confirm", commandId: "command-0001", input: { ...REF, prepMinutes: 12 } }]);
});

test("[RTM63] a hub takes requests from TCP, and what is no request of its catalogue through Engine.IO", async () => {
  const hub = await startSockets();
  const client = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [socket] = hub.io.io.of("/kitchen").sockets.values();
  const ordinary: unknown[] = [];
  socket?.conn.on(
    "packet",
    ({ type, data }: { type: string; data?: unknown }) => type === "message" && ordinary.push(data),
  );
  const payload = { ...REF, prepMinutes: 12, commandId: "command-0001" };
  expect(await ask(client, "order.confirm", payload)).toEqual({ ok: true, data: { done: true } });
  expect(ordinary).toEqual([]);
  expect(await ask(client, "no.such-thing", {})).toMatchObject({ problem: { code: "payload.invalid" } });
  expect(ordinary).toHaveLength(1);
});

test.each([
  ["without a commandId", "order.confirm", { ...REF, prepMinutes: 12 }, "payload.invalid"],
  ["with a wrong type", "order.confirm", { ...REF, prepMinutes: "12", commandId: "command-0001" }, "payload.invalid"],
  ["without a payload", "order.confirm", undefined, "payload.invalid"],
  ["of another namespace", "offer.accept", {}, "payload.invalid"],
  ["that only REST has", "session.open", {}, "payload.invalid"],
  ["that nobody knows", "__proto__", {}, "payload.invalid"],
  ["in another market", "order.start", { ...REF, marketId: "elsewhere", commandId: "command-0001" }, "right.missing"],
  ["for zones, by a kitchen", "zones:watch", { marketId: "test-market", zones: [] }, "right.missing"],
  [
    "for a stream that is not theirs",
    "stream:watch",
    { stream: { marketId: "test-market", kind: "order", id: ORDER } },
    "stream.not-found",
  ],
])("[RTM15] a request %s is refused and calls nothing", async (_, event, payload, code) => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  expect(await ask(socket, event, payload)).toMatchObject({ ok: false, problem: { code } });
  expect(hub.calls).toEqual([]);
});

test("[RTM55] a watch waits while a hub has too many requests under way, and a command is refused", async () => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const { promise: done, resolve: end } = Promise.withResolvers<void>();
  const others = Array.from({ length: 100 }, () => hub.gate.run("moves", () => done));
  const watched = ask(socket, "stream:watch", { stream: { marketId: "test-market", kind: "order", id: ORDER } });
  await expect.poll(() => hub.io.counts.busy).toBe(1);
  await expect(hub.gate.run("moves", async () => {})).rejects.toThrow("too much is asked");
  end();
  expect(await watched).toMatchObject({ problem: { code: "stream.not-found" } });
  await Promise.all(others);
});

test("[RTM16] a refusal keeps its code, a bug shows nothing of itself, too much is limited", async () => {
  const hub = await startSockets((name) =>
    Promise.reject(name === "order.start" ? new Refusal("order.illegal-action", "too late") : new Error("secret")),
  );
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const send = (event: string) => ask(socket, event, { ...REF, commandId: "command-0001" });
  expect(await send("order.start")).toEqual({ ok: false, problem: problemOf("order.illegal-action", "too late") });
  expect(await send("order.ready")).toEqual({ ok: false, problem: problemOf("internal", "try again") });
  const answers = await Promise.all(Array.from({ length: 5 }, () => send("order.start")));
  expect(answers.filter((answer) => !answer.ok && answer.problem.code === "rate.limited").length).toBe(2);
  await hub.clock.advance(2_000);
  expect(await send("order.start")).toMatchObject({ problem: { code: "order.illegal-action" } });
});

test("[RTM16] a hub that is going away answers what it has begun and refuses the rest", async () => {
  let finish = () => {};
  const begun = new Promise<void>((done) => (finish = done));
  const hub = await startSockets(() => begun.then(() => ({ done: true })));
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const first = ask(socket, "order.start", { ...REF, commandId: "command-0001" });
  await expect.poll(() => hub.io.counts.busy).toBe(1);
  const drained = hub.io.drain();
  expect(await ask(socket, "order.start", { ...REF, commandId: "command-0002" })).toMatchObject({
    problem: { code: "hub.overloaded" },
  });
  finish();
  expect(await first).toMatchObject({ ok: true });
  await drained;
  expect(await codeOf(enter(hub, "kitchen", { token: tokenOf(hub) }))).not.toBe("in");
});

test("[RTM17] a session is told before its end, renewed by the same person only, and closed at its end", async () => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const told = new Promise((done) => socket.on("session:expiring", done));
  const ended = new Promise((done) => socket.on("disconnect", done));
  await hub.clock.advance(840_000);
  expect(await told).toEqual({ expiresAtMs: hub.clock.nowMs() + 60_000 });
  const other = tokenOf(hub, { personId: ORDER });
  expect(await ask(socket, "session:renew", { accessToken: other })).toMatchObject({
    problem: { code: "right.missing" },
  });
  expect(await ask(socket, "session:renew", { accessToken: tokenOf(hub) })).toMatchObject({ ok: true });
  await hub.clock.advance(899_000);
  expect(socket.connected).toBe(true);
  await hub.clock.advance(1_000);
  await ended;
});

test("[RTM30] a renewed session that is no more of a market's office sees its couriers no more", async () => {
  const hub = await startSockets();
  const office = (marketId: string) => ({ role: "dispatcher", marketId, restaurantId: null }) as const;
  const both = { roles: [office("test-market"), office("other-market")] };
  const socket = await enter(hub, "ops", { token: tokenOf(hub, both) });
  const zone = "87c2e3a41ffffff";
  expect(await ask(socket, "zones:watch", { marketId: "test-market", zones: [zone] })).toMatchObject({ ok: true });
  const move = async (takenAtMs: number) => {
    const place = {
      marketId: "test-market",
      courierId: PERSON,
      lat: 1,
      lng: 1,
      speedMps: null,
      headingDeg: null,
      zone,
    };
    hub.positions.arrived({ ...place, takenAtMs, carrying: [] });
    await hub.clock.advance(ZONE_GATHER_MS);
    return hub.positions.counts.sent;
  };
  expect(await move(1)).toBe(1);
  const renew = (roles: Identity["roles"]) => ask(socket, "session:renew", { accessToken: tokenOf(hub, { roles }) });
  expect(await renew(both.roles)).toMatchObject({ ok: true });
  expect(await move(2)).toBe(2);
  expect(await renew([office("other-market")])).toMatchObject({ ok: true });
  expect(await move(3)).toBe(2);
});

test("[RTM20] a courier's sockets stand in the room of one zone, the newest", async () => {
  const hub = await startSockets();
  const roles = [{ role: "courier", marketId: "test-market", restaurantId: null }] as const;
  const socket = await enter(hub, "courier", { token: tokenOf(hub, { roles }) });
  const rooms = () => {
    const [one] = hub.io.io.of("/courier").sockets.values();
    return [...(one?.rooms ?? [])].filter((room) => room !== socket.id);
  };
  for (const zone of ["87c2e3a41ffffff", "87c2e3a41ffffff", "87c2e3a43ffffff"]) {
    hub.io.moveCourier(PERSON, "test-market", zone);
    expect(rooms()).toEqual([roomOf.zone("test-market", zone)]);
  }
  hub.io.moveCourier(ORDER, "test-market", "87c2e3a41ffffff");
  expect(rooms()).toEqual([roomOf.zone("test-market", "87c2e3a43ffffff")]);
});

test("[RTM27] the client's command reaches the use case over a real connection and a broken one", async () => {
  let calls = 0;
  const hub = await startSockets(async () => {
    calls += 1;
    // The first answer is lost with its connection.
    if (calls === 1) for (const socket of hub.io.io.of("/kitchen").sockets.values()) socket.disconnect(true);
    return { done: true };
  });
  const client = connectHub({ url: hub.url, namespace: "kitchen", token: () => tokenOf(hub), clock: wallClock });
  try {
    expect(await client.command("order.start", REF)).toEqual({ done: true });
    expect(hub.calls.length).toBe(2);
    expect(hub.calls[0]?.commandId).toBe(hub.calls[1]?.commandId);
  } finally {
    client.close();
  }
});

test("[RTM29] AsyncAPI names every request and frame of every namespace, and refers to nothing that is missing", () => {
  const document = asyncApiOf("1.2.3");
  const text = JSON.stringify(document);
  for (const [name, entry] of Object.entries(CATALOGUE)) {
    for (const namespace of entry.sockets) expect(text).toContain(`#/channels/${namespace}/messages/${name}"`);
  }
  for (const [reference] of text.matchAll(/#\/channels\/[^"]+/gu)) {
    const found = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    expect(found, reference).toBeDefined();
  }
});

test("[RTM47] an answer goes once, in order with the frames around it, however large it is", async () => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [served] = hub.io.io.of("/kitchen").sockets.values();
  const got: unknown[] = [];
  socket.onAny((...event: unknown[]) => void got.push(event));
  served?.prependAny((event: string, size: number, reply: (answer: unknown) => void) => {
    if (event !== "echo") return;
    served.emit("before", size);
    reply({ ñ: "x".repeat(size) });
    reply("again");
    served.emit("after", size);
  });
  for (const size of [0, 200, 70_000]) {
    // The hub's own answer, that there is no such request, comes later: the first one counts.
    const answer = await new Promise((done) => socket.emit("echo", size, done));
    expect(answer).toEqual({ ñ: "x".repeat(size) });
  }
  await expect.poll(() => got.length).toBe(6);
  expect(got).toEqual(
    [0, 200, 70_000].flatMap((size) => [
      ["before", size],
      ["after", size],
    ]),
  );
});

test("[RTM47] to a session that has been ended nothing is said any more", async () => {
  const hub = await startSockets();
  await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [served] = hub.io.io.of("/kitchen").sockets.values();
  // Cast: what lies under Engine.IO's transport.
  const raw = served?.conn as unknown as { transport: { socket: { _socket: { write(bytes: Buffer): boolean } } } };
  const { _socket: tcp } = raw.transport.socket;
  const written: string[] = [];
  const write = tcp.write.bind(tcp);
  tcp.write = (bytes) => {
    written.push(bytes.toString("latin1"));
    return write(bytes);
  };
  // Cast: private in Socket.IO's types.
  const reply = (served as unknown as { ack(id: number): (answer: unknown) => void }).ack(7);
  served?.disconnect(true);
  await new Promise((done) => setImmediate(done));
  reply({ secret: true });
  await new Promise((done) => setImmediate(done));
  expect(written.join("")).not.toContain("secret");
});

test("[RTM35] who reads nothing is let go, whatever it is that waits for them", async () => {
  const hub = await startSockets();
  const socket = await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [served] = hub.io.io.of("/kitchen").sockets.values();
  // Cast: what lies under Engine.IO's transport.
  const raw = served?.conn as unknown as { transport: { writable: boolean } };
  // The kernel takes nothing: all that is said stands in Engine.IO.
  Object.defineProperty(raw.transport, "writable", { value: false });
  const gone = new Promise<void>((done) => socket.once("disconnect", () => done()));
  let asked = 0;
  const asking = setInterval(() => socket.emit(`nothing ${"x".repeat(40_000)} ${(asked += 1)}`, {}, () => {}), 1);
  served?.prependAny((_event: string, _payload: unknown, reply: (answer: unknown) => void) =>
    reply("y".repeat(200_000)),
  );
  await gone.finally(() => clearInterval(asking));
  expect(asked).toBeGreaterThan(3);
});
