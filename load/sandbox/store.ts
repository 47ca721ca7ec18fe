import { assert } from "#shared/lib/assert.ts";
import { openJournal } from "./journal.ts";
import type { Entry } from "./journal.ts";
import type { EventRecord, RecordOf, StoredAnswer, StoredRecord } from "./records.ts";

/** Stripe forgets idempotency keys after 24 hours and events after 30 days. */
const ANSWER_KEPT_MS = 24 * 3_600_000;
const EVENT_KEPT_S = 30 * 24 * 3_600;

type Kind = StoredRecord["kind"];

/** What one request changes; `commit` applies all of it at once. */
export interface Change {
  readonly puts: readonly Exclude<StoredRecord, EventRecord>[];
  readonly events: readonly EventRecord[];
  readonly answer?: StoredAnswer | undefined;
}

export interface Store {
  get<K extends Kind>(kind: K, id: string): RecordOf<K> | undefined;
  /** Every record of a kind, oldest first. */
  all<K extends Kind>(kind: K): readonly RecordOf<K>[];
  /** The place of `id` in `all(kind)`, or -1. */
  placeOf(kind: Kind, id: string): number;
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
  const journal = openJournal(folder, memory.apply);
  memory.forget(nowMs());
  journal.rewrite(memory.snapshot());
  const write = (entry: Entry): void => {
    journal.append(entry);
    memory.apply(entry);
  };
  return {
    get: memory.get,
    all: memory.all,
    placeOf: memory.placeOf,
    refundsOf: (chargeId) => memory.refunds.get(chargeId) ?? [],
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
    waiting: () => memory.all("event").filter((event) => memory.waiting.has(event.id)),
    endpointsWaitingFor: (eventId) => [...(memory.waiting.get(eventId) ?? [])],
    delivered: (eventId, endpointId) => write({ delivered: [[eventId, endpointId]] }),
    close: () => journal.close(),
  };
}

interface Shelf {
  readonly list: StoredRecord[];
  readonly places: Map<string, number>;
}

function makeMemory() {
  const shelves = new Map<Kind, Shelf>();
  const answers = new Map<string, StoredAnswer>();
  const waiting = new Map<string, Set<string>>();
  const refunds = new Map<string, RecordOf<"refund">[]>();
  const shelf = (kind: Kind): Shelf => {
    const found = shelves.get(kind) ?? { list: [], places: new Map() };
    shelves.set(kind, found);
    return found;
  };
  // Cast: a shelf holds records of its own kind only, see `put`.
  const all = <K extends Kind>(kind: K) => shelf(kind).list as unknown as readonly RecordOf<K>[];
  const get = <K extends Kind>(kind: K, id: string): RecordOf<K> | undefined => {
    const place = shelf(kind).places.get(id);
    return place === undefined ? undefined : all(kind)[place];
  };
  const put = (record: StoredRecord): void => {
    const { list, places } = shelf(record.kind);
    const place = places.get(record.id) ?? list.length;
    if (place === list.length && record.kind === "refund")
      refunds.set(record.charge, [...(refunds.get(record.charge) ?? []), record]);
    places.set(record.id, place);
    list[place] = record;
  };
  const happen = (event: EventRecord): void => {
    put(event);
    const wanting = all("webhook_endpoint").filter((endpoint) => wants(endpoint, event.type));
    if (wanting.length > 0) waiting.set(event.id, new Set(wanting.map((endpoint) => endpoint.id)));
  };
  const end = (eventId: string, endpointId: string): void => {
    const left = waiting.get(eventId);
    left?.delete(endpointId);
    if (left?.size === 0) waiting.delete(eventId);
  };
  const drop = (kind: Kind, gone: (record: StoredRecord) => boolean): void => {
    const kept = shelf(kind).list.filter((record) => !gone(record));
    shelves.delete(kind);
    for (const record of kept) put(record);
  };
  const removeEndpoint = (id: string): void => {
    drop("webhook_endpoint", (record) => record.id === id);
    for (const eventId of waiting.keys()) end(eventId, id);
  };
  const apply = (entry: Entry): void => {
    for (const record of entry.puts ?? []) put(record);
    for (const { subjectId, subject, ...event } of entry.events ?? []) {
      const kept = subject ?? entry.puts?.find((record) => record.id === subjectId);
      assert(kept && kept.kind !== "payment_method" && kept.kind !== "webhook_endpoint", "an event has a subject");
      happen({ ...event, subject: kept });
    }
    if (entry.answer) answers.set(entry.answer.key, entry.answer);
    for (const [eventId, endpointId] of entry.waiting ?? [])
      waiting.set(eventId, (waiting.get(eventId) ?? new Set()).add(endpointId));
    for (const [eventId, endpointId] of entry.delivered ?? []) end(eventId, endpointId);
    for (const id of entry.removed ?? []) removeEndpoint(id);
  };
  const waitingPairs = () =>
    [...waiting].flatMap(([eventId, endpointIds]) =>
      [...endpointIds].flatMap((endpointId) => {
        const event = get("event", eventId);
        const endpoint = get("webhook_endpoint", endpointId);
        return event && endpoint ? [[event, endpoint] as const] : [];
      }),
    );
  const forget = (nowMs: number): void => {
    for (const [key, answer] of answers) if (nowMs - answer.atMs >= ANSWER_KEPT_MS) answers.delete(key);
    drop("event", (event) => event.created < nowMs / 1000 - EVENT_KEPT_S);
  };
  /** Endpoints go last, so that replaying an event does not queue it again; `waiting` says what still waits. */
  function* snapshot(): Generator<Entry> {
    const kinds = ["payment_method", "payment_intent", "charge", "refund"] as const;
    for (const kind of kinds) for (const record of all(kind)) yield { puts: [record] };
    for (const event of all("event")) yield { events: [event] };
    for (const answer of answers.values()) yield { answer };
    for (const endpoint of all("webhook_endpoint")) yield { puts: [endpoint] };
    for (const [event, endpoint] of waitingPairs()) yield { waiting: [[event.id, endpoint.id]] };
  }
  return { answers, waiting, refunds, all, get, placeOf, apply, waitingPairs, forget, snapshot };

  function placeOf(kind: Kind, id: string): number {
    return shelf(kind).places.get(id) ?? -1;
  }
}

function wants(endpoint: RecordOf<"webhook_endpoint">, type: string): boolean {
  return endpoint.enabled_events.includes("*") || endpoint.enabled_events.includes(type);
}
