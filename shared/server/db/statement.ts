import { fillPlaceholders, getTableColumns, getTableName, SQL, type Table } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";

import { assert } from "#shared/lib/assert.ts";

import type { Db } from "./connect.ts";

/**
 * A statement whose text stands before it is needed. Drizzle builds the text of a query anew each time, which for what every
 * command says costs more than half of saying it.
 */
export class Statement extends SQL {
  readonly text: string;
  readonly values: readonly unknown[];

  /** @param values of `$1`, `$2`, …; JSON as its text */
  constructor(text: string, values: readonly unknown[]) {
    super([]);
    this.text = text;
    this.values = values;
  }

  override toQuery(): { sql: string; params: unknown[] } {
    return { sql: this.text, params: [...this.values] };
  }
}

/** Texts of statements with others beside them, by the one and the other. */
const together = new Map<string, Map<string, string>>();

/**
 * A statement that begins with `with`, and beside it another one that neither reads what it writes nor is read by it: one message
 * for both. The store carries out the other one last, and answers with what the first one answers.
 */
export function beside(first: Statement, other: Statement): Statement {
  const known = together.get(first.text) ?? new Map<string, string>();
  const text = known.get(other.text) ?? besideText(first, other);
  together.set(first.text, known.set(other.text, text));
  return new Statement(text, [...first.values, ...other.values]);
}

function besideText(first: Statement, other: Statement): string {
  const moved = other.text.replaceAll(/\$(\d+)/gu, (_, nth: string) => `$${Number(nth) + first.values.length}`);
  const text = first.text.replace(/^\s*with\s/u, () => `with beside as (${moved}), `);
  assert(text !== first.text, "the first one begins with `with`");
  return text;
}

/** Texts of updates, by the names of the table and of the columns: as many as there are kinds of change. */
const updates = new Map<string, string>();

/** An update of one row, found by its market and id. */
export function updateOf<T extends Table>(
  table: T,
  { marketId, id }: { readonly marketId: string; readonly id: string },
  change: Partial<T["$inferSelect"]>,
): Statement {
  const columns = getTableColumns(table);
  const names: string[] = [];
  const values: unknown[] = [];
  for (const [key, value] of Object.entries(change)) {
    const column = columns[key];
    if (!column) throw new Error(`${getTableName(table)} has no column for ${key}`);
    if (value === undefined) continue;
    names.push(column.name);
    values.push(value === null ? null : column.mapToDriverValue(value));
  }
  const signature = `${getTableName(table)}(${names.join()})`;
  const known = updates.get(signature);
  const text = known ?? updateText(getTableName(table), names);
  if (known === undefined) updates.set(signature, text);
  return new Statement(text, [...values, marketId, id]);
}

function updateText(table: string, names: readonly string[]): string {
  const set = names.map((name, index) => `"${name}" = $${index + 1}`).join(", ");
  return `update "${table}" set ${set} where market_id = $${names.length + 1} and id = $${names.length + 2}`;
}

/**
 * A question whose text is made once, here, and whose values are given each time.
 *
 * @param words with `sql.placeholder` for each value
 * @returns asks it; its rows are taken as they come, so its columns bear the names and types of `Row`
 */
export function compiled<Row extends object>(
  words: SQL,
): (db: Db, values: Readonly<Record<string, unknown>>) => Promise<readonly Row[]> {
  const { sql: text, params } = new PgDialect().sqlToQuery(words);
  return async ({ orm }, values) =>
    // Cast: rows are objects; what their columns are is for whoever writes the words.
    (await orm.execute(new Statement(text, fillPlaceholders(params, { ...values })))) as unknown as readonly Row[];
}
