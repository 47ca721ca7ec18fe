import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Which line of Postgres' own postmaster.pid names its port (PostgreSQL, "Database File Layout"). */
const PORT_LINE = 3;

/**
 * The address of the embedded Postgres that runs over a data folder of `npm start`, for a command beside it.
 *
 * @param dir the data folder
 * @returns undefined when none runs there
 */
function runningPostgresUrl(dir: string): string | undefined {
  const [secret, running] = [join(dir, "postgres.secret"), join(dir, "postgres", "postmaster.pid")];
  if (!existsSync(secret) || !existsSync(running)) return undefined;
  const port = readFileSync(running, "utf8").split("\n")[PORT_LINE]?.trim();
  if (port === undefined || !/^\d+$/u.test(port)) return undefined;
  return `postgres://tiffin:${readFileSync(secret, "utf8")}@127.0.0.1:${port}/tiffin`;
}

/**
 * The database for a command that reads one: the one that was named, else that of a running `npm start`.
 *
 * @param dir the data folder of that `npm start`
 * @param how to name one, for whoever has neither: "set DATABASE_URL"
 * @throws {Error} in a sentence that says what to do
 */
export function databaseUrlFor(named: string | undefined, dir: string, how: string): string {
  const url = named || runningPostgresUrl(dir);
  if (url) return url;
  throw new Error(`${how}, or start \`npm start\` beside this: no Postgres runs over ${dir}`);
}
