import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants } from "node:zlib";

import { and, asc, desc, eq, gt, gte, inArray, lt, sql } from "drizzle-orm";

import { dispatchDecisions } from "#drizzle/schema/decisions.ts";
import { DECISION_FORMAT, type DecisionRecord } from "#shared/domain/dispatch/decision/decision-record.ts";

import type { Tx } from "../db/connect.ts";
import { newId } from "../new-id.ts";

const [compress, decompress] = [promisify(brotliCompress), promisify(brotliDecompress)];
/** 4 of 11: of the cheap ones the smallest by far (`npm run bench:decisions`). It runs beside the event loop. */
const QUALITY = 4;

/** A record as it is kept: JSON, which holds every double exactly, in Brotli. */
export function packDecision(record: DecisionRecord): Promise<Buffer> {
  const text = Buffer.from(JSON.stringify(record));
  return compress(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  });
}

/** @returns undefined for a record of another form: another release wrote it, and while two are up each has its own. [DSP66] */
export async function unpackDecision(packed: Buffer): Promise<DecisionRecord | undefined> {
  const record: unknown = JSON.parse((await decompress(packed)).toString());
  return isRecord(record) ? record : undefined;
}

/** The form says the rest: only {@link packDecision} writes, and never changes a form without its number. */
function isRecord(value: unknown): value is DecisionRecord {
  return typeof value === "object" && value !== null && "format" in value && value.format === DECISION_FORMAT;
}

/**
 * Keeps what a round was decided by and what it decided.
 *
 * @returns the decision's id
 */
export async function keepDecision(tx: Tx, marketId: string, round: number, record: DecisionRecord): Promise<string> {
  const id = newId();
  const { version, nowMs } = record.plan;
  const row = { marketId, id, round, version, decidedAtMs: nowMs, record: await packDecision(record) };
  await tx.insert(dispatchDecisions).values(row);
  return id;
}

export interface KeptDecision {
  readonly id: string;
  readonly round: number;
  readonly decidedAtMs: number;
  readonly record: DecisionRecord;
}

/** A kept decision; undefined when there is none, it has been forgotten, or this release cannot read it. */
export async function readDecision(tx: Tx, marketId: string, id: string): Promise<KeptDecision | undefined> {
  const [row] = await tx
    .select()
    .from(dispatchDecisions)
    .where(and(eq(dispatchDecisions.marketId, marketId), eq(dispatchDecisions.id, id)));
  return row && keptOf(row);
}

/** The newest kept decision of a market; undefined when there is none, or this release cannot read it. */
export async function newestDecision(tx: Tx, marketId: string): Promise<KeptDecision | undefined> {
  const [row] = await tx
    .select()
    .from(dispatchDecisions)
    .where(eq(dispatchDecisions.marketId, marketId))
    .orderBy(desc(dispatchDecisions.round))
    .limit(1);
  return row && keptOf(row);
}

async function keptOf({
  id,
  round,
  decidedAtMs,
  record,
}: typeof dispatchDecisions.$inferSelect): Promise<KeptDecision | undefined> {
  const unpacked = await unpackDecision(record);
  return unpacked && { id, round, decidedAtMs, record: unpacked };
}

/** In which of these markets a decision is kept; undefined: in none. */
export async function marketOfDecision(tx: Tx, marketIds: readonly string[], id: string): Promise<string | undefined> {
  if (marketIds.length === 0) return undefined;
  const [row] = await tx
    .select({ marketId: dispatchDecisions.marketId })
    .from(dispatchDecisions)
    .where(and(inArray(dispatchDecisions.marketId, [...marketIds]), eq(dispatchDecisions.id, id)));
  return row?.marketId;
}

/** Which of the kept decisions; all where nothing is said. */
export interface WhichDecisions {
  readonly marketId?: string | undefined;
  readonly decisionId?: string | undefined;
}

/** Rows of one statement: a few MB. */
const BATCH = 200;

/** Kept decisions in the order of their ids, which is that of time, batch after batch: all at once would not fit. */
export async function* eachDecision(tx: Tx, { marketId, decisionId }: WhichDecisions) {
  let after: string | undefined;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a batch begins where the last one ended
    const rows = await tx
      .select()
      .from(dispatchDecisions)
      .where(
        and(
          after === undefined ? undefined : gt(dispatchDecisions.id, after),
          marketId === undefined ? undefined : eq(dispatchDecisions.marketId, marketId),
          decisionId === undefined ? undefined : eq(dispatchDecisions.id, decisionId),
        ),
      )
      .orderBy(asc(dispatchDecisions.id))
      .limit(BATCH);
    yield* rows;
    after = rows.at(-1)?.id;
    if (rows.length < BATCH) return;
  }
}

/** The first and the last kept round of a span of deployment time, and how many there are; undefined when none is kept that this release can read. */
export async function decidedBetween(
  tx: Tx,
  marketId: string,
  fromMs: number,
  toMs: number,
): Promise<{ readonly first: DecisionRecord; readonly last: DecisionRecord; readonly rounds: number } | undefined> {
  const { decidedAtMs, record, round } = dispatchDecisions;
  const within = and(eq(dispatchDecisions.marketId, marketId), gte(decidedAtMs, fromMs), lt(decidedAtMs, toMs));
  const [counted] = await tx
    .select({ rounds: sql<number>`count(*)::int` })
    .from(dispatchDecisions)
    .where(within);
  const at = (order: typeof asc) =>
    tx.select({ record }).from(dispatchDecisions).where(within).orderBy(order(decidedAtMs), order(round)).limit(1);
  const [[first], [last]] = [await at(asc), await at(desc)];
  const [began, ended] = [first && (await unpackDecision(first.record)), last && (await unpackDecision(last.record))];
  return began && ended && { first: began, last: ended, rounds: counted?.rounds ?? 0 };
}
