import { setTimeout as delay } from "node:timers/promises";

import postgres from "postgres";

import { whenUnlocked } from "#shared/server/db/when-unlocked.ts";

/** What a migration under load has done. */
export interface MigrationFigures {
  /** Times that a lock was not to be had in time, and everybody was let pass. */
  readonly stoodBack: number;
  readonly backfilledRows: number;
  readonly batches: number;
  /** Rows whose new column differed from the old one when all code was said to write both. */
  readonly differing: number;
  /** Rows compared. */
  readonly compared: number;
}

/** Rows of one batch: each holds its locks for a few milliseconds. */
const BATCH = 50;
const BREATH_MS = 20;

/**
 * A change of `orders` as a release would bring it, in the run's own database alone: `placed_at_ms` gets a successor of another
 * type, and another column comes with a default. Nothing in it lets a query wait. [ROL7]
 */
export class ExpandContract {
  readonly #sql: postgres.Sql;
  #figures: MigrationFigures = { stoodBack: 0, backfilledRows: 0, batches: 0, differing: 0, compared: 0 };

  constructor(databaseUrl: string) {
    this.#sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  }

  get figures(): MigrationFigures {
    return this.#figures;
  }

  /** Adds what the new version needs; the old one does not notice. */
  async expand(): Promise<void> {
    await this.#change(`
      alter table orders
        add column rollout_placed_at timestamptz,
        add column rollout_channel text not null default 'app'`);
    // The old version writes the old column: the trigger writes the new one.
    await this.#change(`
      create or replace function rollout_write_both() returns trigger language plpgsql as $$
      begin
        new.rollout_placed_at := to_timestamp(new.placed_at_ms / 1000.0);
        return new;
      end $$;
      create trigger rollout_write_both before insert or update on orders
        for each row execute function rollout_write_both()`);
    await this.#backfill();
    await this.#outsideOfATransaction(
      "create index concurrently rollout_placed_at on orders (market_id, rollout_placed_at)",
    );
    // Looks at new rows alone, and then at the old ones under a lock that lets everybody write.
    await this.#change(
      "alter table orders add constraint rollout_placed check (rollout_placed_at is not null) not valid",
    );
    await this.#change("alter table orders validate constraint rollout_placed");
  }

  /** Compares the columns: nothing is taken away before they agree. */
  async compare(): Promise<void> {
    const [row] = await this.#sql<{ compared: number; differing: number }[]>`
      select count(*)::int as compared,
        count(*) filter (where rollout_placed_at is distinct from to_timestamp(placed_at_ms / 1000.0)
          or rollout_channel is distinct from 'app')::int as differing
      from orders`;
    this.#add({ compared: row?.compared ?? 0, differing: row?.differing ?? 0 });
  }

  /** Takes away what only one of the versions needs. The same undoes {@link expand}, at whichever step it stopped. */
  async contract(): Promise<void> {
    // What demands the new column goes before what fills it.
    await this.#change(`
      alter table orders drop constraint if exists rollout_placed;
      drop trigger if exists rollout_write_both on orders;
      drop function if exists rollout_write_both()`);
    await this.#outsideOfATransaction("drop index concurrently if exists rollout_placed_at");
    await this.#change(
      "alter table orders drop column if exists rollout_placed_at, drop column if exists rollout_channel",
    );
  }

  async close(): Promise<void> {
    await this.#sql.end();
  }

  /** In batches; a row that somebody has in hand is left for a later one, so that nobody waits. */
  async #backfill(): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other is the point
      const { count } = await this.#sql`
        with batch as (
          select market_id, id from orders where rollout_placed_at is null limit ${BATCH} for update skip locked)
        update orders o set rollout_placed_at = to_timestamp(o.placed_at_ms / 1000.0)
        from batch b where o.market_id = b.market_id and o.id = b.id`;
      this.#add({ backfilledRows: count, batches: count > 0 ? 1 : 0 });
      // oxlint-disable-next-line no-await-in-loop
      const [left] = await this.#sql`select 1 from orders where rollout_placed_at is null limit 1`;
      if (left === undefined) return;
      // oxlint-disable-next-line no-await-in-loop
      await delay(BREATH_MS);
    }
  }

  async #change(statements: string): Promise<void> {
    const stoodBack = await whenUnlocked(this.#sql, () =>
      this.#sql.begin(async (tx) => {
        await tx.unsafe(statements);
      }),
    );
    this.#add({ stoodBack });
  }

  /** Waits for transactions and not for tables: nobody stands behind it. */
  async #outsideOfATransaction(statement: string): Promise<void> {
    await this.#sql.unsafe("set lock_timeout = 0");
    await this.#sql.unsafe(statement);
  }

  #add(more: Partial<MigrationFigures>): void {
    const sums = Object.entries(more).map(([key, value]) => [
      key,
      this.#figures[key as keyof MigrationFigures] + value,
    ]); // Cast: its own keys.
    this.#figures = { ...this.#figures, ...Object.fromEntries(sums) };
  }
}
