import { seqIn, streamKey, type StoredEvent, type StreamKind, type StreamRef } from "#shared/contracts/streams.ts";
import { assert } from "#shared/lib/assert.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";
import type { Db } from "#shared/server/db/connect.ts";
import type { Statement } from "#shared/server/db/statement.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";
import { streamsOf } from "#shared/server/realtime/publish.ts";

import { type CountRow, type EventRow, seqsOf, storedOf } from "./event-rows.ts";
import type { Trace } from "./trace.ts";

/** What becomes of a transaction at its commit. `answer-lost`: it is committed, and its writer learns of an error. */
export type CommitFate = "committed" | "rolled-back" | "answer-lost";

export interface Write {
  readonly fate: CommitFate;
  /** The transaction stays open so long before it commits, its row locks held, ms. */
  readonly openMs: number;
  /** Who is taken into the kitchen's staff, or out of it, by this transaction. */
  readonly staff?: { readonly personId: string; readonly on: boolean } | undefined;
}

interface Row {
  readonly event: StoredEvent;
  readonly xid: number;
  readonly atMs: number;
  readonly staff: Write["staff"];
}

interface Transaction {
  readonly epoch: number;
  xid: number | undefined;
  readonly rows: StoredEvent[];
  readonly heads: Map<string, number>;
  readonly locks: string[];
}

interface Lock {
  owner: Transaction;
  readonly waiting: (() => void)[];
}

/** Answers of a store that is well take up to so long each way, ms. */
const WAY_MS = 4;
/** Of a store that is flaky, asked about twice for each answer. */
const FAILS_ONE_IN = 4;

/**
 * Postgres as far as streams need it: transactions with row locks on the heads, transaction ids that are given at the first
 * write and commit in any order, and reads that see one snapshot of what is committed. It carries out the one statement of
 * `appendEvents`; everything else is asked at the port {@link EventStore}. [SIM1]
 */
export class FakePostgres {
  readonly #clock: Clock;
  readonly #random: Rng;
  readonly #trace: Trace | undefined;
  #rows: Row[] = [];
  #heads = new Map<string, number>();
  readonly #staffAtFirst = new Set<string>();
  #staff = new Set<string>();
  readonly #open = new Set<Transaction>();
  readonly #locks = new Map<string, Lock>();
  #nextXid = 700;
  /** Counts histories: a restore begins another one. */
  epoch = 1;
  /** Nothing is answered. */
  down = false;
  /** Now and then something is not answered. */
  flaky = false;
  /** Every way takes up to so much longer, ms. */
  slowMs = 0;

  constructor(clock: Clock, random: Rng, trace?: Trace) {
    this.#clock = clock;
    this.#random = random;
    this.#trace = trace;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  isStaff(personId: string): boolean {
    return this.#staff.has(personId);
  }

  hire(personId: string): void {
    this.#staffAtFirst.add(personId);
    this.#staff.add(personId);
  }

  head(ref: StreamRef): number {
    return this.#heads.get(streamKey(ref)) ?? 0;
  }

  /** A transaction of somebody else, open for a while: it holds the watermark back. */
  occupy(forMs: number): void {
    const other = this.#begin();
    other.xid = this.#takeXid();
    this.#clock.after(forMs, () => this.#end(other));
  }

  /** A failover to a standby that had not heard of the last rows. */
  restore(lose: number): void {
    this.epoch += 1;
    for (const one of this.#open) this.#end(one);
    this.#rows = this.#rows.slice(0, Math.max(0, this.#rows.length - lose));
    this.#heads = new Map();
    this.#staff = new Set(this.#staffAtFirst);
    for (const { event, staff } of this.#rows) {
      this.#changeStaff(staff);
      for (const ref of streamsOf(event)) this.#heads.set(streamKey(ref), seqIn(event, ref) ?? 0);
    }
  }

  /** A connection on which a transaction goes as `write` says. */
  pool(write: Write): Db {
    const orm = { transaction: <T>(work: (tx: unknown) => Promise<T>) => this.#transaction(work, write) };
    // Cast: the unit of work asks for no more while no job is owed.
    return { orm } as unknown as Db;
  }

  /** What hubs read. */
  store(): EventStore {
    const at = (ref: StreamRef) => this.head(ref);
    return {
      readAfter: (ref, afterSeq, limit) => this.read(() => this.#after(ref, afterSeq).slice(0, limit)),
      headOf: (ref) => this.read(() => at(ref)),
      headsOf: (refs) =>
        this.read(() => new Map(refs.filter((ref) => at(ref) > 0).map((ref) => [streamKey(ref), at(ref)]))),
      changedSince: (watermark) => this.read(() => this.#changedSince(watermark)),
      carriageOf: (marketId, id) =>
        this.read(() => ({ ...NOT_CARRIED, seq: at({ marketId, kind: "order" as const, id }) })),
    };
  }

  /** Evaluates in one snapshot, some time after it was asked and some time before it is answered. */
  read<T>(evaluate: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const afterWay = (next: () => void) =>
      this.#clock.after(this.#wayMs(), () => {
        try {
          this.#mustBeUp();
          next();
        } catch (error) {
          reject(error);
        }
      });
    afterWay(() => {
      const seen = evaluate();
      afterWay(() => resolve(seen));
    });
    return promise;
  }

  async #transaction<T>(work: (tx: unknown) => Promise<T>, write: Write): Promise<T> {
    await this.#way();
    this.#mustBeUp();
    const mine = this.#begin();
    try {
      let said: Promise<unknown> = Promise.resolve();
      const answer = await work({
        execute: (statement: Statement) => {
          const appended = this.#append(mine, statement);
          said = appended.catch(() => {});
          return appended;
        },
      });
      // As the connection does: one after the other, so the commit comes behind what nobody has waited for.
      await said;
      await this.#wait(this.#random() * WAY_MS + write.openMs);
      this.#mustBeUp();
      if (mine.epoch !== this.epoch || write.fate === "rolled-back") throw new Error("the transaction was taken back");
      this.#commit(mine, write);
      if (write.fate === "answer-lost") throw new Error("the connection ended before the commit was answered");
      await this.#way();
      return answer;
    } finally {
      this.#end(mine);
    }
  }

  #begin(): Transaction {
    const begun = { epoch: this.epoch, xid: undefined, rows: [], heads: new Map(), locks: [] };
    this.#open.add(begun);
    return begun;
  }

  #takeXid(): number {
    this.#nextXid += 1;
    return this.#nextXid - 1;
  }

  /** Counts and inserts, as the statement of `appendEvents` does: heads are locked in its order and until the end. */
  async #append(mine: Transaction, { values }: Statement): Promise<object[]> {
    const [counts, rows, ...more] = values;
    assert(typeof counts === "string" && typeof rows === "string" && more.length === 0, "two parameters, as texts");
    mine.xid ??= this.#takeXid();
    await this.#way();
    // Cast (both): written by appendEvents.
    for (const { market_id: marketId, kind, owner_id: id, added } of JSON.parse(counts) as CountRow[]) {
      const key = streamKey({ marketId, kind, id });
      await this.#lock(mine, key);
      mine.heads.set(key, (mine.heads.get(key) ?? this.#heads.get(key) ?? 0) + added);
    }
    const seqOf = (marketId: string, kind: StreamKind, id: string | null, behind: number | null) =>
      id === null || behind === null ? null : (mine.heads.get(streamKey({ marketId, kind, id })) ?? 0) - behind;
    const told = (JSON.parse(rows) as EventRow[]).map((row) => {
      const order_seq = seqOf(row.market_id, "order", row.order_id, row.order_behind);
      const restaurant_seq = seqOf(row.market_id, "restaurant", row.restaurant_id, row.restaurant_behind);
      const courier_seq = seqOf(row.market_id, "courier", row.courier_id, row.courier_behind);
      mine.rows.push(storedOf(row, { order_seq, restaurant_seq, courier_seq }));
      return { id: row.id, order_seq, restaurant_seq, courier_seq };
    });
    await this.#way();
    return told;
  }

  async #lock(mine: Transaction, key: string): Promise<void> {
    for (let lock = this.#locks.get(key); lock && lock.owner !== mine; lock = this.#locks.get(key)) {
      const { waiting } = lock;
      await new Promise<void>((free) => waiting.push(free));
    }
    if (!this.#open.has(mine)) throw new Error("the transaction is over");
    if (this.#locks.has(key)) return;
    this.#locks.set(key, { owner: mine, waiting: [] });
    mine.locks.push(key);
  }

  #commit(mine: Transaction, { staff }: Write): void {
    const { xid } = mine;
    assert(xid !== undefined, "only who writes commits here");
    for (const event of mine.rows) this.#rows.push({ event, xid, atMs: this.#clock.nowMs(), staff });
    for (const [key, seq] of mine.heads) this.#heads.set(key, Math.max(seq, this.#heads.get(key) ?? 0));
    this.#changeStaff(staff);
    this.#trace?.(`xid ${xid} commits ${mine.rows.map((row) => row.type + seqsOf(row)).join(", ")}`);
  }

  #changeStaff(staff: Write["staff"]): void {
    if (staff?.on === true) this.#staff.add(staff.personId);
    if (staff?.on === false) this.#staff.delete(staff.personId);
  }

  #end(mine: Transaction): void {
    this.#open.delete(mine);
    for (const key of mine.locks.splice(0)) {
      const lock = this.#locks.get(key);
      this.#locks.delete(key);
      for (const free of lock?.waiting ?? []) free();
    }
  }

  #after(ref: StreamRef, afterSeq: number): StoredEvent[] {
    return this.#rows
      .map(({ event }) => event)
      .filter((event) => (seqIn(event, ref) ?? 0) > afterSeq)
      .toSorted((a, b) => (seqIn(a, ref) ?? 0) - (seqIn(b, ref) ?? 0));
  }

  /** What `pg_snapshot_xmin(pg_current_snapshot())` answers, and the heads of rows from the watermark on. */
  #changedSince(watermark: string | undefined) {
    const from = watermark === undefined ? Number.POSITIVE_INFINITY : Number(watermark);
    const heads = new Map<string, { ref: StreamRef; seq: number }>();
    for (const { event, xid } of this.#rows) {
      if (xid < from) continue;
      for (const ref of streamsOf(event)) {
        const seq = Math.max(seqIn(event, ref) ?? 0, heads.get(streamKey(ref))?.seq ?? 0);
        heads.set(streamKey(ref), { ref, seq });
      }
    }
    const begun = [...this.#open].flatMap(({ xid }) => (xid === undefined ? [] : [xid]));
    const xmin = Math.min(this.#nextXid, ...begun);
    return { epoch: `history-${this.epoch}`, watermark: String(xmin), heads: [...heads.values()] };
  }

  #mustBeUp(): void {
    if (this.down || (this.flaky && this.#random() * FAILS_ONE_IN < 1)) throw new Error("the store does not answer");
  }

  #way(): Promise<void> {
    return this.#wait(this.#wayMs());
  }

  #wayMs(): number {
    return this.#random() * (WAY_MS + this.slowMs);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((done) => void this.#clock.after(ms, done));
  }
}

const NOT_CARRIED = { courierId: null, deliveryId: null, version: 0, status: null, pickedUpAtMs: null };
