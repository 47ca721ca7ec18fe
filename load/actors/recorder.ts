import type { HubClient, Watch } from "#shared/client/hub-client.ts";
import type { WatchHandlers } from "#shared/client/stream-follower.ts";
import type { PositionFrame, SeenEvent, StreamRef } from "#shared/contracts/streams.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";

/** An event as a handler was given it, with the deployment time at which that was. */
export type HeardEvent = SeenEvent & { readonly heardAtMs: number };

/** What one watcher's handlers were given of one stream, from one snapshot on. */
export interface LoggedWatch {
  readonly viewer: Viewer;
  readonly stream: StreamRef;
  readonly epoch: string;
  readonly snapshotSeq: number;
  readonly events: HeardEvent[];
  /** Where the handlers stood when the hub said that the right has ended. */
  closedSeq?: number;
  /** Where the handlers stood when the watcher went away by itself: nothing is owed after it. */
  leftSeq?: number;
}

export interface HeardPosition extends PositionFrame {
  readonly viewer: Viewer;
  readonly heardAtMs: number;
}

/** Keeps what handlers were given, for a checker that compares it with the store. */
export interface Recorder {
  readonly log: readonly LoggedWatch[];
  readonly positions: readonly HeardPosition[];
  watched(entry: LoggedWatch): void;
  positioned(position: HeardPosition): void;
}

export function makeRecorder(): Recorder {
  const log: LoggedWatch[] = [];
  const positions: HeardPosition[] = [];
  return { log, positions, watched: (entry) => log.push(entry), positioned: (position) => positions.push(position) };
}

/** Who records for whom. Without a recorder nothing is kept: for actors that play without an end. */
export interface Recording {
  readonly viewer: Viewer;
  readonly clock: Clock;
  readonly recorder: Recorder | undefined;
}

/** A watch whose handlers are written down before they are called. */
export function watchRecorded(hub: HubClient, ref: StreamRef, handlers: WatchHandlers, recording: Recording): Watch {
  const { viewer, clock, recorder } = recording;
  if (!recorder) return hub.watch(ref, handlers);
  let entry: LoggedWatch | undefined;
  let ended = false;
  const seqOf = (of: LoggedWatch) => of.events.at(-1)?.seq ?? of.snapshotSeq;
  const watch = hub.watch(ref, {
    onSnapshot(snapshot, position) {
      entry = { viewer, stream: ref, epoch: position.epoch, snapshotSeq: position.seq, events: [] };
      recorder.watched(entry);
      handlers.onSnapshot(snapshot, position);
    },
    onEvent(event, position) {
      entry?.events.push({ ...event, heardAtMs: clock.nowMs() });
      handlers.onEvent(event, position);
    },
    onClosed(problem) {
      ended = true;
      if (entry) entry.closedSeq = seqOf(entry);
      handlers.onClosed?.(problem);
    },
  });
  return {
    get position() {
      return watch.position;
    },
    close() {
      if (entry && !ended) entry.leftSeq = seqOf(entry);
      ended = true;
      watch.close();
    },
  };
}

/** Writes down every position that the connection brings. */
export function recordPositions(hub: HubClient, { viewer, clock, recorder }: Recording): () => void {
  if (!recorder) return () => undefined;
  return hub.onPosition((frame) => recorder.positioned({ ...frame, viewer, heardAtMs: clock.nowMs() }));
}
