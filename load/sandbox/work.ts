import { newId } from "./ids.ts";
import type { EventRecord, EventSubject, RecordOf, StoredAnswer, StoredRecord } from "./records.ts";
import type { Store } from "./store.ts";

/** One request's unit of work: reads see its own writes, nothing is kept before `commit`. */
export interface Work {
  readonly nowS: number;
  get<K extends StoredRecord["kind"]>(kind: K, id: string): RecordOf<K> | undefined;
  put<R extends Exclude<StoredRecord, EventRecord>>(record: R): R;
  /** Notes that something happened to `subject`, which must have been put before. */
  emit(type: string, subject: EventSubject): void;
  /** Keeps everything at once and returns the events that became true. */
  commit(answer: StoredAnswer | undefined): readonly EventRecord[];
}

export interface RequestFacts {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  readonly apiVersion: string;
}

/** Starts a unit of work at `nowMs` (wall time). */
export function startWork(store: Store, nowMs: number, facts: RequestFacts): Work {
  const puts = new Map<string, Exclude<StoredRecord, EventRecord>>();
  const events: EventRecord[] = [];
  const nowS = Math.floor(nowMs / 1000);
  return {
    nowS,
    get(kind, id) {
      const own = puts.get(id);
      // Cast: a put record found under an id of this kind is of this kind, which the test just before checked.
      if (own?.kind === kind) return own as unknown as RecordOf<typeof kind>;
      return store.get(kind, id);
    },
    put(record) {
      puts.set(record.id, record);
      return record;
    },
    emit(type, subject) {
      events.push({
        kind: "event",
        id: newId("evt_"),
        created: nowS,
        type,
        api_version: facts.apiVersion,
        subject,
        request: { id: facts.requestId, idempotency_key: facts.idempotencyKey },
      });
    },
    commit(answer) {
      store.commit({ puts: [...puts.values()], events, answer });
      return events;
    },
  };
}
