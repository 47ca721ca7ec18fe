import { io, type Socket } from "socket.io-client";

import type { Namespace } from "../contracts/catalogue/command.ts";
import type { Problem } from "../contracts/errors.ts";
import type { Ack } from "../contracts/streams.ts";
import { FRAME_NAMES, type OpenTransport } from "./transport.ts";
import { wallClock } from "./wall-clock.ts";

export interface SocketIoOptions {
  /** Of the hub or of what stands before the hubs, `http(s)://host[:port]`. */
  readonly url: string;
  readonly namespace: Namespace;
  readonly token: () => string | Promise<string>;
  /** Wall ms until a request without an answer counts as lost. */
  readonly answerWithinMs?: number;
  /** Path of the Socket.IO server, default `/socket.io`. */
  readonly path?: string;
}

/** Wall ms of a connection that was well: when the hub ends it, the hub goes away, and has seen to it that not all come at once. */
const WAS_WELL_MS = 5_000;
const SOON_MS = 200;
const AFTER_REFUSAL_MS = 1_000;

/**
 * Wall ms before another attempt after the hub itself has ended or refused the connection. [ROL4]
 *
 * @param livedMs how long the connection was there; 0 when it was refused
 * @param chance a number in [0, 1)
 */
export function comesBackAfterMs(livedMs: number, chance: number): number {
  return livedMs >= WAS_WELL_MS ? SOON_MS * chance : AFTER_REFUSAL_MS * (0.75 + 0.5 * chance);
}

/** A {@link Transport} over Socket.IO, WebSocket only. Reconnects with back-off and jitter until it is closed. */
export function socketIoTransport(options: SocketIoOptions): OpenTransport {
  return (events) => {
    let closed = false;
    let everLive = false;
    let liveAtMs: number | undefined;
    let cancelRetry = () => {};
    const socket = socketOf(options);
    const say = (problem?: Problem) => {
      if (!closed) events.onStatus(everLive ? "offline" : "connecting", problem);
    };
    // Socket.IO does not try again by itself when it was the server that ended or refused the connection.
    const retryByHand = () => {
      const livedMs = liveAtMs === undefined ? 0 : wallClock.nowMs() - liveAtMs;
      liveAtMs = undefined;
      cancelRetry();
      if (closed || socket.active) return;
      cancelRetry = wallClock.after(comesBackAfterMs(livedMs, Math.random()), () => socket.connect());
    };
    socket.on("connect", () => {
      everLive = true;
      liveAtMs = wallClock.nowMs();
      events.onStatus("live");
    });
    socket.on("disconnect", () => {
      say();
      retryByHand();
    });
    socket.on("connect_error", (error: Error & { data?: Problem }) => {
      say(error.data);
      retryByHand();
    });
    for (const name of FRAME_NAMES) socket.on(name, (frame) => events.onFrame(name, frame));
    socket.connect();

    return {
      request(event, payload, done) {
        if (!socket.connected) return done(undefined);
        return void socket
          .timeout(options.answerWithinMs ?? 10_000)
          .emit(event, payload, (error: Error | null, ack: Ack<unknown>) => done(error ? undefined : ack));
      },
      close() {
        closed = true;
        cancelRetry();
        socket.disconnect();
      },
    };
  };
}

function socketOf(options: SocketIoOptions): Socket {
  return io(`${options.url.replace(/\/$/, "")}/${options.namespace}`, {
    path: options.path ?? "/socket.io",
    transports: ["websocket"],
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 200,
    reconnectionDelayMax: 4_000,
    auth: (give) => {
      // A token that cannot be had now may be had later: the hub refuses the empty one, and we try again.
      Promise.resolve()
        .then(options.token)
        .then(
          (token) => give({ token }),
          () => give({}),
        );
    },
  });
}
