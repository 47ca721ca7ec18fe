import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket as TcpSocket } from "node:net";

import { Server, type Socket } from "socket.io";
import { io as connect } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";

import { LeanTransport, type UpgradedRequest } from "./lean-transport.ts";

/** A stock client at a stock server over our transport. */
async function makePair() {
  const http = createServer();
  const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false, maxHttpBufferSize: 10_000 });
  Object.assign(server.engine, {
    createTransport: (_: string, request: UpgradedRequest) => new LeanTransport(request),
  });
  const served = new Promise<Socket>((done) => void server.on("connection", done));
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = connect(url, { transports: ["websocket"], forceNew: true, reconnection: false });
  onTestFinished(async () => {
    client.disconnect();
    await server.close();
  });
  const socket = await served;
  await expect.poll(() => client.connected).toBe(true);
  expect(socket.conn.transport).toBeInstanceOf(LeanTransport);
  return { client, socket };
}

const tcpOf = ({ conn }: Socket) => (conn.transport as unknown as { socket: { _socket: TcpSocket } }).socket._socket; // Cast: what lies beneath.

test("[RTM49] requests, answers, events and bytes go both ways, in their order, however many are said at once", async () => {
  const { client, socket } = await makePair();
  socket.on("echo", (value: unknown, answer: (value: unknown) => void) => answer(value));
  for (const value of ["", "ñ", "x".repeat(9_000), { a: [1] }, Buffer.from([0, 1, 2])])
    expect(await client.emitWithAck("echo", value)).toEqual(value);
  const heard: unknown[] = [];
  client.on("told", (value: unknown) => void heard.push(value));
  for (let at = 0; at < 50; at += 1) socket.emit("told", at % 7 === 0 ? Buffer.from([at]) : at);
  await expect.poll(() => heard.length).toBe(50);
  expect(heard).toEqual(Array.from({ length: 50 }, (_, at) => (at % 7 === 0 ? Buffer.from([at]) : at)));
  // Nothing waits, and who waits for that is told.
  expect(socket.conn).toMatchObject({ writeBuffer: [], sentCallbackFn: [], transport: { writable: true } });
});

test("[RTM49] what was to be told when a message has gone out is told then", async () => {
  const { socket } = await makePair();
  const sent: string[] = [];
  socket.conn.write('2["a"]', undefined, () => void sent.push("a"));
  socket.conn.write('2["b"]', undefined, () => void sent.push("b"));
  await expect.poll(() => sent).toEqual(["a", "b"]);
});

test.each([
  ["the client leaves", ({ client }) => void client.disconnect(), "client namespace disconnect"],
  ["the hub ends it", ({ socket }) => void socket.disconnect(true), "server namespace disconnect"],
  ["the client's transport ends", ({ client }) => void client.io.engine.close(), "transport close"],
  ["TCP breaks", ({ socket }) => void tcpOf(socket).resetAndDestroy(), "transport close"],
  ["TCP fails", ({ socket }) => void tcpOf(socket).destroy(new Error("ECONNRESET")), "transport close"],
  ["too much is said", ({ client }) => void client.emit("x", "x".repeat(20_000)), "transport error"],
  ["nonsense is said", ({ socket }) => void tcpOf(socket).emit("data", Buffer.from([0xff, 0xff])), "transport error"],
] as const satisfies [string, (pair: Awaited<ReturnType<typeof makePair>>) => void, string][])(
  "[RTM49] %s: the socket is told once, and nothing is left",
  async (_, end, reason) => {
    const pair = await makePair();
    const { conn, nsp } = pair.socket;
    const reasons: string[] = [];
    pair.socket.on("disconnect", (why) => void reasons.push(why));
    const closed = once(conn, "close");
    end(pair);
    await expect.poll(() => reasons).toEqual([reason]);
    pair.client.io.engine.close();
    await closed;
    expect([nsp.sockets.size, conn.readyState, reasons.length]).toEqual([0, "closed", 1]);
  },
);
