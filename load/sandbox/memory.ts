import { assert } from "#shared/lib/assert.ts";
import type { Entry } from "./journal.ts";
import type { RecordOf, StoredAnswer, StoredRecord } from "./records.ts";

/** Stripe forgets idempotency keys after 24 hours and events after 30 days. */
export const ANSWER_KEPT_MS = 24 * 3_600_000;
const EVENT_KEPT_S = 30 * 24 * 3_600;

type Kind = StoredRecord["kind"];

/** What the journal's entries add up to; `apply` is the only way in, on recovery and after each append alike. */
export function makeMemory() {
  const shelves = makeShelves();
  const answers = new Map<string, StoredAnswer>();
  const waiting = makeWaiting();
  const refunds = new Map<string, RecordOf<"refund">[]>();

  const put = (record: StoredRecord): void => {
    const isNew = shelves.put(record);
    if (isNew && record.kind === "refund") refunds.set(record.charge, [...refundsOf(record.charge), record]);
  };
  const refundsOf = (chargeId: string): readonly RecordOf<"refund">[] => refunds.get(chargeId) ?? [];

  const happen = (entry: Entry): void => {
    for (const { subjectId, subject, ...event } of entry.events ?? []) {
      const kept = subject ?? entry.puts?.find((record) => record.id === subjectId);
      assert(kept && kept.kind !== "payment_method" && kept.kind !== "webhook_endpoint", "an event has a subject");
      put({ ...event, subject: kept });
      for (const endpoint of shelves.all("webhook_endpoint"))
        if (wants(endpoint, event.type)) waiting.add(event.id, endpoint.id);
    }
  };
  const removeEndpoint = (id: string): void => {
    shelves.drop("webhook_endpoint", (record) => record.id === id);
    waiting.dropEndpoint(id);
  };

  return {
    all: shelves.all,
    get: shelves.get,
    answers,
    waiting,
    refundsOf,
    apply(entry: Entry): void {
      for (const record of entry.puts ?? []) put(record);
      happen(entry);
      if (entry.answer) answers.set(entry.answer.key, entry.answer);
      for (const [eventId, endpointId] of entry.waiting ?? []) waiting.add(eventId, endpointId);
      for (const [eventId, endpointId] of entry.delivered ?? []) waiting.end(eventId, endpointId);
      for (const id of entry.removed ?? []) removeEndpoint(id);
    },
    /** Drops what Stripe would have forgotten by now. */
    forget(nowMs: number): void {
      for (const [key, answer] of answers) if (nowMs - answer.atMs >= ANSWER_KEPT_MS) answers.delete(key);
      shelves.drop("event", (event) => event.created < nowMs / 1000 - EVENT_KEPT_S);
    },
    /** Entries that make this memory again. Endpoints come after events, so that no event is queued a second time. */
    *snapshot(): Generator<Entry> {
      const kinds = ["payment_method", "payment_intent", "charge", "refund"] as const;
      for (const kind of kinds) for (const record of shelves.all(kind)) yield { puts: [record] };
      for (const event of shelves.all("event")) yield { events: [event] };
      for (const answer of answers.values()) yield { answer };
      for (const endpoint of shelves.all("webhook_endpoint")) yield { puts: [endpoint] };
      for (const { id } of shelves.all("event"))
        for (const endpointId of waiting.of(id)) yield { waiting: [[id, endpointId]] };
    },
  };
}

/** Records by kind, in the order in which they were made. */
function makeShelves() {
  const shelves = new Map<Kind, { readonly list: StoredRecord[]; readonly places: Map<string, number> }>();
  const shelf = (kind: Kind) => {
    const found = shelves.get(kind) ?? { list: [], places: new Map<string, number>() };
    shelves.set(kind, found);
    return found;
  };
  // Cast: a shelf holds records of its own kind only, see `put`.
  const all = <K extends Kind>(kind: K) => shelf(kind).list as unknown as readonly RecordOf<K>[];
  const get = <K extends Kind>(kind: K, id: string): RecordOf<K> | undefined => {
    const place = shelf(kind).places.get(id);
    return place === undefined ? undefined : all(kind)[place];
  };
  /** True if there was none with this id. */
  const put = (record: StoredRecord): boolean => {
    const { list, places } = shelf(record.kind);
    const place = places.get(record.id) ?? list.length;
    const isNew = place === list.length;
    places.set(record.id, place);
    list[place] = record;
    return isNew;
  };
  const drop = (kind: Kind, gone: (record: StoredRecord) => boolean): void => {
    const kept = shelf(kind).list.filter((record) => !gone(record));
    shelves.delete(kind);
    for (const record of kept) put(record);
  };
  return { all, get, put, drop };
}

/** Which endpoints have not answered which event. */
function makeWaiting() {
  const waiting = new Map<string, Set<string>>();
  const end = (eventId: string, endpointId: string): void => {
    const left = waiting.get(eventId);
    left?.delete(endpointId);
    if (left?.size === 0) waiting.delete(eventId);
  };
  return {
    end,
    of: (eventId: string): readonly string[] => [...(waiting.get(eventId) ?? [])],
    add(eventId: string, endpointId: string): void {
      waiting.set(eventId, (waiting.get(eventId) ?? new Set()).add(endpointId));
    },
    dropEndpoint(endpointId: string): void {
      for (const eventId of waiting.keys()) end(eventId, endpointId);
    },
  };
}

function wants(endpoint: RecordOf<"webhook_endpoint">, type: string): boolean {
  return endpoint.enabled_events.includes("*") || endpoint.enabled_events.includes(type);
}
