import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

import { expect, test } from "vitest";

import { codeOf, enter, PERSON, startSockets, tokenOf } from "../testing/sockets-of-test.ts";
import { addressOf, type SocketCaps } from "./admission.ts";
import { ping, type RawConnection } from "./pulse.ts";

test("[RTM33] a connection that is served holds neither its request nor its token, no room, and no timer of Engine.IO's", async () => {
  const hub = await startSockets();
  const responses: { req: unknown }[] = [];
  hub.io.io.engine.use((_request: unknown, response: { req: unknown }, next: () => void) => {
    responses.push(response);
    next();
  });
  await enter(hub, "kitchen", { token: tokenOf(hub) });
  // Its TCP socket holds it to the end.
  expect(responses).toMatchObject([{ req: null }]);
  const [socket] = hub.io.io.of("/kitchen").sockets.values();
  // Cast: fields of the installed version that are not for users.
  const conn = socket?.conn as unknown as {
    request: unknown;
    transport: { req: unknown; socket: { bufferedAmount: number } };
    pingIntervalTimer: unknown;
    pingTimeoutTimer: unknown;
  };
  expect([conn.request, conn.transport.req, conn.pingTimeoutTimer]).toEqual([null, null, null]);
  expect(conn.pingIntervalTimer).toMatchObject({ answered: true });
  expect(conn.transport.socket.bufferedAmount).toBe(0);
  expect(JSON.stringify(socket?.handshake)).not.toContain(PERSON);
  expect(hub.io.io.of("/kitchen").adapter.sids.size).toBe(0);
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
