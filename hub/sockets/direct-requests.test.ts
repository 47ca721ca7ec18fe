import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Server, type Socket } from "socket.io";
import { io as connect } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";

import { wallClock } from "#shared/client/wall-clock.ts";

import { requestIn, takesDirectly, type Taker } from "./direct-requests.ts";
import { isBetweenFrames, makePulse, type RawConnection, type Receiver } from "./pulse.ts";

/** A stock client at a server whose sockets are given to a taker; what goes the ordinary way is answered "ordinary". */
async function makePair(take: (socket: Socket) => Taker["take"]) {
  const server = createServer();
  const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
  const pulse = makePulse(wallClock);
  io.engine.on("connection", (raw: RawConnection) => pulse.add(raw));
  const joined = new Promise<Socket>((done) => {
    io.of("/courier").on("connection", (socket) => {
      takesDirectly(socket, { take: take(socket) });
      socket.onAny((...args: unknown[]) => (args.at(-1) as (answer: string) => void)("ordinary")); // Cast: all want an answer.
      done(socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/courier`;
  const client = connect(url, { transports: ["websocket"], forceNew: true });
  onTestFinished(async () => {
    client.disconnect();
    pulse.stop();
    await io.close();
  });
  return { client, socket: await joined };
}

const answering = (taken: unknown[]) => (socket: Socket) => (text: string) => {
  const request = requestIn(text, "/courier");
  if (request?.event !== "motion.push") return false;
  taken.push(request.payload);
  socket.conn.write(`3/courier,${request.id}["direct"]`);
  return true;
};

test("[RTM63] a stock client's request of any length is taken as it comes; what is not ASCII, or not wanted, goes the ordinary way", async () => {
  const taken: unknown[] = [];
  const { client } = await makePair(answering(taken));
  const payloads = ["", "x", "x".repeat(90), "x".repeat(125), "x".repeat(126), "x".repeat(60_000)];
  for (const text of payloads) expect(await client.emitWithAck("motion.push", { text })).toBe("direct");
  expect(taken).toEqual(payloads.map((text) => ({ text })));
  expect(await client.emitWithAck("motion.push", { text: "ñ" })).toBe("ordinary");
  expect(await client.emitWithAck("motion.push", { text: "x".repeat(65_600 - 300) + "ñ" })).toBe("ordinary");
  expect(await client.emitWithAck("order.pick-up", { text: "x" })).toBe("ordinary");
  expect(await client.emitWithAck("motion.push", { text: Buffer.from("bytes") })).toBe("ordinary");
  expect(await client.emitWithAck("motion.push", { text: "last" })).toBe("direct");
});

test("[RTM63] messages that come in pieces, or several at once, go the ordinary way, each once and in their order", async () => {
  const taken: unknown[] = [];
  const { client, socket } = await makePair(answering(taken));
  // Cast: what lies under Engine.IO's transport.
  const { _receiver: receiver } = (socket.conn.transport as unknown as { socket: { _receiver: Pieces } }).socket;
  const chunks: Buffer[] = [];
  const write = receiver.write.bind(receiver);
  receiver.write = (chunk) => chunks.push(Buffer.from(chunk)) > 0;
  const answers = [1, 2].map((nth) => client.emitWithAck("motion.push", { nth }));
  await expect.poll(() => Buffer.concat(chunks).length).toBeGreaterThan(80);
  const all = Buffer.concat(chunks);
  for (const piece of [all.subarray(0, 1), all.subarray(1, 20), all.subarray(20)]) write(piece);
  receiver.write = write;
  expect(await Promise.all(answers)).toEqual(["ordinary", "ordinary"]);
  expect(await client.emitWithAck("motion.push", { nth: 3 })).toBe("direct");
  expect(taken).toEqual([{ nth: 3 }]);
});

test("[RTM65] messages of two sockets that come in pieces, in turns, are each put together from their own", async () => {
  const pairs = [await makePair(answering([])), await makePair(answering([]))];
  const asked = pairs.map(({ client, socket }, nth) => {
    // Cast: what lies under Engine.IO's transports.
    const { _receiver: receiver } = (socket.conn.transport as unknown as { socket: { _receiver: Pieces } }).socket;
    const { _socket: tcp } = (client.io.engine.transport as unknown as { ws: { _socket: Tcp } }).ws;
    const chunks: Buffer[] = [];
    const write = tcp.write.bind(tcp);
    tcp.write = (chunk) => chunks.push(Buffer.from(chunk)) > 0;
    const answer = client.emitWithAck("order.pick-up", { nth, text: String(nth).repeat(100) });
    return { receiver, tcp, write, chunks, answer };
  });
  await expect.poll(() => asked.every(({ chunks }) => Buffer.concat(chunks).length > 100)).toBe(true);
  for (const { receiver, tcp, write, chunks } of asked) {
    tcp.write = write;
    write(Buffer.concat(chunks).subarray(0, 40));
    await expect.poll(() => isBetweenFrames(receiver)).toBe(false);
  }
  for (const { write, chunks } of asked) write(Buffer.concat(chunks).subarray(40));
  expect(await Promise.all(asked.map(({ answer }) => answer))).toEqual(["ordinary", "ordinary"]);
});

interface Pieces extends Receiver {
  write(chunk: Buffer): boolean;
}
interface Tcp {
  write(chunk: Buffer | string): boolean;
}

test.each([
  ["an event without an answer", '42/courier,["motion.push",{}]'],
  ["another namespace", '42/ops,1["motion.push",{}]'],
  ["no JSON", '42/courier,1["motion.push",'],
  ["no list", '42/courier,1{"motion.push":[]}'],
  ["no event", "42/courier,1[7,{}]"],
  ["two payloads", '42/courier,1["motion.push",{},{}]'],
  ["a wrong id", '42/courier,1x["motion.push",{}]'],
  ["a packet of another kind", '41/courier,1["motion.push",{}]'],
  ["nothing", ""],
])("[RTM63] %s is no request that is taken", (_, text) => {
  expect(requestIn(text, "/courier")).toBeUndefined();
  expect(requestIn('42/courier,12["motion.push",{"a":1}]', "/courier")).toEqual({
    id: 12,
    event: "motion.push",
    payload: { a: 1 },
  });
});
