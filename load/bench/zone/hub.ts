import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createShardedAdapter } from "@socket.io/redis-adapter";
import { Server } from "socket.io";

import { makeGate } from "../../../hub/gate.ts";
import { makePositionHub } from "../../../hub/realtime/positions.ts";
import { makeRoomBus } from "../../../hub/realtime/room-bus.ts";
import { StreamRooms } from "../../../hub/realtime/stream-rooms.ts";
import type { UseCases } from "../../../hub/services/use-cases.ts";
import { buildIo } from "../../../hub/sockets/io.ts";
import { connectRedis } from "#shared/server/redis/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import { OFFICE, type HubTold } from "./messages.ts";

/** A hub's process: the positions' side of ours, or plain Socket.IO. Arguments: which of them, and the Redis. */
const [kind, redisUrl = ""] = process.argv.slice(2);
const clientOf = (use: "positions" | "subscriber") => connectRedis(redisUrl, use, `bench-zone-${use}`, () => {});
const server = createServer();

function serveOurs(): void {
  const clock = makeSystemClock({ CLOCK_RATE: 1 });
  const notHere = () => Promise.reject(new Error("this hub has no store"));
  const rooms = new StreamRooms({
    bus: { join: notHere, leave: () => {} },
    store: { readAfter: notHere, headOf: notHere, headsOf: notHere, changedSince: notHere, carriageOf: notHere },
    rights: { authorise: notHere, closesAt: () => false },
    snapshotOf: notHere,
    project: () => undefined,
    clock,
    log: { warn() {}, error() {} },
  });
  const bus = makeRoomBus("/positions", {
    publisher: clientOf("positions"),
    subscriber: clientOf("subscriber"),
    clock,
    onEvent: (_, payload) => positions.arrived(payload),
  });
  const positions = makePositionHub({ bus, last: { keep: notHere, read: notHere }, askZones: () => {}, rooms, clock });
  buildIo({
    server,
    // Cast: operators ask for zones, which is no command.
    useCases: {} as UseCases,
    verifyToken: () => OFFICE,
    rooms,
    positions,
    gate: makeGate(256),
    clock,
    log: { warn() {}, error() {} },
    allowedOrigins: [],
  });
}

/** Rooms of Socket.IO with its Redis adapter: what was published is emitted to the zone's room, one event a position. */
function servePlain(): void {
  const io = new Server(server, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });
  io.adapter(createShardedAdapter(clientOf("positions"), clientOf("subscriber")));
  io.of("/positions").on("connection", (socket) => {
    socket.on("zones:watch", ({ rooms }: { rooms: string[] }, done: () => void) => {
      void Promise.resolve(socket.join(rooms)).then(() => done());
    });
  });
}

if (kind === "ours") serveOurs();
else servePlain();

const tell = (message: HubTold) => void process.send?.(message);
process.on("message", () => tell({ cpuUs: cpuUs() }));
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => tell({ port: (server.address() as AddressInfo).port }));

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
