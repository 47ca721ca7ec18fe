import { openJournal } from "./journal.ts";
import type { Entry } from "./journal.ts";
import { ANSWER_KEPT_MS, makeMemory } from "./memory.ts";
import type { EventRecord, RecordOf, StoredAnswer, StoredRecord } from "./records.ts";

type Kind = StoredRecord["kind"];

/** What one request changes; `commit` applies all of it at once. */
interface Change {
  readonly puts: readonly Exclude<StoredRecord, EventRecord>[];
  readonly events: readonly EventRecord[];
  readonly answer?: StoredAnswer | undefined;
}

export interface Store {
  get<K extends Kind>(kind: K, id: string): RecordOf<K> | undefined;
  /** Every record of a kind, oldest first. */
  all<K extends Kind>(kind: K): readonly RecordOf<K>[];
  refundsOf(chargeId: string): readonly RecordOf<"refund">[];
  answer(key: string): StoredAnswer | undefined;
  commit(change: Change): void;
  removeEndpoint(id: string): void;
  /** Events with deliveries not yet ended, oldest first. */
  waiting(): readonly EventRecord[];
  endpointsWaitingFor(eventId: string): readonly string[];
  delivered(eventId: string, endpointId: string): void;
  close(): void;
}

/**
 * The sandbox's memory over its journal. `nowMs` is wall time: what is too old at the start is dropped and the journal
 * rewritten without it.
 */
export function openStore(folder: string, nowMs: () => number): Store {
  const memory = makeMemory();
  const journal = openJournal(folder, (entry) => memory.apply(entry));
  memory.forget(nowMs());
  journal.rewrite(memory.snapshot());
  const write = (entry: Entry): void => {
    journal.append(entry);
    memory.apply(entry);
  };
  return {
    get: memory.get,
    all: memory.all,
    refundsOf: (chargeId) => memory.refundsOf(chargeId),
    answer(key) {
      const found = memory.answers.get(key);
      return found !== undefined && nowMs() - found.atMs < ANSWER_KEPT_MS ? found : undefined;
    },
    commit({ puts, events, answer }) {
      if (puts.length === 0 && events.length === 0 && answer === undefined) return;
      const slim = events.map(({ subject, ...event }) =>
        puts.includes(subject) ? { ...event, subjectId: subject.id } : { ...event, subject },
      );
      write({
        ...(puts.length > 0 && { puts }),
        ...(slim.length > 0 && { events: slim }),
        ...(answer && { answer }),
      });
    },
    removeEndpoint: (id) => write({ removed: [id] }),
    waiting: () => memory.all("event").filter((event) => memory.waiting.of(event.id).length > 0),
    endpointsWaitingFor: (eventId) => memory.waiting.of(eventId),
    delivered: (eventId, endpointId) => write({ delivered: [[eventId, endpointId]] }),
    close: () => journal.close(),
  };
}
