import type { HubClient } from "#shared/client/hub-client.ts";
import { seqIn, streamKey, type StoredEvent } from "#shared/contracts/streams.ts";

import type { LoggedWatch } from "../actors/recorder.ts";
import { refsOf } from "../check/checker.ts";

/** Where every stream stood, by its key. */
export type Heads = ReadonlyMap<string, number>;

/** The heads of all streams in which these events stand. */
export function headsOf(events: readonly StoredEvent[]): Heads {
  const heads = new Map<string, number>();
  for (const event of events) {
    for (const ref of refsOf(event)) {
      const seq = seqIn(event, ref) ?? 0;
      const key = streamKey(ref);
      heads.set(key, Math.max(heads.get(key) ?? 0, seq));
    }
  }
  return heads;
}

/** Who does not yet stand where their stream stood, in words: the newest watch of each who watches still. [FLT7] */
export function behind(log: readonly LoggedWatch[], heads: Heads): string[] {
  const newest = new Map<string, LoggedWatch>();
  for (const watch of log)
    newest.set(`${watch.viewer.as} ${watch.viewer.personId} of ${streamKey(watch.stream)}`, watch);
  return [...newest].flatMap(([name, watch]) => {
    if (watch.closedSeq !== undefined || watch.leftSeq !== undefined) return [];
    const stands = watch.events.at(-1)?.seq ?? watch.snapshotSeq;
    const owed = heads.get(streamKey(watch.stream)) ?? 0;
    return stands >= owed ? [] : [`${name} stands at ${stands} of ${owed}`];
  });
}

/** How many are not connected, in words. */
export function offline(hubs: readonly HubClient[]): string[] {
  const away = hubs.filter(({ status }) => status !== "live").length;
  return away === 0 ? [] : [`${away} of ${hubs.length} are not connected`];
}

/** Whether anybody has been given an event that is not among these. */
export function heardNew(log: readonly LoggedWatch[], known: ReadonlySet<string>): boolean {
  return log.some(({ events }) => {
    const last = events.at(-1);
    return last !== undefined && !known.has(last.id);
  });
}
