import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { seenEvent, streamRef, type SeenEvent } from "#shared/contracts/streams.ts";

import type { Evidence, PositionRight, SeenPosition, StreamRight, WatchedStream } from "./checker.ts";

const viewer = z.object({ as: z.enum(["customer", "kitchen", "courier", "ops"]), personId: z.string().min(1) });
const seq = z.int().nonnegative();
/** Numbers a watch within its file. */
const watch = z.int().nonnegative();

/** One line of a watchers' log, in the order in which things happened; load/README.md describes it for people. [CHK11] */
const logLine = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("snapshot"),
    watch,
    viewer,
    device: z.string().optional(),
    stream: streamRef,
    epoch: z.string(),
    seq,
  }),
  z.object({ kind: z.literal("event"), watch, event: seenEvent }),
  z.object({ kind: z.literal("closed"), watch, seq }),
  z.object({ kind: z.literal("left"), watch, seq }),
  z.object({ kind: z.literal("position"), viewer, orderId: z.string(), takenAtMs: z.number() }),
  z.object({ kind: z.literal("right"), personId: z.string(), stream: streamRef, fromSeq: seq, toSeq: seq.optional() }),
  z.object({
    kind: z.literal("position-right"),
    personId: z.string(),
    orderId: z.string(),
    fromMs: z.number(),
    toMs: z.number().optional(),
  }),
]);
type LogLine = z.output<typeof logLine>;
/** Characters written at a time. */
const PIECE = 1_000_000;

type Logged = Omit<Evidence, "stored">;

/** Writes what {@link LogReader} and the event table's reader read, into a folder: `watchers.ndjson` and `events.ndjson`. */
export function writeEvidence(folder: string, { stored, ...logged }: Evidence): void {
  writeLines(join(folder, "watchers.ndjson"), logLinesOf(logged));
  writeLines(join(folder, "events.ndjson"), rowLinesOf(stored));
}

function* rowLinesOf(stored: Evidence["stored"]): Generator<string> {
  for (const row of stored) yield `${JSON.stringify(row)}\n`;
}

/** By the piece: a long day's log is larger than a string may be. */
function writeLines(path: string, lines: Iterable<string>): void {
  const file = openSync(path, "w");
  try {
    let piece = "";
    for (const line of lines) {
      piece += line;
      if (piece.length < PIECE) continue;
      writeSync(file, piece);
      piece = "";
    }
    writeSync(file, piece);
  } finally {
    closeSync(file);
  }
}

/** The lines of what watchers were given and entitled to: what {@link LogReader} reads. */
export function* logLinesOf({ watches, rights, positions, positionRights }: Logged): Generator<string> {
  const line = (one: LogLine) => `${JSON.stringify(one)}\n`;
  for (const [
    number,
    { viewer: by, device, stream, epoch, snapshotSeq, events, closedSeq, leftSeq },
  ] of watches.entries()) {
    yield line({ kind: "snapshot", watch: number, viewer: by, device, stream, epoch, seq: snapshotSeq });
    for (const { id, seq: at, type, atMs, orderId, payload } of events) {
      yield line({ kind: "event", watch: number, event: { id, seq: at, type, atMs, orderId, payload } });
    }
    if (closedSeq !== undefined) yield line({ kind: "closed", watch: number, seq: closedSeq });
    if (leftSeq !== undefined) yield line({ kind: "left", watch: number, seq: leftSeq });
  }
  for (const { viewer: by, orderId, takenAtMs } of positions ?? []) {
    yield line({ kind: "position", viewer: by, orderId, takenAtMs });
  }
  for (const right of rights) yield line({ kind: "right", ...right });
  for (const right of positionRights ?? []) yield line({ kind: "position-right", ...right });
}

type OpenWatch = { -readonly [K in keyof WatchedStream]: WatchedStream[K] } & { events: SeenEvent[] };

/** Collects logs, line by line and file by file. */
export class LogReader {
  readonly #watches: OpenWatch[] = [];
  readonly #rights: StreamRight[] = [];
  readonly #positions: SeenPosition[] = [];
  readonly #positionRights: PositionRight[] = [];
  #ofFile = new Map<number, OpenWatch>();

  get logged(): Logged {
    return {
      watches: this.#watches,
      rights: this.#rights,
      positions: this.#positions,
      positionRights: this.#positionRights,
    };
  }

  /** Another file: its watches are numbered anew. */
  nextFile(): void {
    this.#ofFile = new Map();
  }

  /** @throws Error that says what is wrong with the line */
  read(text: string): void {
    const line = parsedLine(logLine, text);
    switch (line.kind) {
      case "snapshot":
        return this.#begin(line);
      case "event":
        return void this.#of(line.watch).events.push(line.event);
      case "closed":
        return void (this.#of(line.watch).closedSeq = line.seq);
      case "left":
        return void (this.#of(line.watch).leftSeq = line.seq);
      case "position":
        return void this.#positions.push(line);
      case "right":
        return void this.#rights.push(line);
      case "position-right":
        return void this.#positionRights.push(line);
    }
  }

  #begin({ watch: number, viewer: by, device, stream, epoch, seq: snapshotSeq }: LogLine & { kind: "snapshot" }): void {
    const begun: OpenWatch = { viewer: by, stream, epoch, snapshotSeq, events: [] };
    if (device !== undefined) begun.device = device;
    this.#ofFile.set(number, begun);
    this.#watches.push(begun);
  }

  #of(number: number): OpenWatch {
    const found = this.#ofFile.get(number);
    if (!found) throw new Error(`watch ${number} has no snapshot line before this one`);
    return found;
  }
}

/** @throws Error that says where the line is not what it should be */
export function parsedLine<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("this is no JSON; one line holds one object");
  }
  const result = schema.safeParse(json);
  if (!result.success) throw new Error(z.prettifyError(result.error).replaceAll("\n", " "));
  return result.data;
}
