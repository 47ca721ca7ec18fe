import type { IncomingMessage, Server as HttpServer } from "node:http";

import { Server, type Socket } from "socket.io";

import { wallClock } from "#shared/client/wall-clock.ts";
import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { problemOf, Refusal, type Problem } from "#shared/contracts/errors.ts";
import { roomOf } from "#shared/contracts/rooms.ts";
import type { Role } from "#shared/contracts/roles.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Clock } from "#shared/lib/clock.ts";

import type { Gate } from "../gate.ts";
import type { PositionHub } from "../realtime/positions.ts";
import type { RealtimeLog } from "../realtime/ports.ts";
import type { StreamRooms } from "../realtime/stream-rooms.ts";
import type { UseCases } from "../services/use-cases.ts";
import { addressOf, Tally, type SocketCaps } from "./admission.ts";
import { makeAlarms, type Alarms } from "./alarms.ts";
import { LeanTransport, type UpgradedRequest } from "./lean-transport.ts";
import { answersDirectly, forgetsResponse, joinsRoomsAlone, shed, type Upgraded } from "./lean.ts";
import { makePulse, PING_INTERVAL_MS, PING_TIMEOUT_MS, type Pulse, type RawConnection } from "./pulse.ts";
import { makeServing, type ServedSocket } from "./serve-socket.ts";

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
  /** Of the pings; one that is never set where absent. */
  readonly pulseClock?: Clock;
  readonly log: RealtimeLog;
  /** Origins of pages that may connect, beside the hub's own; `https://host[:port]`. */
  readonly allowedOrigins: readonly string[];
  /** Most requests of one socket in a second, on average, and at once. */
  readonly limits?: { readonly perSecond: number; readonly burst: number };
  /** None where absent. */
  readonly caps?: SocketCaps;
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

const steadyClock: Clock = { ...wallClock, nowMs: () => performance.now() };
/** Bytes of one message: a minute of fixes fits twice. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Wall ms in which a new connection must say who it is. */
const ENTER_WITHIN_MS = 10_000;
/** A hub that goes away lets its sockets go one after the other, so that they do not all come to the next one at once. */
const LET_GO_PER_S = 2_000;
const LET_GO_WITHIN_MS = 8_000;
const LET_GO_EVERY_MS = 50;
const NO_CAPS: SocketCaps = { inAll: Infinity, perAddress: Infinity, perPerson: Infinity };

/**
 * The four namespaces of the hub, derived from the catalogue. [RTM13-RTM17]
 *
 * WebSocket only, because polling would need every request of a client to reach the same hub. Connection state recovery
 * is off: it does not work with the Redis adapter, and streams resume by themselves.
 */
export function buildIo(deps: IoDeps): Io {
  let draining = false;
  const caps = deps.caps ?? NO_CAPS;
  const addresses = new Tally();
  const present: Present = {
    served: new Map(),
    people: new Tally(),
    couriers: new Map(),
    alarms: makeAlarms(deps.clock),
    draining: () => draining,
  };
  const { served, couriers } = present;
  const io = new Server(deps.server, {
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    connectTimeout: ENTER_WITHIN_MS,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    allowRequest: (request, answer) => {
      const why = draining ? "draining" : whyNot(request, deps.allowedOrigins);
      const full = io.engine.clientsCount >= caps.inAll || addresses.of(addressOf(request)) >= caps.perAddress;
      answer(why ?? (full ? "too many connections" : null), why === undefined && !full);
    },
  });
  // By time that nobody sets, whatever a test's clock says: the peer answers in its own time.
  const pulse = makePulse(deps.pulseClock ?? steadyClock);
  Object.assign(io.engine, {
    createTransport: (_name: string, request: UpgradedRequest) => new LeanTransport(request),
  });
  io.engine.on("connection", welcoming(pulse, addresses));
  // Socket.IO always has this namespace, and lets everybody in.
  io.use((_, next) => next(Object.assign(new Error("right.missing"), { data: NO_NAMESPACE })));
  for (const name of Object.keys(ROLES_OF) as Namespace[]) openNamespace(io, name, { ...deps, caps }, present);

  return {
    io,
    moveCourier: (personId, marketId, zone) => move(couriers.get(personId) ?? [], roomOf.zone(marketId, zone)),
    counts: {
      get sockets() {
        return served.size;
      },
      get busy() {
        return [...served.values()].reduce((sum, one) => sum + one.busy, 0);
      },
    },
    async drain() {
      draining = true;
      await Promise.all([...served.values()].map((one) => one.idle()));
    },
    async stop() {
      draining = true;
      await letGo([...served.keys()], deps.clock);
      for (const one of served.values()) one.close();
      io.engine.close();
      pulse.stop();
      present.alarms.stop();
    },
  };
}

/** The sockets stand in this room from now on, and in no other. */
function move(sockets: Iterable<Socket>, room: string): void {
  for (const socket of sockets) {
    if (socket.rooms.has(room)) continue;
    for (const old of socket.rooms) if (old !== socket.id) void socket.leave(old);
    void socket.join(room);
  }
}

/** What is counted of a connection before it has said who it is. One listener for all of them, and no closure each. */
function welcoming(pulse: Pulse, addresses: Tally): (raw: RawConnection & EngineConnection) => void {
  function gone(this: RawConnection & EngineConnection): void {
    pulse.remove(this);
    addresses.remove(this.remoteAddress);
  }
  return (raw) => {
    raw.remoteAddress = addressOf(raw.request);
    addresses.add(raw.remoteAddress);
    pulse.add(raw);
    raw.on("close", gone);
    forgetsResponse(raw);
  };
}

interface EngineConnection extends Upgraded {
  remoteAddress: string;
  readonly request: IncomingMessage;
  on(event: "close", listener: () => void): void;
}

async function letGo(sockets: readonly Socket[], clock: Clock): Promise<void> {
  const perTurn = Math.max(LET_GO_PER_S, (sockets.length * 1000) / LET_GO_WITHIN_MS) * (LET_GO_EVERY_MS / 1000);
  for (const [at, socket] of sockets.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- a pause is the point
    if (at > 0 && at % Math.ceil(perTurn) === 0) await pause(clock);
    socket.disconnect(true);
  }
}

function pause(clock: Clock): Promise<void> {
  return new Promise((done) => void clock.after(LET_GO_EVERY_MS, done));
}

interface Present {
  readonly served: Map<Socket, ServedSocket>;
  /** Sockets of each person. */
  readonly people: Tally;
  /** A courier's sockets, by person. */
  readonly couriers: Map<string, Set<Socket>>;
  readonly alarms: Alarms;
  readonly draining: () => boolean;
}

function openNamespace(
  io: Server,
  name: Namespace,
  deps: IoDeps & { readonly caps: SocketCaps },
  present: Present,
): void {
  const { served, people, couriers, alarms, draining } = present;
  const namespace = io.of(`/${name}`);
  joinsRoomsAlone(namespace);
  const serve = makeServing(name, { ...deps, alarms, draining, admit: (token) => admit(deps, name, token) });
  namespace.use((socket, next) => {
    const token: unknown = socket.handshake.auth["token"];
    admit(deps, name, token).then(
      (identity) => {
        if (people.of(identity.personId) >= deps.caps.perPerson) return next(asError(TOO_MANY));
        socket.data = identity;
        next();
      },
      (error: unknown) => {
        if (!(error instanceof Refusal)) deps.log.error({ error }, "a token could not be checked");
        next(asError(problemOf(...(error instanceof Refusal ? refused(error) : UNKNOWN))));
      },
    );
  });
  namespace.on("connection", (socket) => {
    // Cast: set by the middleware above, without which there is no connection.
    const identity = socket.data as Identity;
    const { personId } = identity;
    served.set(socket, serve(socket, identity));
    socket.on("disconnect", left);
    shed(socket);
    answersDirectly(socket);
    people.add(personId);
    if (name === "courier") couriers.set(personId, (couriers.get(personId) ?? new Set()).add(socket));
  });

  /** One listener for all of them, and no closure each. */
  function left(this: Socket): void {
    const { personId } = this.data as Identity; // Cast: as above; a session that was renewed is the same person's.
    const one = served.get(this);
    served.delete(this);
    people.remove(personId);
    const phones = couriers.get(personId);
    if (phones?.delete(this) && phones.size === 0) couriers.delete(personId);
    one?.close();
  }
}

const asError = (problem: Problem) => Object.assign(new Error(problem.code), { data: problem });
const TOO_MANY = problemOf("rate.limited", "you are here on too many devices at once; close one");
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

function whyNot(request: IncomingMessage, allowedOrigins: readonly string[]): string | undefined {
  return mayConnect(request, allowedOrigins) ? undefined : "origin not allowed";
}

/** WebSocket is not subject to CORS: a page's origin is checked here. What is no browser sends none. [RTM14] */
export function mayConnect(request: Pick<IncomingMessage, "headers">, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  return host !== undefined && URL.parse(origin)?.host === host;
}
