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

/** Wall ms before another attempt after the hub itself has ended or refused the connection. */
const AFTER_REFUSAL_MS = 1_000;

/** A {@link Transport} over Socket.IO, WebSocket only. Reconnects with back-off and jitter until it is closed. */
export function socketIoTransport(options: SocketIoOptions): OpenTransport {
  return (events) => {
    let closed = false;
    let everLive = false;
    let cancelRetry = () => {};
    const socket = socketOf(options);
    const say = (problem?: Problem) => {
      if (!closed) events.onStatus(everLive ? "offline" : "connecting", problem);
    };
    // Socket.IO does not try again by itself when it was the server that ended or refused the connection.
    const retryByHand = () => {
      cancelRetry();
      if (!closed && !socket.active) cancelRetry = wallClock.after(AFTER_REFUSAL_MS, () => socket.connect());
    };
    socket.on("connect", () => {
      everLive = true;
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
