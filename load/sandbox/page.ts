import { missing } from "./failure.ts";
import type { RecordOf, StoredRecord } from "./records.ts";
import type { Shown } from "./show.ts";

interface Paging {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?:
    | { gt?: number | undefined; gte?: number | undefined; lt?: number | undefined; lte?: number | undefined }
    | undefined;
}

/**
 * One page of `records` (oldest first), newest first as Stripe lists them. `keep` filters; cursors are ids of the list.
 */
export function page<K extends StoredRecord["kind"]>(
  records: readonly RecordOf<K>[],
  paging: Paging,
  url: string,
  keep: (record: RecordOf<K>) => boolean,
  show: (record: RecordOf<K>) => Shown,
): Shown {
  const wanted = (record: RecordOf<K>) => inRange(record.created, paging.created) && keep(record);
  const forward = paging.ending_before !== undefined;
  const at = startOf(records, paging);
  const found: RecordOf<K>[] = [];
  const step = forward ? 1 : -1;
  for (let place = at + step; found.length <= paging.limit; place += step) {
    const record = records[place];
    if (record === undefined) break;
    if (wanted(record)) found.push(record);
  }
  const data = found.slice(0, paging.limit);
  if (forward) data.reverse();
  return { object: "list", data: data.map(show), has_more: found.length > paging.limit, url };
}

function startOf(records: readonly { readonly id: string }[], paging: Paging): number {
  const cursor = paging.ending_before ?? paging.starting_after;
  if (cursor === undefined) return records.length;
  const at = records.findLastIndex((record) => record.id === cursor);
  if (at < 0) throw missing("object", cursor, paging.ending_before === undefined ? "starting_after" : "ending_before");
  return at;
}

function inRange(second: number, range: Paging["created"]): boolean {
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range ?? {};
  return second > gt && second >= gte && second < lt && second <= lte;
}
