import { parseArgs } from "node:util";

import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { readMarkets } from "#shared/server/db/markets.ts";
import type { Decision, StoredVersion, VersionStore } from "#shared/server/db/version-store.ts";

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

async function decide(versions: Versions, usage: string): Promise<void> {
  const { values } = parseArgs({
    options: {
      market: { type: "string" },
      list: { type: "boolean", default: false },
      use: { type: "string" },
      none: { type: "boolean", default: false },
      newest: { type: "boolean", default: false },
    },
  });
  const { DATABASE_URL: databaseUrl } = process.env;
  const { market } = values;
  const decision = decisionOf(usage, values.use, values.none, values.newest);
  if (market === undefined || !databaseUrl || (decision === undefined) !== values.list) throw new Error(usage);
  const db = connectDb(databaseUrl, { max: 1, name: `tiffin-${versions.command.replace(":", "-")}` });
  try {
    const markets = (await readMarkets(db.orm)).map(({ id }) => id);
    if (!markets.includes(market)) throw new Error(`no market ${market}; there are ${markets.join(", ")}`);
    if (decision && !(await versions.store.choose(db, market, decision, Date.now())))
      throw new Error(`no version ${decision.use} of ${market}; --list shows those that there are`);
    process.stdout.write(`${await list(db, versions, market)}\n`);
  } finally {
    await db.close();
  }
}

/** The program: lists a market's versions or decides which is in force, as its arguments say; sets the exit code. */
export async function chooseVersion(versions: Versions): Promise<void> {
  const usage = `use: npm run ${versions.command} -- --market ID (--list | --use VERSION | --none | --newest) (DATABASE_URL says which database)`;
  try {
    await decide(versions, usage);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
