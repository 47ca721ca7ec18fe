import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Server } from "socket.io";
import { afterEach, expect, test } from "vitest";

import type { Transport } from "#shared/client/transport.ts";

import { Network, type Connection } from "./network.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  // oxlint-disable-next-line no-await-in-loop -- in their order
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A plain Socket.IO server, as it is installed. */
async function startServer(): Promise<{ io: Server; http: HttpServer; port: number }> {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"] });
  io.of("/customer").use((socket, next) => {
    const good = socket.handshake.auth["token"] === "mine";
    next(good ? undefined : Object.assign(new Error("no"), { data: { code: "auth.missing" } }));
  });
  io.of("/customer").on("connection", (socket) => {
    socket.on("stream:watch", (payload, reply) => reply({ ok: true, data: payload }));
  });
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  closing.push(() => io.close());
  // Cast: a TCP server that listens has such an address.
  return { io, http, port: (http.address() as AddressInfo).port };
}

function connect(port: number, token = "mine") {
  const network = new Network();
  closing.push(() => network.close());
  const heard: unknown[] = [];
  let connection: Connection | undefined;
  const options = {
    hub: { host: "127.0.0.1", port },
    from: "127.4.5.6",
    namespace: "customer" as const,
    token: () => token,
  };
  const transport: Transport = network.transport(
    options,
    (opened) => (connection = opened),
  )({
    onStatus: (status, problem) => void heard.push(problem ? `${status} ${problem.code}` : status),
    onFrame: (name, frame) => void heard.push([name, frame]),
  });
  return { network, transport, heard, connection: () => connection };
}

test("[SWM1] a plain Socket.IO server is entered, asked, and heard, from an address of one's own", async () => {
  const { io, port } = await startServer();
  const { network, transport, heard, connection } = connect(port);
  await expect.poll(() => heard).toEqual(["live"]);
  const [socket] = io.of("/customer").sockets.values();
  expect(socket?.conn.remoteAddress).toContain("127.4.5.6");
  const answer = await new Promise((done) => transport.request("stream:watch", { text: "é".repeat(300) }, done));
  expect(answer).toEqual({ ok: true, data: { text: "é".repeat(300) } });
  expect(connection()).toMatchObject({ isLive: true, granted: 1 });
  socket?.emit("position", { lat: 1 });
  await expect.poll(() => heard.at(-1)).toEqual(["position", { lat: 1 }]);
  expect(network.counts).toMatchObject({ live: 1, unplanned: 0, failed: 0 });
});

test("[SWM4] a lost connection comes back, and what was not answered is lost", async () => {
  const { io, port } = await startServer();
  const { network, transport, heard, connection } = connect(port);
  await expect.poll(() => heard).toEqual(["live"]);
  const asked = new Promise((done) => transport.request("nobody answers this", {}, done));
  for (const socket of io.of("/customer").sockets.values()) socket.conn.close();
  expect(await asked).toBeUndefined();
  await expect.poll(() => heard).toEqual(["live", "offline", "live"]);
  expect(connection()).toMatchObject({ granted: 0 });
  expect(network.counts).toMatchObject({ live: 1, unplanned: 1 });
});

test("[SWM4] an end that was to be expected is no accident; after the last close nothing comes back", async () => {
  const { io, port } = await startServer();
  const { network, transport, heard } = connect(port);
  await expect.poll(() => heard).toEqual(["live"]);
  network.endsExpected = true;
  for (const socket of io.of("/customer").sockets.values()) socket.conn.close();
  await expect.poll(() => heard.length).toBe(3);
  transport.close();
  expect(network.counts).toMatchObject({ live: 0, unplanned: 0 });
  expect(await new Promise((done) => transport.request("anything", {}, done))).toBeUndefined();
});

test("[SWM4] a refusal is told with its reason, and tried again", async () => {
  const { port } = await startServer();
  const { network, heard } = connect(port, "somebody else's");
  await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThan(1);
  expect(new Set(heard)).toEqual(new Set(["connecting auth.missing"]));
  expect(network.counts).toMatchObject({ live: 0, unplanned: 0 });
  expect([...network.reasons.keys()]).toEqual(["auth.missing"]);
});
