import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { EventRecord, EventSubject, StoredAnswer, StoredRecord } from "./records.ts";

/** One request's whole effect, one line of the journal: all of it is kept or none. */
export interface Entry {
  readonly puts?: readonly Exclude<StoredRecord, EventRecord>[];
  /** Events of this request; `subject` is left out where it is a record of the same entry (`subjectId`). */
  readonly events?: readonly (Omit<EventRecord, "subject"> & { subject?: EventSubject; subjectId?: string })[];
  readonly answer?: StoredAnswer;
  /** Deliveries that ended: [event id, endpoint id]. */
  readonly delivered?: readonly (readonly [string, string])[];
  /** Deliveries that wait: only written when the journal is rewritten. */
  readonly waiting?: readonly (readonly [string, string])[];
  readonly removed?: readonly string[];
}

interface Journal {
  /** Returns after the operating system has the line: a killed process loses nothing that it answered. */
  append(entry: Entry): void;
  /** Replaces the file by `entries` in one rename. */
  rewrite(entries: Iterable<Entry>): void;
  close(): void;
}

/**
 * Opens `folder`/journal.jsonl, hands every whole line to `recover` in order and cuts off a torn last line, which is a
 * request that was never answered. There is no fsync: the sandbox survives its own death, not a power cut.
 */
export function openJournal(folder: string, recover: (entry: Entry) => void): Journal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "journal.jsonl");
  if (existsSync(path)) replay(path, recover);
  let file = openSync(path, "a");
  return {
    append(entry) {
      writeAll(file, `${JSON.stringify(entry)}\n`);
    },
    rewrite(entries) {
      const next = `${path}.next`;
      const out = openSync(next, "w");
      for (const entry of entries) writeAll(out, `${JSON.stringify(entry)}\n`);
      closeSync(out);
      closeSync(file);
      renameSync(next, path);
      file = openSync(path, "a");
    },
    close() {
      closeSync(file);
    },
  };
}

function replay(path: string, recover: (entry: Entry) => void): void {
  const bytes = readFileSync(path);
  let start = 0;
  for (let end = bytes.indexOf(10, start); end >= 0; end = bytes.indexOf(10, start)) {
    // Cast: the file is written by this module alone; a line that is not JSON throws here, loudly.
    recover(JSON.parse(bytes.toString("utf8", start, end)) as Entry);
    start = end + 1;
  }
  if (start < bytes.length) truncateSync(path, start);
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
