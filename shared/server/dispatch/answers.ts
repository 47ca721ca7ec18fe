import { z } from "zod";

import { ANSWER_KINDS, type OfferAnswer } from "#shared/domain/dispatch/refusals/learn-refusals.ts";

import type { Db } from "../db/connect.ts";

/** How couriers answered a season ago says little of today. */
export const ANSWERS_OF_MS = 56 * 24 * 3_600_000;
/** The newest answers that rounds go by: some milliseconds of reckoning. */
export const ANSWERS_AT_MOST = 20_000;

const number = z.coerce.number();
const row = z.object({
  courierId: z.string(),
  kind: z.enum(ANSWER_KINDS),
  offeredAtMs: number,
  afterMs: number.transform((ms) => Math.max(0, ms)),
  wayMs: number.transform((ms) => Math.max(0, ms)),
});

export interface WhichAnswers {
  /** Of offers that were made from then on, and before then; deployment epoch ms. */
  readonly fromMs: number;
  readonly beforeMs: number;
  /** The newest so many. */
  readonly most: number;
}

/** Offers of a market that somebody answered or let pass, oldest first; those that were withdrawn say nothing of their courier. */
export async function readAnswers(
  { sql }: Db,
  marketId: string,
  { fromMs, beforeMs, most }: WhichAnswers,
): Promise<OfferAnswer[]> {
  const rows = await sql`
    select courier_id as "courierId", status as kind, offered_at_ms as "offeredAtMs",
      answered_at_ms - offered_at_ms as "afterMs",
      coalesce((reason->'numbers'->>'arriveAtMs')::float8 - (reason->'numbers'->>'leaveAtMs')::float8, 0) as "wayMs"
    from offers
    where market_id = ${marketId} and offered_at_ms >= ${fromMs} and offered_at_ms < ${beforeMs}
      and status in ('accepted', 'declined', 'expired')
    order by id desc limit ${most}`;
  return rows.map((each) => row.parse(each)).toReversed();
}
