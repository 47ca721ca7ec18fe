import { fillPlaceholders, getTableColumns, getTableName, SQL, type Column, type Table } from "drizzle-orm";
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

/** One row, found by its market and id, and what becomes of it. */
export interface Update<T extends Table = Table> {
  readonly table: T;
  readonly row: { readonly marketId: string; readonly id: string };
  readonly change: Partial<T["$inferSelect"]>;
}

/** Texts of updates, by the names of the table and of the columns: as many as there are kinds of change. */
const updates = new Map<string, string>();

/** Carries out updates: those that change the same columns of a table are one statement, unless a column holds arrays or JSON. */
export function updatesOf(changes: readonly Update[]): Statement[] {
  const kinds = new Map<string, Kind>();
  for (const [nth, { table, row, change }] of changes.entries()) {
    const { columns, values } = written(table, change);
    const alike = `${getTableName(table)}(${columns.map(({ name }) => name).join()})`;
    const key = columns.some(isNested) ? `${alike}${nth}` : alike;
    const kind = kinds.get(key) ?? { alike, table, columns, rows: [] };
    kind.rows.push([...values, row.marketId, row.id]);
    kinds.set(key, kind);
  }
  return [...kinds.values()].map(statementOf);
}

interface Kind {
  readonly alike: string;
  readonly table: Table;
  readonly columns: readonly Column[];
  /** The columns' values, market and id. */
  readonly rows: (readonly unknown[])[];
}

const isNested = (column: Column): boolean => /json|\]$/u.test(column.getSQLType());

function statementOf({ alike, table, columns, rows }: Kind): Statement {
  const [only, ...others] = rows;
  const isAlone = others.length === 0;
  const signature = isAlone ? alike : `${alike}[]`;
  const text = updates.get(signature) ?? (isAlone ? updateText : manyText)(getTableName(table), columns);
  updates.set(signature, text);
  if (only && isAlone) return new Statement(text, only);
  return new Statement(
    text,
    [...columns, "market", "id"].map((_, nth) => rows.map((row) => row[nth])),
  );
}

/** The columns that a change names, and their values as the store takes them. */
function written(table: Table, change: Readonly<Record<string, unknown>>) {
  const all = getTableColumns(table);
  const columns: Column[] = [];
  const values: unknown[] = [];
  for (const [key, value] of Object.entries(change)) {
    const column = all[key];
    if (!column) throw new Error(`${getTableName(table)} has no column for ${key}`);
    if (value === undefined) continue;
    columns.push(column);
    values.push(value === null ? null : column.mapToDriverValue(value));
  }
  return { columns, values };
}

function updateText(table: string, columns: readonly Column[]): string {
  const set = columns.map(({ name }, index) => `"${name}" = $${index + 1}`).join(", ");
  return `update "${table}" set ${set} where market_id = $${columns.length + 1} and id = $${columns.length + 2}`;
}

function manyText(table: string, columns: readonly Column[]): string {
  const set = columns.map(({ name }) => `"${name}" = new."${name}"`).join(", ");
  const types = [...columns.map((column) => column.getSQLType()), "text", "uuid"];
  const given = types.map((type, nth) => `$${nth + 1}::${type}[]`).join(", ");
  const names = [...columns.map(({ name }) => `"${name}"`), "market_id", "id"].join(", ");
  return `update "${table}" old set ${set} from unnest(${given}) as new(${names})
    where old.market_id = new.market_id and old.id = new.id`;
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
