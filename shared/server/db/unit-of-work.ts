import { createHash } from "node:crypto";

import { and, eq, sql } from "drizzle-orm";

import { idempotencyKeys, jobs } from "#drizzle/schema/jobs.ts";
import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { JobName, JobPayload } from "#shared/contracts/jobs.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { EventDraft, Told } from "#shared/domain/order/change.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { newId } from "../new-id.ts";
import type { Db, Tx } from "./connect.ts";
import { appendEvents } from "./events.ts";
import { isUniqueViolation } from "./unique-violation.ts";

export interface OwedJob<N extends JobName = JobName> {
  readonly marketId: string;
  readonly name: N;
  readonly payload: JobPayload<N>;
  /** The same key is owed once. */
  readonly dedupeKey: string;
  readonly delayMs?: number;
}

/** A transaction in hand: the store, its time, and what the commit will announce and owe. */
export interface Work {
  readonly tx: Tx;
  /** Deployment time at which the transaction began, epoch ms. */
  readonly nowMs: number;
  /**
   * Sends a statement whose answer nobody needs; the commit waits for it, and is none if it fails. What is said after it on this
   * transaction comes after it: so changes need no round trip of their own.
   */
  send(statement: PromiseLike<unknown>): void;
  append(draft: Told): void;
  owe<N extends JobName>(job: OwedJob<N>): void;
}

export interface UnitOfWork {
  /** Runs `work` in one transaction. A thrown error, a {@link Refusal} too, takes everything back. */
  run<T>(work: (w: Work) => Promise<T>): Promise<T>;
  /**
   * The same for a person's command: repeated with its key it gives the stored answer and does nothing; the same key with
   * another body is refused. The answer is stored in the transaction of the effect. [IDM1-IDM3, LOD2]
   */
  command<T>(command: PersonCommand, work: (w: Work) => Promise<T>): Promise<T>;
}

export interface PersonCommand {
  readonly personId: string;
  readonly key: string | undefined;
  readonly name: CommandName;
  readonly input: unknown;
}

export interface UnitOfWorkDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Called after the commit; must not throw. */
  readonly announce: (events: readonly StoredEvent[]) => void;
  /** Called after the commit: a hint to a queue; must not throw. */
  readonly hint: (job: {
    readonly marketId: string;
    readonly id: string;
    readonly name: JobName;
    readonly delayMs: number;
  }) => void;
}

/**
 * The one way to change the store: events are counted and inserted last, jobs are rows of the same commit, and nothing is
 * announced before it. A crash after the commit loses only hints; heads and the sweeper find the rest. [STR3]
 */
export function makeUnitOfWork(deps: UnitOfWorkDeps): UnitOfWork {
  const { db, clock, announce, hint } = deps;

  async function run<T>(
    work: (w: Work) => Promise<T>,
    keep?: (tx: Tx, answer: T, nowMs: number) => PromiseLike<unknown>,
  ): Promise<T> {
    const drafts: EventDraft[] = [];
    const owed: OwedJob[] = [];
    const sent: Promise<unknown>[] = [];
    const nowMs = clock.nowMs();
    const { answer, events, hints } = await db.orm.transaction(async (tx) => {
      try {
        const result = await work({
          tx,
          nowMs,
          send: (statement) => {
            const sending = Promise.resolve(statement);
            // Whoever waits for it is told; where the work failed before, nobody does.
            sending.catch(() => {});
            sent.push(sending);
          },
          append: (draft) => void drafts.push({ ...draft, atMs: nowMs }),
          owe: (job) => void owed.push(job),
        });
        // At once: the connection carries them out one after the other, in one round trip.
        const [written, told] = await Promise.all([
          insertJobs(tx, owed, nowMs),
          appendEvents(tx, drafts),
          keep?.(tx, result, nowMs),
          ...sent,
        ]);
        return { answer: result, events: told, hints: written };
      } catch (error) {
        // What came after a statement that failed says only that the transaction had failed.
        const first = (await Promise.allSettled(sent)).find(({ status }) => status === "rejected");
        throw first?.status === "rejected" ? first.reason : error;
      }
    });
    if (events.length > 0) announce(events);
    for (const job of hints) hint(job);
    return answer;
  }

  /** Commands under way in this process, by person and key. */
  const underWay = new Map<string, { readonly requestHash: string; readonly answer: Promise<unknown> }>();

  async function command<T>(asked: PersonCommand, work: (w: Work) => Promise<T>): Promise<T> {
    const { personId, key } = asked;
    if (key === undefined) throw new Refusal("payload.invalid", "a command needs an idempotency key");
    const requestHash = createHash("sha256")
      .update(JSON.stringify([asked.name, asked.input]))
      .digest("base64");
    const name = `${personId}/${key}`;
    const first = underWay.get(name);
    if (first) {
      if (first.requestHash !== requestHash) throw otherRequest();
      // Cast: the same command with the same input answers in the same shape.
      return (await first.answer) as T;
    }
    const answer = commandOnce({ ...asked, key, requestHash }, work);
    underWay.set(name, { requestHash, answer });
    try {
      return await answer;
    } finally {
      underWay.delete(name);
    }
  }

  async function commandOnce<T>(
    asked: PersonCommand & { readonly key: string; readonly requestHash: string },
    work: (w: Work) => Promise<T>,
  ): Promise<T> {
    const { personId, key, requestHash } = asked;
    try {
      return await run(work, (tx, answer, nowMs) =>
        tx
          .insert(idempotencyKeys)
          .values({ personId, key, command: asked.name, requestHash, answer, createdAtMs: nowMs }),
      );
    } catch (error) {
      // Most commands come once, so the key is written last and nobody asks for it first. Of two with one key the later is
      // taken back whole, by the key's index or because the first has moved what it wanted to move.
      if (!(error instanceof Refusal) && !isUniqueViolation(error)) throw error;
      const stored = await storedCommand(db.orm, personId, key);
      if (!stored) throw error;
      if (stored.requestHash !== requestHash) throw otherRequest(error);
      // Cast: it was stored by the same command with the same input, so it has this command's shape.
      return stored.answer as T;
    }
  }

  return { run, command };
}

function otherRequest(cause?: unknown): Refusal {
  return new Refusal("idempotency.mismatch", "this key was used for another request; take a new one", { cause });
}

async function storedCommand(tx: Tx, personId: string, key: string) {
  const [row] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.personId, personId), eq(idempotencyKeys.key, key)));
  return row;
}

async function insertJobs(tx: Tx, owed: readonly OwedJob[], nowMs: number) {
  if (owed.length === 0) return [];
  const rows = owed.map((job) => ({
    marketId: job.marketId,
    id: newId(),
    name: job.name,
    dedupeKey: job.dedupeKey,
    payload: job.payload,
    runAtMs: nowMs + (job.delayMs ?? 0),
    createdAtMs: nowMs,
  }));
  const written = await tx.insert(jobs).values(rows).onConflictDoNothing().returning({ id: jobs.id });
  const ids = new Set(written.map((row) => row.id));
  return rows
    .filter((row) => ids.has(row.id))
    .map((row) => ({ marketId: row.marketId, id: row.id, name: row.name, delayMs: row.runAtMs - nowMs }));
}

/** Says that a job is done, in the transaction of its effect. */
export function jobDone(tx: Tx, marketId: string, id: string, nowMs: number) {
  return tx
    .update(jobs)
    .set({ doneAtMs: nowMs, attempts: sql`${jobs.attempts} + 1` })
    .where(and(eq(jobs.marketId, marketId), eq(jobs.id, id)));
}
