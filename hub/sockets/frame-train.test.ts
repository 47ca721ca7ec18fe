import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Socket as NetSocket } from "node:net";

import { Server, type Socket } from "socket.io";
import { io as connect } from "socket.io-client";
import { expect, test } from "vitest";

import type { PackedZoneFrame, PositionFrame } from "#shared/contracts/streams.ts";

import { sendFrame, sendTrain } from "./frame-train.ts";

const frame = (zone: string, couriers: number): PackedZoneFrame => ({
  zone,
  lat: -34_900_000,
  lng: -56_180_000,
  atMs: 1_790_000_000_000,
  couriers: Array.from(
    { length: couriers },
    (_, index) => [`courier ñ ${index}`, index, 7 - index, null, 90, 0] as const,
  ),
});

test("[RTM37] events of every size reach a stock client in order, each whole, and all by one write", async () => {
  const server = createServer();
  const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
  const joined = new Promise<Socket>((done) => io.of("/ops").once("connection", done));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ops`;
  const client = connect(url, { transports: ["websocket"] });
  const socket = await joined;
  // The middle one is longer than 125 bytes and the last longer than 65,535: each is headed in another way.
  const frames = [frame("a", 0), frame("b", 20), frame("c", 3_000), frame("d", 1)];
  const got: unknown[] = [];
  const all = new Promise<void>((done) => {
    client.on("zone:frame", (one: unknown) => {
      got.push(one);
      if (got.length === frames.length + 2) done();
    });
  });
  // Cast: what lies under Engine.IO's transport.
  const { _socket: wire } = (socket.conn.transport as unknown as { socket: { _socket: NetSocket } }).socket;
  const writes: number[] = [];
  const write = wire.write.bind(wire);
  wire.write = ((chunk: Buffer, done: () => void) => {
    writes.push(chunk.length);
    return write(chunk, done);
  }) as typeof wire.write;
  sendTrain(socket, "zone:frame", frames);
  expect(writes.length).toBe(1);
  // Ordinary events around it go their ordinary way, and none is overtaken.
  socket.emit("zone:frame", frame("e", 2));
  sendTrain(socket, "zone:frame", [frame("f", 3)]);
  await all;
  expect(got).toEqual([...frames, frame("e", 2), frame("f", 3)]);
  client.disconnect();
  await io.close();
});

test("[RTM61] a position is written down once for all sockets that are given it, and for another namespace or position anew", () => {
  const written: { name: string; bytes: Buffer }[] = [];
  const socketOf = (name: string) => {
    const tcp = { write: (bytes: Buffer) => void written.push({ name, bytes }) };
    const transport = { writable: true, socket: { readyState: WebSocket.OPEN, bufferedAmount: 0, _socket: tcp } };
    // Cast: what `sendFrame` looks at.
    return { nsp: { name }, conn: { readyState: "open", writeBuffer: [], transport } } as unknown as Socket;
  };
  const [first, second, office] = [socketOf("/customer"), socketOf("/customer"), socketOf("/ops")];
  const here: PositionFrame = { orderId: "o1", lat: 1, lng: 2, speedMps: null, headingDeg: null, takenAtMs: 3 };
  const there = { ...here, lat: 4 };
  for (const socket of [first, second, office]) sendFrame(socket, "position", here);
  for (const socket of [first, office, second]) sendFrame(socket, "position", there);
  expect(written[1]?.bytes).toBe(written[0]?.bytes);
  const expected = [here, here, here, there, there, there];
  for (const [at, { name, bytes }] of written.entries())
    expect(bytes.toString()).toContain(`42${name},${JSON.stringify(["position", expected[at]])}`);
});
