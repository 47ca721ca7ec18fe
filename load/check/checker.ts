import { seqIn, streamKey, type SeenEvent, type StoredEvent, type StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

/** What a watcher's handlers were given of one stream, from one snapshot on (load/actors/recorder.ts writes them). */
export interface WatchedStream {
  readonly viewer: Viewer;
  /** Tells two screens of one person apart: each is owed everything. */
  readonly device?: string;
  readonly stream: StreamRef;
  readonly epoch: string;
  readonly snapshotSeq: number;
  readonly events: readonly SeenEvent[];
  /** The hub ended the watch here. */
  readonly closedSeq?: number;
  /** The watcher left here: nothing is owed after it. */
  readonly leftSeq?: number;
}

/** What a viewer was entitled to of a stream, both ends included; without `toSeq` the right is still open. It may open again. */
export interface StreamRight {
  readonly personId: string;
  readonly stream: StreamRef;
  readonly fromSeq: number;
  readonly toSeq?: number | undefined;
}

export interface SeenPosition {
  readonly viewer: Viewer;
  readonly orderId: string;
  readonly takenAtMs: number;
}

/** When a viewer may see where an order's courier is, by fix time, both ends included. */
export interface PositionRight {
  readonly personId: string;
  readonly orderId: string;
  readonly fromMs: number;
  readonly toMs?: number | undefined;
}

export interface Evidence {
  /** In the order of their snapshots. */
  readonly watches: readonly WatchedStream[];
  /** Every row of `order_events` of these streams. */
  readonly stored: readonly StoredEvent[];
  /** A watcher of a stream for which no right is listed was entitled to all of it. */
  readonly rights: readonly StreamRight[];
  readonly positions?: readonly SeenPosition[];
  readonly positionRights?: readonly PositionRight[];
  /** Counted by the client library on the wire. */
  readonly rawGaps?: number;
}

export interface Verdict {
  /** Watcher-events that were owed and never reached the handler. */
  readonly lost: number;
  /** Given to a handler more than once. */
  readonly doubled: number;
  /** Given after a later one. */
  readonly disordered: number;
  /** Events outside a right, parts of events that the role may not see, positions outside a right. */
  readonly leaked: number;
  /** Given to a handler although the store holds no such event at that place. */
  readonly invented: number;
  readonly rawGaps: number;
  /** Watcher-events that were owed. */
  readonly owed: number;
  /** The first faults in words, for people. */
  readonly faults: readonly string[];
}

const FAULTS_TOLD = 20;

type Fault = "lost" | "doubled" | "disordered" | "leaked" | "invented";
interface Right {
  readonly fromSeq: number;
  readonly toSeq: number;
}
type History = ReadonlyMap<number, StoredEvent>;

/** Compares what handlers were given with what the store holds and who might see it. Pure. [CHK1-CHK10] */
export function check(evidence: Evidence): Verdict {
  const stored = bySeq(evidence);
  const count = { lost: 0, doubled: 0, disordered: 0, leaked: 0, invented: 0 };
  let owed = 0;
  const faults: string[] = [];
  const tell = (fault: Fault, what: string) => {
    count[fault] += 1;
    if (faults.length < FAULTS_TOLD) faults.push(`${fault}: ${what}`);
  };
  for (const [name, watches] of byWatcher(evidence.watches)) {
    const [first] = watches;
    if (!first) continue;
    const history = stored.get(streamKey(first.stream)) ?? new Map<number, StoredEvent>();
    const rights = rightsOf(evidence.rights, first);
    const given = new Set<number>();
    for (const { watch, event, after } of givenIn(watches)) {
      const fault = faultOf(watch, event, { given, after, rights, row: history.get(event.seq) });
      if (fault) tell(fault, `${name} seq ${event.seq} (${event.type})`);
      given.add(event.seq);
    }
    for (const seq of owedTo(watches, history, rights)) {
      owed += 1;
      if (!given.has(seq)) tell("lost", `${name} seq ${seq} (${history.get(seq)?.type})`);
    }
  }
  const rights = Map.groupBy(evidence.positionRights ?? [], (right) => right.orderId);
  for (const position of evidence.positions ?? []) {
    if (mayPlace(rights.get(position.orderId) ?? [], position)) continue;
    tell("leaked", `position of order ${position.orderId} at ${position.takenAtMs} to ${position.viewer.personId}`);
  }
  return { ...count, owed, rawGaps: evidence.rawGaps ?? 0, faults };
}

/** All that one watcher's handlers were given, each with the highest seq before it. */
function givenIn(watches: readonly WatchedStream[]) {
  return watches.flatMap((watch) => {
    let highest = watch.snapshotSeq;
    return watch.events.map((event) => {
      const after = highest;
      highest = Math.max(highest, event.seq);
      return { watch, event, after };
    });
  });
}

function faultOf(
  watch: WatchedStream,
  event: SeenEvent,
  known: { given: ReadonlySet<number>; after: number; rights: readonly Right[]; row: StoredEvent | undefined },
): Fault | undefined {
  if (known.given.has(event.seq)) return "doubled";
  if (event.seq <= known.after) return "disordered";
  if (known.row?.id !== event.id) return "invented";
  if (!covers(known.rights, event.seq)) return "leaked";
  return showsTooMuch(watch, known.row, event) ? "leaked" : undefined;
}

/** The events that these watches of one stream owe to one viewer: from the first snapshot to where the last one ended. */
function owedTo(watches: readonly WatchedStream[], history: History, rights: readonly Right[]): number[] {
  const spans = watches.map((watch, index) => ({
    after: watch.snapshotSeq,
    until: owedUntil(watch, watches[index + 1], rights),
  }));
  return [...history.keys()]
    .filter((seq) => covers(rights, seq))
    .filter((seq) => spans.some(({ after, until }) => seq > after && seq <= until))
    .toSorted((a, b) => a - b);
}

function owedUntil(watch: WatchedStream, next: WatchedStream | undefined, rights: readonly Right[]): number {
  if (watch.leftSeq !== undefined) return watch.leftSeq;
  // Ended where the right did: what it covers when it opens again belongs to the next watch.
  if (watch.closedSeq !== undefined && rights.some(({ toSeq }) => toSeq === watch.closedSeq)) return watch.closedSeq;
  if (!next) return Number.POSITIVE_INFINITY;
  // In the same history a snapshot that jumps ahead leaves events out that the handler never saw; a new one begins anew.
  return next.epoch === watch.epoch ? next.snapshotSeq : (watch.events.at(-1)?.seq ?? watch.snapshotSeq);
}

function showsTooMuch(watch: WatchedStream, row: StoredEvent, event: SeenEvent): boolean {
  const allowed = projectEvent(watch.viewer, watch.stream, row);
  return !allowed || !within(event.payload, allowed.payload);
}

/** Whether `part` has nothing that `whole` has not: every field of it, down to the leaves. */
function within(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(whole) && part.length <= whole.length && part.every((each, at) => within(each, whole[at]));
  }
  if (isRecord(part)) {
    if (!isRecord(whole)) return false;
    return Object.entries(part).every(([key, value]) => key in whole && within(value, whole[key]));
  }
  return part === whole;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mayPlace(rights: readonly PositionRight[], { viewer, orderId, takenAtMs }: SeenPosition): boolean {
  return rights.some(
    (right) =>
      right.personId === viewer.personId &&
      right.orderId === orderId &&
      takenAtMs >= right.fromMs &&
      takenAtMs <= (right.toMs ?? Number.POSITIVE_INFINITY),
  );
}

function rightsOf(rights: readonly StreamRight[], { viewer, stream }: WatchedStream): readonly Right[] {
  const mine = rights.filter(
    (each) => each.personId === viewer.personId && streamKey(each.stream) === streamKey(stream),
  );
  if (mine.length === 0) return [{ fromSeq: 0, toSeq: Number.POSITIVE_INFINITY }];
  return mine.map(({ fromSeq, toSeq }) => ({ fromSeq, toSeq: toSeq ?? Number.POSITIVE_INFINITY }));
}

function covers(rights: readonly Right[], seq: number): boolean {
  return rights.some(({ fromSeq, toSeq }) => seq >= fromSeq && seq <= toSeq);
}

function byWatcher(watches: readonly WatchedStream[]): Map<string, WatchedStream[]> {
  const found = new Map<string, WatchedStream[]>();
  for (const watch of watches) {
    const at = watch.device === undefined ? "" : ` at ${watch.device}`;
    const name = `${watch.viewer.as} ${watch.viewer.personId}${at} of ${streamKey(watch.stream)}`;
    const mine = found.get(name) ?? [];
    mine.push(watch);
    found.set(name, mine);
  }
  return found;
}

function bySeq({ watches, stored }: Evidence): Map<string, Map<number, StoredEvent>> {
  const refs = new Map(watches.map((watch) => [streamKey(watch.stream), watch.stream]));
  const found = new Map<string, Map<number, StoredEvent>>([...refs.keys()].map((key) => [key, new Map()]));
  for (const row of stored) {
    for (const ref of refsOf(row)) {
      const seq = seqIn(row, ref);
      if (seq !== undefined) found.get(streamKey(ref))?.set(seq, row);
    }
  }
  return found;
}

/** The streams in which an event stands. */
export function refsOf({ marketId, orderId, restaurantId, courierId }: StoredEvent): StreamRef[] {
  const ids = [
    ["order", orderId],
    ["restaurant", restaurantId],
    ["courier", courierId],
  ] as const;
  return ids.flatMap(([kind, id]) => (id === null ? [] : [{ marketId, kind, id }]));
}
