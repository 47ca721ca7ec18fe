import type { Problem } from "#shared/contracts/errors.ts";
import type { PackedZoneFrame, PositionFrame, SeenEvent, StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

/** A right to a stream, as the store has it at the moment of asking. */
export interface Grant {
  readonly viewer: Viewer;
  /** First and last seq that the right covers; undefined: from the beginning, and still open. */
  readonly fromSeq?: number;
  readonly toSeq?: number;
}

/** Who may watch what, as the store has it. */
export interface StreamRights {
  /** @throws Refusal `stream.not-found` or `right.missing` */
  authorise(identity: Identity, ref: StreamRef): Promise<Grant>;
  /** Whether the right ends with this event: the viewer still gets it, and nothing after it. */
  closesAt(viewer: Viewer, event: StoredEvent): boolean;
}

/**
 * The whole state of a stream with the seq that it stands at, and whether the viewer's right to it held then, read in one
 * repeatable-read transaction: what takes the right away later is an event after `seq`.
 */
export type SnapshotOf = (
  ref: StreamRef,
  viewer: Viewer,
) => Promise<{ readonly seq: number; readonly snapshot: unknown; readonly mayWatch: boolean }>;

export type Project = (viewer: Viewer, ref: StreamRef, event: StoredEvent) => SeenEvent | undefined;

/** What the real-time side needs of one socket. */
export interface Listener {
  readonly identity: Identity;
  event(stream: string, epoch: string, event: SeenEvent): void;
  heads(epoch: string, heads: Readonly<Record<string, number>>): void;
  closed(stream: string, seq: number, problem: Problem): void;
  /** Best effort: false when the socket is still busy with what came before; it is then left out this time. */
  position(frame: PositionFrame): boolean;
  /** One tick's frames of all zones that the operator watches; the same frame objects go to every operator. */
  zones(frames: readonly PackedZoneFrame[]): boolean;
}

export interface RealtimeLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
