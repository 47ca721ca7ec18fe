import { sql } from "drizzle-orm";

import type { BlackBoxSuggestion, Stretch } from "#shared/contracts/black-box.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import { suggestionsTold } from "#shared/domain/dispatch/suggestions-told.ts";
import type { Tx } from "#shared/server/db/connect.ts";

/** What was advised longer ago does not say why somebody was where they were. */
const BEFORE_MS = 30 * 60_000;
/** Of a courier's stream looked at: some ten deliveries. A courier's whole life is not read. */
const MOST_EVENTS = 100;

/**
 * What the courier of a stretch had been advised before it began.
 *
 * @param events of the order, among them the one with which the stretch began
 */
export async function suggestionsBefore(
  tx: Tx,
  marketId: string,
  { courierId, fromMs }: Stretch,
  courierName: string,
  events: readonly StoredEvent[],
): Promise<BlackBoxSuggestion[]> {
  const taken = events.find(
    (event) => event.courierId === courierId && event.courierSeq !== null && event.atMs === fromMs,
  );
  if (!taken) return [];
  const rows = await tx.execute<{ type: string; at_ms: string; payload: Record<string, unknown> }>(sql`
    select type, at_ms, payload from (
      select courier_seq, type, at_ms, payload from order_events
      where market_id = ${marketId} and courier_id = ${courierId} and courier_seq < ${taken.courierSeq}
      order by courier_seq desc limit ${MOST_EVENTS}
    ) lately
    where type like 'suggestion.%' and at_ms >= ${fromMs - BEFORE_MS}
    order by courier_seq`);
  return suggestionsTold(
    { courierId, courierName },
    rows.map(({ type, at_ms, payload }) => ({ type, atMs: Number(at_ms), payload })),
  );
}
