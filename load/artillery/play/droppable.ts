import { io } from "socket.io-client";

import { FRAME_NAMES, type OpenTransport } from "../../../shared/client/transport.ts";
import type { Namespace } from "../../../shared/contracts/catalogue/command.ts";
import type { Ack } from "../../../shared/contracts/streams.ts";

export interface Droppable {
  /** For {@link makeHubClient}. */
  readonly open: OpenTransport;
  /** Takes the connection from under the client; it stays away. */
  drop(): void;
  /** Comes back, again and again until the hub lets it in or `forMs` are over. Resolves with how often it was refused. */
  comeBack(forMs: number): Promise<number>;
}

const ANSWER_WITHIN_MS = 10_000;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 4_000;

/** A stock Socket.IO client whose connection is lost when we say so, and not back before we say so. */
export function droppable(url: string, namespace: Namespace, token: () => Promise<string>): Droppable {
  const socket = io(`${url}/${namespace}`, {
    transports: ["websocket"],
    forceNew: true,
    autoConnect: false,
    reconnection: false,
    auth: (give) => void token().then((value) => give({ token: value })),
  });
  let closed = false;
  const attempt = (): Promise<boolean> =>
    new Promise((done) => {
      const settled = (live: boolean) => () => {
        socket.off("connect", joined);
        socket.off("connect_error", turnedAway);
        done(live);
      };
      const [joined, turnedAway] = [settled(true), settled(false)];
      socket.once("connect", joined);
      socket.once("connect_error", turnedAway);
      socket.connect();
    });
  return {
    open(events) {
      socket.on("connect", () => events.onStatus("live"));
      socket.on("disconnect", () => events.onStatus("offline"));
      for (const name of FRAME_NAMES) socket.on(name, (frame) => events.onFrame(name, frame));
      return {
        request(event, payload, done) {
          if (!socket.connected) return done(undefined);
          return void socket
            .timeout(ANSWER_WITHIN_MS)
            .emit(event, payload, (error: Error | null, ack: Ack<unknown>) => done(error ? undefined : ack));
        },
        close() {
          closed = true;
          socket.disconnect();
        },
      };
    },
    drop: () => void socket.io.engine.close(),
    async comeBack(forMs) {
      const untilMs = performance.now() + forMs;
      for (let refused = 0; ; refused += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
        if (closed || performance.now() > untilMs || (await attempt())) return refused;
        const fullMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** refused);
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((done) => setTimeout(done, fullMs * (0.5 + 0.5 * Math.random())));
      }
    },
  };
}
