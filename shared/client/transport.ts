import type { Problem } from "../contracts/errors.ts";
import type { Ack, StreamFrames } from "../contracts/streams.ts";

/** `connecting`: before the first connection; `live`: the hub answers; `offline`: lost, and being tried again. */
export type HubStatus = "connecting" | "live" | "offline";

export const FRAME_NAMES = [
  "stream:event",
  "stream:heads",
  "stream:closed",
  "position",
  "zone:frame",
  "session:expiring",
] as const satisfies readonly (keyof StreamFrames)[];

/** One connection to a hub that comes back by itself: what the protocol needs of a network, and no more. */
export interface Transport {
  /**
   * Sends one request. `done` is called once, synchronously with the packet's arrival, so that no later frame overtakes
   * an answer; with undefined when the answer is lost (not connected, connection ended, or nothing in time).
   */
  request(event: string, payload: object, done: (ack: Ack<unknown> | undefined) => void): void;
  close(): void;
}

export interface TransportEvents {
  /** `problem` says why the hub refused the connection, when it said so. */
  onStatus(status: HubStatus, problem?: Problem): void;
  onFrame<E extends keyof StreamFrames>(event: E, frame: StreamFrames[E]): void;
}

export type OpenTransport = (events: TransportEvents) => Transport;
