import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { io as connect, type Socket } from "socket.io-client";
import { afterEach } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal, type Problem } from "#shared/contracts/errors.ts";
import type { Ack } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";

import { makeGate, type Gate } from "../gate.ts";
import { makePositionHub, type PositionHub } from "../realtime/positions.ts";
import { StreamRooms } from "../realtime/stream-rooms.ts";
import type { UseCases } from "../services/use-cases.ts";
import type { SocketCaps } from "../sockets/admission.ts";
import { buildIo, type Io } from "../sockets/io.ts";

export const PERSON = "0190a000-0000-7000-8000-000000000001";
export const ORDER = "0190a000-0000-7000-8000-00000000000a";
const KITCHEN = { role: "kitchen", marketId: "test-market", restaurantId: ORDER } as const;
const never = () => Promise.reject(new Error("not used here"));

export interface RunningSockets {
  readonly io: Io;
  readonly url: string;
  readonly clock: FakeClock;
  readonly positions: PositionHub;
  readonly gate: Gate;
  readonly calls: { name: string; commandId: string | undefined; input: unknown }[];
  close(): Promise<void>;
}
const running: RunningSockets[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  for (const hub of running.splice(0)) await hub.close();
});

/** Sockets over a real server, ended after each test; the use cases remember what they were called with. */
export async function startSockets(
  answer: (name: string) => Promise<unknown> = async () => ({ done: true }),
  caps?: SocketCaps,
): Promise<RunningSockets> {
  const clock = new FakeClock();
  const calls: RunningSockets["calls"] = [];
  const useCases = Object.fromEntries(
    Object.keys(CATALOGUE).map((name) => [
      name,
      (caller: { commandId: string | undefined }, input: unknown) => {
        calls.push({ name, commandId: caller.commandId, input });
        return answer(name);
      },
    ]),
  );
  const store = { readAfter: never, headOf: never, headsOf: never, changedSince: never, carriageOf: never };
  const rooms = new StreamRooms({
    bus: { join: never, leave: () => {} },
    store,
    rights: { authorise: () => Promise.reject(new Refusal("stream.not-found", "not yours")), closesAt: () => false },
    snapshotOf: never,
    project: () => undefined,
    clock,
    log: { warn() {}, error() {} },
  });
  const positions = makePositionHub({
    bus: { join: async () => {}, leave: () => {} },
    last: { keep: never, read: never },
    askZones: () => {},
    rooms,
    clock,
  });
  const gate = makeGate(100);
  const server = createServer();
  const built = buildIo({
    server,
    // Cast: one for each entry of the catalogue, made above.
    useCases: useCases as unknown as UseCases,
    verifyToken: (token) => {
      if (token === "old") throw new Refusal("auth.expired", "over");
      // Cast: tokens of this test are identities.
      return JSON.parse(token) as Identity;
    },
    rooms,
    positions,
    gate,
    clock,
    log: { warn() {}, error() {} },
    allowedOrigins: ["https://shop.example"],
    limits: { perSecond: 1, burst: 5 },
    ...(caps ? { caps } : {}),
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // Cast: a TCP server that listens has such an address.
  const { port } = server.address() as AddressInfo;
  const hub: RunningSockets = {
    io: built,
    url: `http://127.0.0.1:${port}`,
    clock,
    positions,
    gate,
    calls,
    async close() {
      await built.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  running.push(hub);
  return hub;
}

/** A token of a kitchen, unless `over` says otherwise. */
export function tokenOf(hub: RunningSockets, over: Partial<Identity> = {}): string {
  const expiresAtMs = hub.clock.nowMs() + 900_000;
  return JSON.stringify({ personId: PERSON, sessionId: "s", roles: [KITCHEN], expiresAtMs, ...over });
}

/** Rejects with what the hub said when it lets nobody in. */
export function enter(
  hub: RunningSockets,
  namespace: string,
  auth: object,
  headers: Record<string, string> = {},
): Promise<Socket> {
  const socket = connect(`${hub.url}/${namespace}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth,
    extraHeaders: headers,
  });
  sockets.push(socket);
  return new Promise((done, fail) => {
    socket.on("connect", () => done(socket));
    socket.on("connect_error", fail);
  });
}

/** `in`, or why not. */
export const codeOf = (outcome: Promise<Socket>) =>
  outcome.then(
    () => "in",
    (error: Error & { data?: Problem }) => error.data?.code ?? error.message,
  );
export const ask = (socket: Socket, event: string, payload: unknown): Promise<Ack<unknown>> =>
  socket.timeout(5_000).emitWithAck(event, payload);
