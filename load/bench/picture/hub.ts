import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";

import { createShardedAdapter } from "@socket.io/redis-adapter";
import { Server } from "socket.io";

import { makeGate } from "../../../hub/gate.ts";
import { startRealtime } from "../../../hub/realtime/realtime.ts";
import { admitted } from "../../../hub/services/admitted.ts";
import { makeMarkers } from "../../../hub/services/positions/marker.ts";
import { makeMotionPush } from "../../../hub/services/positions/motion-push.ts";
import { makeTracePush } from "../../../hub/services/positions/trace-push.ts";
import { makeTraceWriter } from "../../../hub/services/positions/trace-writer.ts";
import type { UseCases } from "../../../hub/services/use-cases.ts";
import { buildIo, type Io } from "../../../hub/sockets/io.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { closesAt, makeAuthoriseWatch, snapshotOf } from "#shared/server/life/watching.ts";
import { makeArrivals } from "#shared/server/realtime/arrivals.ts";
import { makeEventStore } from "#shared/server/realtime/event-store.ts";
import { makeLastPositions } from "#shared/server/realtime/last-positions.ts";
import { makePositionOutbox } from "#shared/server/realtime/position-outbox.ts";
import { makePublisher } from "#shared/server/realtime/publish.ts";
import { connectRedis, type RedisUse } from "#shared/server/redis/connect.ts";
import { makeSystemClock } from "#shared/server/system-clock.ts";

import type { HubAsked, HubTold } from "./messages.ts";

/** A hub's process: ours as far as couriers' places go, or plain Socket.IO. */
// Cast: given by the bench.
const asked = JSON.parse(process.argv[2] ?? "") as HubAsked;
const redis = (use: RedisUse) => connectRedis(asked.redisUrl, use, `bench-picture-${use}`, () => {});
const server = createServer();

/** @returns how many positions Redis has given it */
function serveOurs(): () => number {
  const clock = makeSystemClock({ CLOCK_RATE: 1 });
  const db = connectDb(asked.databaseUrl, { max: 6, name: "bench-picture" });
  const clients = {
    events: redis("events"),
    eventsSubscriber: redis("subscriber"),
    positions: redis("positions"),
    positionsSubscriber: redis("subscriber"),
  };
  const last = makeLastPositions(clients.positions);
  const log = { warn() {}, error: (details: object) => void process.stderr.write(`${inspect(details)}\n`) };
  const arrivals = makeArrivals(() => clock.nowMs());
  const authorise = makeAuthoriseWatch(db);
  const realtime = startRealtime({
    store: makeEventStore(db),
    last,
    arrivals,
    rights: { authorise: async (identity, ref) => ({ viewer: await authorise(identity, ref) }), closesAt },
    snapshotOf: (ref, viewer) => snapshotOf(db, ref, viewer),
    project: projectEvent,
    redis: clients,
    clock,
    log,
  });
  let moveCourier: Io["moveCourier"] = () => {};
  const publisher = makePublisher({
    arrivals,
    events: clients.events,
    positions: clients.positions,
    onLost: () => {},
  });
  const deps = {
    db,
    last,
    outbox: makePositionOutbox({ last, publisher, clock }),
    clock,
    deploymentNowMs: () => clock.nowMs(),
    onZone: (...moved: Parameters<Io["moveCourier"]>) => moveCourier(...moved),
    headNow: (stream: StreamRef) => realtime.rooms.headNow(stream),
  };
  const markers = makeMarkers(deps);
  const gate = makeGate(256);
  // Cast: phones and watchers ask for nothing else.
  const useCases = {
    "motion.push": makeMotionPush(deps, markers),
    "trace.push": makeTracePush(deps, markers, makeTraceWriter(deps)),
  } as UseCases;
  const io = buildIo({
    server,
    useCases: admitted(useCases, gate),
    // Cast: tokens of the bench are identities.
    verifyToken: (token) => JSON.parse(token) as Identity,
    rooms: realtime.rooms,
    positions: realtime.positions,
    gate,
    clock,
    log,
    allowedOrigins: [],
  });
  moveCourier = (...moved) => io.moveCourier(...moved);
  return () => realtime.positions.counts.arrived;
}

const roomOfOrder = (orderId: string) => `positions-of-order/${orderId}`;

/** Rooms of Socket.IO with its Redis adapter: every fix is emitted to the room of the order. */
function servePlain(): () => number {
  const io = new Server(server, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });
  io.adapter(createShardedAdapter(redis("positions"), redis("subscriber")));
  io.of("/customer").on("connection", (socket) => {
    socket.on("watch", (orderId: string, done: () => void) => {
      void Promise.resolve(socket.join(roomOfOrder(orderId))).then(() => done());
    });
  });
  io.of("/courier").on("connection", (socket) => {
    socket.on("fix", ({ orderId, ...fix }: { orderId: string }) => {
      io.of("/customer")
        .to(roomOfOrder(orderId))
        .emit("position", { orderId, ...fix });
    });
  });
  return () => 0;
}

const arrived = asked.kind === "ours" ? serveOurs() : servePlain();

const tell = (message: HubTold) => void process.send?.(message);
process.on("message", () => tell({ cpuUs: cpuUs(), arrived: arrived() }));
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => tell({ port: (server.address() as AddressInfo).port }));

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
