import { createReadStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import type { StoredEvent } from "#shared/contracts/streams.ts";
import { connectDb } from "#shared/server/db/connect.ts";

import { check, type Verdict } from "./checker.ts";
import { LogReader, parsedLine } from "./log-lines.ts";
import { readStoredEvents, storedEvent } from "./stored-events.ts";

export const USAGE =
  "usage: npm run verdict -- --logs FILE… --events FILE|DATABASE_URL [--json FILE]\n" +
  "       logs and events are NDJSON as load/README.md says; exit code 0 clean, 1 not clean, 2 asked wrongly";

export interface VerdictArgs {
  readonly logs: readonly string[];
  readonly events: string;
  readonly json: string | undefined;
}

/** What was asked wrongly, in a sentence for whoever asked. */
export class WrongInput extends Error {}

/** @throws {WrongInput} with the usage */
export function readVerdictArgs(argv: readonly string[]): VerdictArgs {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { logs: { type: "string", multiple: true }, events: { type: "string" }, json: { type: "string" } },
    });
    const { logs = [], events, json } = values;
    if (logs.length === 0 || events === undefined) throw new Error("both --logs and --events are needed");
    return { logs: [...logs, ...positionals], events, json };
  } catch (error) {
    throw new WrongInput(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/**
 * The checker's verdict over logs of watchers and the event table. [CHK11]
 *
 * @throws {WrongInput} naming the file and line of what cannot be read
 */
export async function verdictOf({ logs, events }: Pick<VerdictArgs, "logs" | "events">): Promise<Verdict> {
  const reader = new LogReader();
  for (const file of logs) {
    reader.nextFile();
    await eachLine(file, (line) => reader.read(line));
  }
  if (reader.logged.watches.length === 0) throw new WrongInput(`no watch is in ${logs.join(", ")}`);
  return check({ ...reader.logged, stored: await storedIn(events) });
}

async function storedIn(events: string): Promise<StoredEvent[]> {
  if (!/^postgres(?:ql)?:\/\//u.test(events)) {
    const stored: StoredEvent[] = [];
    await eachLine(events, (line) => stored.push(parsedLine(storedEvent, line)));
    return stored;
  }
  const db = connectDb(events, { max: 1, name: "verdict" });
  try {
    return await readStoredEvents(db);
  } catch (error) {
    throw new WrongInput(
      `the event table could not be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await db.close();
  }
}

async function eachLine(file: string, read: (line: string) => void): Promise<void> {
  let number = 0;
  const input = createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() !== "") read(line);
    }
  } catch (error) {
    const where = number === 0 ? file : `${file} line ${number}`;
    throw new WrongInput(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    input.destroy();
  }
}

/** Whether nothing at all was wrong. */
export function isCleanVerdict({ lost, doubled, disordered, leaked, invented }: Verdict): boolean {
  return lost + doubled + disordered + leaked + invented === 0;
}

/** The program: asks, tells, and answers the exit code. */
export async function runVerdict(argv: readonly string[], tell: (text: string) => void): Promise<0 | 1 | 2> {
  try {
    const args = readVerdictArgs(argv);
    const verdict = await verdictOf(args);
    const { faults, ...counts } = verdict;
    for (const [name, count] of Object.entries(counts)) tell(`${name.padEnd(12)}${count}`);
    for (const fault of faults) tell(`  ${fault}`);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(verdict, null, 2)}\n`);
    return isCleanVerdict(verdict) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    tell(error.message);
    return 2;
  }
}
