import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { castFile, type CastFile } from "../../twin/live/cast-file.ts";

export type Trade = keyof CastFile;

const NOBODY: CastFile = { customers: [], kitchens: [], couriers: [] };
let read: CastFile | undefined;

/** Who is there to be played: the file that TIFFIN_ACCOUNTS names. Without one, customers alone, who register. */
export function accounts(): CastFile {
  const file = process.env["TIFFIN_ACCOUNTS"];
  read ??= file === undefined || !existsSync(file) ? NOBODY : castFile.parse(JSON.parse(readFileSync(file, "utf8")));
  return read;
}

/** Artillery plays in several threads of one process: what one has claimed, the others see as a file. */
const CLAIMS = join(tmpdir(), `tiffin-artillery-${process.pid}`);
process.once("exit", () => rmSync(CLAIMS, { recursive: true, force: true }));

/**
 * Somebody of this trade whom nobody plays at the moment; undefined when all are played.
 *
 * @returns the account, and how to give it back
 */
export function claim<T extends Trade>(
  trade: T,
): { readonly account: CastFile[T][number]; readonly release: () => void } | undefined {
  mkdirSync(CLAIMS, { recursive: true });
  for (const [index, account] of accounts()[trade].entries()) {
    const file = join(CLAIMS, `${trade}-${index}`);
    if (isTaken(file)) continue;
    return { account, release: () => rmSync(file, { force: true }) };
  }
  return undefined;
}

/** @throws Error that says how to make more */
export function mustClaim<T extends Trade>(trade: T): NonNullable<ReturnType<typeof claim<T>>> {
  const claimed = claim(trade);
  if (claimed) return claimed;
  const { length } = accounts()[trade];
  throw new Error(
    `no ${trade} left to play: ${length} in the accounts file (TIFFIN_ACCOUNTS); play fewer or make more`,
  );
}

function isTaken(file: string): boolean {
  try {
    writeFileSync(file, "", { flag: "wx" });
    return false;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return true;
    throw error;
  }
}
