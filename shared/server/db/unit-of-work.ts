import { and, eq, sql, type Table } from "drizzle-orm";

import { jobs } from "#drizzle/schema/jobs.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { JobName, JobPayload } from "#shared/contracts/jobs.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { EventDraft, Told } from "#shared/domain/order/change.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { newId } from "../new-id.ts";
import type { Db, Tx } from "./connect.ts";
import { appending, type Seqs } from "./events.ts";
import { hashOf, keeping, keyOf, storedCommand, type PersonCommand } from "./kept-commands.ts";
import { beside, updatesOf, type Statement, type Update } from "./statement.ts";
import { isUniqueViolation } from "./unique-violation.ts";

export interface OwedJob<N extends JobName = JobName> {
  readonly marketId: string;
  readonly name: N;
  readonly payload: JobPayload<N>;
  /** The same key is owed once. */
  readonly dedupeKey: string;
  readonly delayMs?: number;
}

/** What is written, announced and owed by a commit, for which nothing more need be asked. */
export interface Writing {
  /** Deployment time at which the transaction began, epoch ms. */
  readonly nowMs: number;
  /** Changes one row, before whatever is said next. */
  update<T extends Table>(table: T, row: Update["row"], change: Update<T>["change"]): void;
  append(draft: Told): void;
  owe<N extends JobName>(job: OwedJob<N>): void;
}

/** A transaction in hand. */
export interface Work extends Writing {
  readonly tx: Tx;
  /**
   * Sends a statement whose answer nobody needs; the commit comes behind it, and is none if it fails. What is said after it on this
   * transaction comes after it: so changes need no round trip of their own. [RTM44]
   */
  send(statement: PromiseLike<unknown>): void;
}

export interface UnitOfWork {
  /** Runs `work` in one transaction. A thrown error, a {@link Refusal} too, takes everything back. */
  run<T>(work: (w: Work) => Promise<T>): Promise<T>;
  /**
   * The same for a person's command: repeated with its key it gives the stored answer and does nothing; the same key with
   * another body is refused. The answer is stored in the transaction of the effect. [IDM1-IDM3, LOD2]
   */
  command<T>(command: PersonCommand, work: (w: Work) => Promise<T>): Promise<T>;
  /**
   * Several commands in one transaction: all that `work` answers are kept with it, or nothing of any of them. One that has been carried
   * out before fails them all. [RTM69]
   *
   * @param work an answer for each command, in their order; undefined: it has done nothing for this one
   */
  commands<T>(asked: readonly PersonCommand[], work: (w: Work) => Promise<Answers<T>>): Promise<Answers<T>>;
}

export type Answers<T> = readonly ({ readonly answer: T } | undefined)[];

export interface UnitOfWorkDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Called after the commit; must not throw. */
  readonly announce: (events: readonly StoredEvent[]) => void;
  /** Called after the commit: a hint to a queue; must not throw. */
  readonly hint: (job: JobHint) => void;
}

export interface JobHint {
  readonly marketId: string;
  readonly id: string;
  readonly name: JobName;
  readonly delayMs: number;
}

/**
 * The one way to change the store: events are counted and inserted last, jobs are rows of the same commit, which goes out with
 * them, and nothing is announced before it. A crash after the commit loses only hints; heads and the sweeper find the rest. [STR3, RTM43]
 */
export function makeUnitOfWork(deps: UnitOfWorkDeps): UnitOfWork {
  const { db, clock, announce, hint } = deps;

  async function run<T>(
    work: (w: Work) => Promise<T>,
    keep?: (answer: T, nowMs: number) => Statement | undefined,
  ): Promise<T> {
    const drafts: EventDraft[] = [];
    const owed: OwedJob[] = [];
    const sent: Promise<unknown>[] = [];
    const nowMs = clock.nowMs();
    const { answer, last } = await db.orm.transaction(async (tx) => {
      const send = (statement: PromiseLike<unknown>): void => void sent.push(saying(statement));
      try {
        const result = await work({
          tx,
          nowMs,
          send,
          update: (table, row, change) => {
            for (const one of updatesOf([{ table, row, change }])) send(tx.execute(one));
          },
          append: (draft) => void drafts.push({ ...draft, atMs: nowMs }),
          owe: (job) => void owed.push(job),
        });
        // At once, and the commit right behind: it is none if one of them fails.
        const words = lastWords(tx, { owed, drafts, nowMs }, keep?.(result, nowMs));
        return { answer: result, last: words };
      } catch (error) {
        throw await firstFailure(sent, error);
      }
    });
    const { events, hints } = await allSaid(sent, last);
    if (events.length > 0) announce(events);
    for (const job of hints) hint(job);
    return answer;
  }

  /** Commands under way in this process, by person and key. */
  const underWay = new Map<string, { readonly requestHash: string; readonly answer: Promise<unknown> }>();

  async function command<T>(asked: PersonCommand, work: (w: Work) => Promise<T>): Promise<T> {
    const { personId } = asked;
    const key = keyOf(asked);
    const requestHash = hashOf(asked);
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
      return await run(work, (answer, nowMs) => keeping([{ asked, key, requestHash, answer }], nowMs));
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

  async function commands<T>(all: readonly PersonCommand[], work: (w: Work) => Promise<Answers<T>>) {
    return await run(work, (answers, nowMs) => {
      const kept = all.flatMap((asked, nth) => {
        const done = answers[nth];
        return done ? [{ asked, key: keyOf(asked), requestHash: hashOf(asked), answer: done.answer }] : [];
      });
      return kept.length === 0 ? undefined : keeping(kept, nowMs);
    });
  }

  return { run: (work) => run(work), command, commands };
}

function otherRequest(cause?: unknown): Refusal {
  return new Refusal("idempotency.mismatch", "this key was used for another request; take a new one", { cause });
}

/**
 * Sends a statement now, as drizzle does not before somebody waits for it; one that cannot be put into words throws here. Whoever
 * waits is told what became of it; where the work failed before, nobody does.
 */
function saying<T>(statement: PromiseLike<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  promise.catch(() => {});
  void statement.then(resolve, reject);
  return promise;
}

const NONE = Promise.resolve([]);

interface LastWords {
  readonly hints: Promise<JobHint[]>;
  readonly events: Promise<StoredEvent[]>;
  readonly kept: Promise<unknown>;
}

/** What is said before a commit. Whatever can go wrong in this process does so here, before anything of it is said. */
function lastWords(
  tx: Tx,
  { owed, drafts, nowMs }: { owed: readonly OwedJob[]; drafts: readonly EventDraft[]; nowMs: number },
  keep: Statement | undefined,
): LastWords {
  const appended = drafts.length === 0 ? undefined : appending(drafts);
  const hints = owed.length === 0 ? NONE : saying(insertJobs(tx, owed, nowMs));
  if (!appended) return { hints, events: NONE, kept: keep ? saying(tx.execute(keep)) : NONE };
  const statement = keep ? beside(appended.statement, keep) : appended.statement;
  return { hints, events: saying(tx.execute<Seqs>(statement).then(appended.stored)), kept: NONE };
}

/** What was said last, once the commit is there; if there was none, why. */
async function allSaid(sent: readonly Promise<unknown>[], words: LastWords) {
  const inOrder = [...sent, words.hints, words.events, words.kept];
  try {
    await Promise.all(inOrder);
    return { hints: await words.hints, events: await words.events };
  } catch (error) {
    throw await firstFailure(inOrder, error);
  }
}

/** Of statements in the order in which they were said, why the first failed: what comes after it says only that it did. */
async function firstFailure(said: readonly Promise<unknown>[], otherwise: unknown): Promise<unknown> {
  const first = (await Promise.allSettled(said)).find(({ status }) => status === "rejected");
  return first?.status === "rejected" ? first.reason : otherwise;
}

function insertJobs(tx: Tx, owed: readonly OwedJob[], nowMs: number): PromiseLike<JobHint[]> {
  const rows = owed.map((job) => ({
    marketId: job.marketId,
    id: newId(),
    name: job.name,
    dedupeKey: job.dedupeKey,
    payload: job.payload,
    runAtMs: nowMs + (job.delayMs ?? 0),
    createdAtMs: nowMs,
  }));
  const inserted = tx.insert(jobs).values(rows).onConflictDoNothing().returning({ id: jobs.id });
  return inserted.then((written) => {
    const ids = new Set(written.map((row) => row.id));
    return rows
      .filter((row) => ids.has(row.id))
      .map((row) => ({ marketId: row.marketId, id: row.id, name: row.name, delayMs: row.runAtMs - nowMs }));
  });
}

/** Says that a job is done, in the transaction of its effect. */
export function jobDone(tx: Tx, marketId: string, id: string, nowMs: number) {
  return tx
    .update(jobs)
    .set({ doneAtMs: nowMs, attempts: sql`${jobs.attempts} + 1` })
    .where(and(eq(jobs.marketId, marketId), eq(jobs.id, id)));
}
