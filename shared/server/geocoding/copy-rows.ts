import { once } from "node:events";

import { getTableName, type Table } from "drizzle-orm";
import type postgres from "postgres";

type Cell = string | number | null | readonly (string | number)[];

/** Characters that go to the store at once. */
const CHUNK = 256 * 1024;

/** Sends rows by COPY, which takes a hundred thousand in the time of some hundred inserts. Columns are the store's names. */
export async function copyRows(
  tx: postgres.TransactionSql,
  table: Table,
  columns: readonly string[],
  rows: Iterable<readonly Cell[]>,
): Promise<void> {
  const text = `copy ${getTableName(table)} (${columns.join(", ")}) from stdin`;
  const stream = await tx.unsafe(text).writable();
  const failed = once(stream, "error").then(([error]) => Promise.reject(error as Error)); // Cast: what streams emit.
  const closed = once(stream, "finish");
  closed.catch(() => {});
  failed.catch(() => {});
  let chunk = "";
  const send = async (): Promise<void> => {
    if (!stream.write(chunk)) await Promise.race([once(stream, "drain"), failed]);
    chunk = "";
  };
  for (const row of rows) {
    chunk += `${row.map(cellText).join("\t")}\n`;
    // oxlint-disable-next-line no-await-in-loop -- one stream takes one chunk after the other
    if (chunk.length > CHUNK) await send();
  }
  await send();
  stream.end();
  await Promise.race([closed, failed]);
}

/** A value in COPY's text format. */
function cellText(value: Cell): string {
  if (value === null) return String.raw`\N`;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(value);
  const items = value.map((each) =>
    typeof each === "number" ? String(each) : `"${each.replaceAll(/["\\]/gu, String.raw`\$&`)}"`,
  );
  return escaped(`{${items.join(",")}}`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": String.raw`\\`,
  "\t": String.raw`\t`,
  "\n": String.raw`\n`,
  "\r": String.raw`\r`,
};

function escaped(text: string): string {
  return /[\\\t\n\r]/u.test(text) ? text.replaceAll(/[\\\t\n\r]/gu, (letter) => ESCAPES[letter] ?? letter) : text;
}
