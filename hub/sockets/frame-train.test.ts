import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Socket as NetSocket } from "node:net";

import { Server, type Socket } from "socket.io";
import { io as connect } from "socket.io-client";
import { expect, test } from "vitest";

import type { PackedZoneFrame } from "#shared/contracts/streams.ts";

import { sendTrain } from "./frame-train.ts";

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
