import { getTableColumns, sql, type SQL, type Table } from "drizzle-orm";

/**
 * Rows as JSON, under the store's own names: several tables are then read or written in one statement that Postgres takes
 * apart (`jsonb_populate_record`), where a statement for each column list would cost more to build than to run.
 */
export function jsonOf<T extends Table>(table: T, row: T["$inferSelect"]): Record<string, unknown> {
  // Cast: a row of the table has exactly its columns' keys.
  const values = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(getTableColumns(table)).map(([key, column]) => [column.name, values[key]]));
}

/** Of each table, its columns' keys and the store's names for them. */
const namesOf = new WeakMap<Table, readonly (readonly [key: string, name: string])[]>();

/** A row that the store gave with `to_jsonb` or `row_to_json`. Only for tables whose columns JSON holds whole: no bytes, no 64-bit ids. */
export function rowOf<T extends Table>(table: T, json: Readonly<Record<string, unknown>>): T["$inferSelect"] {
  let names = namesOf.get(table);
  if (!names) {
    names = Object.entries(getTableColumns(table)).map(([key, column]) => [key, column.name] as const);
    namesOf.set(table, names);
  }
  const row: Record<string, unknown> = {};
  for (const [key, name] of names) row[key] = json[name];
  return row;
}

/**
 * An `insert` of these rows, as one parameter. It names the columns that this version knows: one that a later version has
 * added meanwhile gets its default, where `select *` would put null. [ROL5]
 */
export function insertOf<T extends Table>(table: T, rows: readonly T["$inferSelect"][]): SQL {
  const names = sql.join(
    Object.values(getTableColumns(table)).map(({ name }) => sql.identifier(name)),
    sql`, `,
  );
  const json = JSON.stringify(rows.map((row) => jsonOf(table, row)));
  return sql`insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, ${json}::jsonb)`;
}
