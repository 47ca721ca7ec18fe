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
export function runningPostgresUrl(dir: string): string | undefined {
  const [secret, running] = [join(dir, "postgres.secret"), join(dir, "postgres", "postmaster.pid")];
  if (!existsSync(secret) || !existsSync(running)) return undefined;
  const port = readFileSync(running, "utf8").split("\n")[PORT_LINE]?.trim();
  if (port === undefined || !/^\d+$/u.test(port)) return undefined;
  return `postgres://tiffin:${readFileSync(secret, "utf8")}@127.0.0.1:${port}/tiffin`;
}
