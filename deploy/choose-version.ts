import { parseArgs } from "node:util";

import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { readMarkets } from "#shared/server/db/markets.ts";
import type { Decision, StoredVersion, VersionStore } from "#shared/server/db/version-store.ts";

import { DATA } from "./local/folders.ts";
import { databaseUrlFor } from "./local/running-postgres.ts";

/** What was learned of markets, for whoever decides by which version of it a market goes. */
export interface Versions {
  /** Of the npm script. */
  readonly command: string;
  readonly store: VersionStore;
  /** What holds where no version does. */
  readonly none: string;
  /** What the lines of {@link Versions.linesOf} say. */
  readonly legend: string;
  /** A version's own lines: a headline, and what there is below it. */
  readonly linesOf: (trials: StoredVersion["trials"]) => { readonly head: string; readonly below: readonly string[] };
}

function decisionOf(usage: string, use: string | undefined, none: boolean, newest: boolean): Decision | undefined {
  const all: Decision[] = [
    ...(use === undefined ? [] : [{ use: Number(use) }]),
    ...(none ? [{ use: "none" as const }] : []),
    ...(newest ? [{ use: "newest" as const }] : []),
  ];
  const [decision] = all;
  if (all.length > 1 || (typeof decision?.use === "number" && !Number.isInteger(decision.use))) throw new Error(usage);
  return decision;
}

async function list(db: Db, { store, none, legend, linesOf }: Versions, marketId: string): Promise<string> {
  const versions = await store.readVersions(db.orm, marketId);
  const [choice] = await store.readChoices(db.orm, marketId);
  const now = typeof choice?.version === "number" ? `version ${choice.version}` : none;
  const why = choice?.pinned ? "pinned: what is learned later does not take its place" : "the newest is taken";
  const lines = versions.flatMap(({ version, createdAtMs, trials }) => {
    const { head, below } = linesOf(trials);
    const mark = version === choice?.version ? "*" : " ";
    return [
      `${mark} ${version}  ${new Date(createdAtMs).toISOString()}  ${head}`,
      ...below.map((line) => `    ${line}`),
    ];
  });
  return [`${marketId}: ${now} in force (${why}). ${legend}`, ...lines].join("\n");
}

/** @returns what to print */
async function decide(versions: Versions, usage: string, argv: readonly string[], env: Env): Promise<string> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      market: { type: "string" },
      list: { type: "boolean", default: false },
      use: { type: "string" },
      none: { type: "boolean", default: false },
      newest: { type: "boolean", default: false },
      data: { type: "string", default: DATA },
    },
  });
  const { market } = values;
  const decision = decisionOf(usage, values.use, values.none, values.newest);
  if (market === undefined || (decision === undefined) !== values.list) throw new Error(usage);
  const databaseUrl = databaseUrlFor(env["DATABASE_URL"], values.data, "set DATABASE_URL");
  const db = connectDb(databaseUrl, { max: 1, name: `tiffin-${versions.command.replace(":", "-")}` });
  try {
    const markets = (await readMarkets(db.orm)).map(({ id }) => id);
    if (!markets.includes(market)) throw new Error(`no market ${market}; there are ${markets.join(", ")}`);
    if (decision && !(await versions.store.choose(db, market, decision, Date.now())))
      throw new Error(`no version ${decision.use} of ${market}; --list shows those that there are`);
    return await list(db, versions, market);
  } finally {
    await db.close();
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The program: lists a market's versions or decides which is in force, as its arguments say. Without `DATABASE_URL` that of a
 * running `npm start` is asked.
 *
 * @param print a line to whoever asked, or of what was wrong
 * @returns the exit code
 */
export async function runChooseVersion(
  versions: Versions,
  argv: readonly string[],
  env: Env,
  print: (text: string) => void,
): Promise<number> {
  const usage =
    `use: npm run ${versions.command} -- --market ID (--list | --use VERSION | --none | --newest) [--data FOLDER]\n` +
    "     DATABASE_URL says which database; without it that of `npm start` beside this command (--data: its data folder)";
  try {
    print(await decide(versions, usage, argv, env));
    return 0;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

/** The same for this process; what went wrong is said on its error stream. */
export async function chooseVersion(versions: Versions): Promise<void> {
  const said: string[] = [];
  process.exitCode = await runChooseVersion(
    versions,
    process.argv.slice(2),
    process.env,
    (text) => void said.push(text),
  );
  (process.exitCode === 0 ? process.stdout : process.stderr).write(`${said.join("\n")}\n`);
}
