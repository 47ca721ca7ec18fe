import type { IncomingMessage, Server as HttpServer } from "node:http";

import { Server, type Socket } from "socket.io";

import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { problemOf, Refusal } from "#shared/contracts/errors.ts";
import { roomOf } from "#shared/contracts/rooms.ts";
import type { Role } from "#shared/contracts/roles.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { Gate } from "../gate.ts";
import type { PositionHub } from "../realtime/positions.ts";
import type { RealtimeLog } from "../realtime/ports.ts";
import type { StreamRooms } from "../realtime/stream-rooms.ts";
import type { UseCases } from "../services/use-cases.ts";
import { serveSocket, type ServedSocket } from "./serve-socket.ts";

export interface IoDeps {
  readonly server: HttpServer;
  readonly useCases: UseCases;
  /** @throws Refusal `auth.missing` or `auth.expired` */
  readonly verifyToken: (token: string) => Identity | Promise<Identity>;
  readonly rooms: StreamRooms;
  readonly positions: PositionHub;
  readonly gate: Gate;
  /** Wall time. */
  readonly clock: Clock;
  readonly log: RealtimeLog;
  /** Origins of pages that may connect, beside the hub's own; `https://host[:port]`. */
  readonly allowedOrigins: readonly string[];
  /** Most requests of one socket in a second, on average, and at once. */
  readonly limits?: { readonly perSecond: number; readonly burst: number };
}

export interface Io {
  readonly io: Server;
  /** Refuses new connections and requests, and waits until those under way are answered. */
  drain(): Promise<void>;
  /** Ends every connection. The HTTP server stays, it is the caller's. */
  stop(): Promise<void>;
  /** The courier's sockets here stand in the room of this zone from now on, and in no other zone's. */
  moveCourier(personId: string, marketId: string, zone: string): void;
  readonly counts: { readonly sockets: number; readonly busy: number };
}

/** Who may enter which namespace. */
const ROLES_OF: Readonly<Record<Namespace, readonly Role[]>> = {
  customer: ["customer"],
  kitchen: ["kitchen", "restaurant_admin"],
  courier: ["courier"],
  ops: ["dispatcher", "support", "admin"],
};

/** Bytes of one message: a minute of fixes fits twice. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/**
 * The four namespaces of the hub, derived from the catalogue. [RTM13-RTM17]
 *
 * WebSocket only, because polling would need every request of a client to reach the same hub. Connection state recovery
 * is off: it does not work with the Redis adapter, and streams resume by themselves.
 */
export function buildIo(deps: IoDeps): Io {
  let draining = false;
  const served = new Set<ServedSocket>();
  const couriers = new Map<string, Set<Socket>>();
  const io = new Server(deps.server, {
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    allowRequest: (request, answer) => {
      const welcome = !draining && mayConnect(request, deps.allowedOrigins);
      answer(welcome ? null : draining ? "draining" : "origin not allowed", welcome);
    },
  });
  // Socket.IO always has this namespace, and lets everybody in.
  io.use((_, next) => next(Object.assign(new Error("right.missing"), { data: NO_NAMESPACE })));
  for (const name of Object.keys(ROLES_OF) as Namespace[])
    openNamespace(io, name, deps, { served, couriers, draining: () => draining });

  const busy = () => [...served].reduce((sum, socket) => sum + socket.busy, 0);
  return {
    io,
    moveCourier(personId, marketId, zone) {
      const room = roomOf.zone(marketId, zone);
      for (const socket of couriers.get(personId) ?? []) {
        if (socket.rooms.has(room)) continue;
        for (const old of socket.rooms) if (old !== socket.id) void socket.leave(old);
        void socket.join(room);
      }
    },
    counts: {
      get sockets() {
        return served.size;
      },
      get busy() {
        return busy();
      },
    },
    async drain() {
      draining = true;
      await Promise.all([...served].map((socket) => socket.idle()));
    },
    async stop() {
      draining = true;
      io.disconnectSockets(true);
      for (const socket of served) socket.close();
      io.engine.close();
    },
  };
}

interface Present {
  readonly served: Set<ServedSocket>;
  /** A courier's sockets, by person. */
  readonly couriers: Map<string, Set<Socket>>;
  readonly draining: () => boolean;
}

function openNamespace(io: Server, name: Namespace, deps: IoDeps, present: Present): void {
  const namespace = io.of(`/${name}`);
  namespace.use((socket, next) => {
    const token: unknown = socket.handshake.auth["token"];
    admit(deps, name, token).then(
      (identity) => {
        socket.data = { identity };
        next();
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) deps.log.error({ error }, "a token could not be checked");
        const problem = problemOf(...(error instanceof Refusal ? refused(error) : UNKNOWN));
        next(Object.assign(new Error(problem.code), { data: problem }));
      },
    );
  });
  namespace.on("connection", (socket) => {
    // Cast: set by the middleware above, without which there is no connection.
    const { identity } = socket.data as { identity: Identity };
    const one = serveSocket(socket, name, identity, {
      ...deps,
      draining: present.draining,
      admit: (token) => admit(deps, name, token),
    });
    present.served.add(one);
    const phones = present.couriers.get(identity.personId) ?? new Set();
    if (name === "courier") present.couriers.set(identity.personId, phones.add(socket));
    socket.on("disconnect", () => {
      present.served.delete(one);
      if (phones.delete(socket) && phones.size === 0) present.couriers.delete(identity.personId);
      one.close();
    });
  });
}

const refused = (error: Refusal) => [error.code, error.message] as const;
const NO_NAMESPACE = problemOf("right.missing", "enter /customer, /kitchen, /courier or /ops");
const UNKNOWN = ["internal", "try again"] as const;

/** The identity of a token that may enter the namespace. */
async function admit(deps: IoDeps, name: Namespace, token: unknown): Promise<Identity> {
  if (typeof token !== "string" || token === "") throw new Refusal("auth.missing", "the handshake has no token");
  const identity = await deps.verifyToken(token);
  if (identity.expiresAtMs <= deps.clock.nowMs())
    throw new Refusal("auth.expired", "the access token is over; renew it");
  const welcome = ROLES_OF[name].some((role) => identity.roles.some((held) => held.role === role));
  if (!welcome) throw new Refusal("right.missing", `none of your roles may enter /${name}`);
  return identity;
}

/** WebSocket is not subject to CORS: a page's origin is checked here. What is no browser sends none. [RTM14] */
export function mayConnect(request: Pick<IncomingMessage, "headers">, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}
