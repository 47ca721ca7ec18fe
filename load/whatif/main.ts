/** `npm run whatif -- --day D --policy P`: a stored day of a market, played again under another policy or other weights. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { DEMO_CITY_DIR } from "../../deploy/demo/kept-plan.ts";
import { DATA } from "../../deploy/local/folders.ts";
import { databaseUrlFor } from "../../deploy/local/running-postgres.ts";
import { readArgs, WrongInput } from "./args.ts";
import { tableOf } from "./report.ts";
import { whatIf } from "./whatif.ts";

/** What workers are told; of `npm start`, while it runs, where no database is named. */
function settingsOf(data: string): Readonly<Record<string, string | undefined>> {
  const { DATABASE_URL: named } = process.env;
  if (named) return process.env;
  try {
    const url = databaseUrlFor(named, data, "set DATABASE_URL");
    return { CITY_DIR: DEMO_CITY_DIR, ROUTER: "graph", ...process.env, DATABASE_URL: url };
  } catch (error) {
    throw new WrongInput(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function main(): Promise<void> {
  const args = readArgs(process.argv.slice(2), (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined));
  const report = await whatIf(args, settingsOf(args.data ?? DATA), (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(`${tableOf(report)}\n`);
  if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(report, null, 2)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof WrongInput ? 2 : 1;
});
