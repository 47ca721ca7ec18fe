import type { IncomingMessage } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { expect, test } from "vitest";

import { codeOf, enter, PERSON, startSockets, tokenOf } from "../testing/sockets-of-test.ts";
import { addressOf, type SocketCaps } from "./admission.ts";
import { LeanTransport } from "./lean-transport.ts";
import { Listeners } from "./listeners.ts";
import { ping, type RawConnection } from "./pulse.ts";

/** Fields of the installed versions that are not for users. */
interface Beneath {
  readonly request: unknown;
  readonly transport: { readonly socket: { readonly bufferedAmount: number; readonly _socket: Socket } };
  readonly pingIntervalTimer: unknown;
  readonly pingTimeoutTimer: unknown;
  readonly sentCallbackFn: readonly unknown[];
}

test("[RTM33] a connection that is served holds neither its request nor its token, no room, and no timer of Engine.IO's", async () => {
  const hub = await startSockets();
  await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [socket] = hub.io.io.of("/kitchen").sockets.values();
  const conn = socket?.conn as unknown as Beneath; // Cast: see there.
  expect([conn.request, conn.pingTimeoutTimer]).toEqual([null, null]);
  expect(conn.pingIntervalTimer).toMatchObject({ answered: true });
  expect(conn.transport.socket.bufferedAmount).toBe(0);
  // Engine.IO's response, which holds the request, would be a second one.
  expect(conn.transport.socket._socket.listeners("close").map(({ name }) => name)).toEqual(["socketOnClose"]);
  expect(JSON.stringify(socket?.handshake)).not.toContain(PERSON);
  expect(hub.io.io.of("/kitchen").adapter.sids.size).toBe(0);
});

test("[RTM49] a connection that is served holds nothing of what it said, no hash table of listeners, and lists as long as they are", async () => {
  const hub = await startSockets();
  await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [socket] = hub.io.io.of("/kitchen").sockets.values();
  const conn = socket?.conn as unknown as Beneath; // Cast: see there.
  const { transport } = conn;
  expect(transport).toBeInstanceOf(LeanTransport);
  expect(transport.socket).toMatchObject({ _receiver: { _mask: undefined, _buffers: [] } });
  await expect.poll(() => conn.sentCallbackFn).toEqual([]);
  const emitters = { socket, conn, transport, web: transport.socket };
  const heard = Object.values(emitters).map((emitter) => (emitter as unknown as { _events: object })._events); // Cast: Node's.
  expect(heard.map((events) => events instanceof Listeners)).toEqual([true, true, true, true]);
  expect(heard.map((events) => Object.keys(events).toSorted())).toEqual([
    ["disconnect", "error"],
    ["close", "data", "error"],
    ["close", "drain", "error", "packet", "ready"],
    ["close", "error", "message"],
  ]);
  // A client may say any name: none of them is inherited.
  expect("toString" in (heard[0] ?? {}) || "constructor" in (heard[0] ?? {})).toBe(false);
  expect(socket).toMatchObject({ acks: new Map(), _anyListeners: { length: 1 } });
});

test("[RTM73] in one turn of its loop a process takes one of those who knock, so that a long queue is no burden", async () => {
  const server = createServer();
  await new Promise<void>((listening) => void server.listen(0, "127.0.0.1", 511, listening));
  let turn = 0;
  const taken: number[] = [];
  const all = new Promise<void>((done) => {
    server.on("connection", (socket: Socket) => {
      socket.destroy();
      if (taken.push(turn) === 100) done();
    });
  });
  const turning = () => {
    turn += 1;
    if (taken.length < 100) setImmediate(turning);
  };
  // Cast: a listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  for (let knocks = 0; knocks < 100; knocks += 1) connect(port, "127.0.0.1").on("error", () => {});
  turning();
  await all;
  server.close();
  expect(new Set(taken).size).toBe(100);
});

test("[RTM34] a pong of the stock client reaches the hub's own pulse", async () => {
  const hub = await startSockets();
  await enter(hub, "kitchen", { token: tokenOf(hub) });
  const [socket] = hub.io.io.of("/kitchen").sockets.values();
  // Cast: as above.
  const conn = socket?.conn as unknown as RawConnection & {
    pingIntervalTimer: { answered: boolean };
    on(event: "packet", listener: () => void): void;
    transport: { socket: { _socket: Socket } };
  };
  const { _socket: tcp } = conn.transport.socket;
  const beat = conn.pingIntervalTimer;
  let packets = 0;
  conn.on("packet", () => (packets += 1));
  beat.answered = false;
  ping(conn);
  await expect.poll(() => beat.answered).toBe(true);
  expect(packets).toBe(0);

  // In two pieces, or together with another, it takes the way of everything else.
  const pong = () => Buffer.from([0x81, 0x81, 1, 2, 3, 4, 0x33 ^ 1]);
  for (const [pieces, read] of [
    [[pong().subarray(0, 4), pong().subarray(4)], 1],
    [[Buffer.concat([pong(), pong()])], 3],
    [[pong()], 3],
  ] as const) {
    beat.answered = false;
    for (const piece of pieces) tcp.emit("data", piece);
    expect([beat.answered, packets]).toEqual([true, read]);
  }
});

test("[RTM35] no person, no address and nobody altogether has more sockets than there are for them", async () => {
  const person = (last: string) => ({ personId: `0190a000-0000-7000-8000-00000000000${last}` });
  const outcomes = async (caps: Partial<SocketCaps>, people: readonly string[]) => {
    const hub = await startSockets(undefined, { inAll: 9, perAddress: 9, perPerson: 9, ...caps });
    const found: string[] = [];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    for (const last of people) found.push(await codeOf(enter(hub, "kitchen", { token: tokenOf(hub, person(last)) })));
    return found.map((code) => code === "in");
  };
  expect(await outcomes({ perPerson: 2 }, ["1", "1", "1", "2"])).toEqual([true, true, false, true]);
  expect(await outcomes({ perAddress: 2 }, ["1", "2", "3"])).toEqual([true, true, false]);
  expect(await outcomes({ inAll: 1 }, ["1", "2"])).toEqual([true, false]);
});

test.each([
  ["203.0.113.9", undefined, "203.0.113.9"],
  ["203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["127.0.0.1", "198.51.100.1", "198.51.100.1"],
  ["::ffff:10.1.2.3", "198.51.100.7, 203.0.113.4, 192.168.0.2", "203.0.113.4"],
  ["::1", "2001:db8::5", "2001:db8::5"],
  ["127.3.0.9", undefined, "127.3.0.9"],
  ["127.0.0.1", "nonsense", "nonsense"],
  [undefined, undefined, ""],
])("[RTM35] a request from %s that says %s comes from %s", (remoteAddress, said, address) => {
  const headers = said === undefined ? {} : { "x-forwarded-for": said };
  // Cast: what a request has of it.
  expect(addressOf({ headers, socket: { remoteAddress } } as unknown as IncomingMessage)).toBe(address);
});
