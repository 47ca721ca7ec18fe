import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** What is wrong with a file that was given, in words for who gave it. */
export class BadTable extends Error {
  override readonly name = "BadTable";
}

export interface Row {
  /** The column as a finite number. */
  number(column: string): number;
  /** NaN where the field is empty. */
  numberOrUnknown(column: string): number;
  text(column: string): string;
  /** Says that the row is wrong, and where. */
  wrong(what: string): BadTable;
}

/**
 * A gzipped table with a line of column names.
 *
 * @throws {BadTable} naming file and line, or file and missing columns
 */
export function readTable(path: string, separator: "," | "\t", columns: readonly string[]): Row[] {
  const [header = "", ...lines] = textOf(path).split("\n");
  const names = header
    .replace(/^\uFEFF/u, "")
    .split(separator)
    .map((name) => name.trim());
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0) throw new BadTable(`${path}: no column ${missing.join(", ")}; its first line is "${header}"`);
  const places = new Map(names.map((name, place) => [name, place]));
  return lines.flatMap((line, index) => (line.trim() === "" ? [] : [rowOf(line, index + 2)]));

  function rowOf(line: string, lineNumber: number): Row {
    const fields = line.split(separator).map((field) => field.trim());
    const wrong = (what: string) => new BadTable(`${path}, line ${lineNumber}: ${what}`);
    if (fields.length !== names.length) throw wrong(`${fields.length} fields where there are ${names.length} columns`);
    const text = (column: string) => fields[places.get(column) ?? -1] ?? "";
    const number = (column: string) => {
      const value = text(column) === "" ? Number.NaN : Number(text(column));
      if (!Number.isFinite(value)) throw wrong(`${column} is "${text(column)}", not a number`);
      return value;
    };
    return { text, number, wrong, numberOrUnknown: (column) => (text(column) === "" ? Number.NaN : number(column)) };
  }
}

function textOf(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new BadTable(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch (error) {
    throw new BadTable(`${path} is not whole: ${(error as Error).message}`);
  }
}
