/**
 * `npm run eta:models -- --market ID (--list | --use VERSION | --none | --newest)`: what was learned of a market's times, and
 * which version of it is in force. Every hub and worker goes by a decision within seconds.
 */
import { parseArgs } from "node:util";

import { etaTrials, ETA_PARTS, type EtaFault } from "#shared/contracts/eta.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { readMarkets } from "#shared/server/db/markets.ts";
import {
  choose,
  readChoices,
  readVersions,
  type Decision,
  type StoredVersion,
} from "#shared/server/eta/model-store.ts";

const USAGE =
  "npm run eta:models -- --market ID (--list | --use VERSION | --none | --newest) (DATABASE_URL says which database)";

function decisionOf(use: string | undefined, none: boolean, newest: boolean): Decision | undefined {
  const all: Decision[] = [
    ...(use === undefined ? [] : [{ use: Number(use) }]),
    ...(none ? [{ use: "none" as const }] : []),
    ...(newest ? [{ use: "newest" as const }] : []),
  ];
  const [decision] = all;
  if (all.length > 1 || (typeof decision?.use === "number" && !Number.isInteger(decision.use)))
    throw new Error(`use: ${USAGE}`);
  return decision;
}

function faultText(fault: EtaFault | null): string {
  if (!fault) return "-";
  const { pinball50S, pinball90S, within50Pct, within90Pct } = fault;
  return `${pinball50S.toFixed(1)}/${pinball90S.toFixed(1)} s, ${within50Pct.toFixed(0)}/${within90Pct.toFixed(0)} %`;
}

function versionText({ version, createdAtMs, trials: stored }: StoredVersion, inForce: boolean): string {
  const { orders, parts, whole } = etaTrials.parse(stored);
  const head = `${inForce ? "*" : " "} ${version}  ${new Date(createdAtMs).toISOString()}  from ${orders} orders`;
  const wholeText = whole
    ? `    whole order: learned ${faultText(whole.learned)}; priors ${faultText(whole.prior)}; ${whole.heldOut} held out`
    : "    whole order: too few to try";
  const lines = ETA_PARTS.map((part) => {
    const { used, outcomes, heldOut, learned, prior } = parts[part];
    return `    ${part.padEnd(9)} ${used.padEnd(6)} ${outcomes} outcomes, ${heldOut} held out; learned ${faultText(learned)}; prior ${faultText(prior)}`;
  });
  return [head, wholeText, ...lines].join("\n");
}

async function list(db: Db, marketId: string): Promise<string> {
  const versions = await readVersions(db.orm, marketId);
  const choice = (await readChoices(db.orm)).find((each) => each.marketId === marketId);
  const now = typeof choice?.version === "number" ? `version ${choice.version}` : "the priors";
  const why = choice?.pinned ? "pinned: what is learned later does not take its place" : "the newest is taken";
  return [
    `${marketId}: ${now} in force (${why}). Mean pinball loss at 50/90, and outcomes within 50/90:`,
    ...versions.map((each) => versionText(each, each.version === choice?.version)),
  ].join("\n");
}

async function main(): Promise<void> {
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
  const decision = decisionOf(values.use, values.none, values.newest);
  if (market === undefined || !databaseUrl || (decision === undefined) !== values.list)
    throw new Error(`use: ${USAGE}`);
  const db = connectDb(databaseUrl, { max: 1, name: "tiffin-eta-models" });
  try {
    const markets = (await readMarkets(db.orm)).map(({ id }) => id);
    if (!markets.includes(market)) throw new Error(`no market ${market}; there are ${markets.join(", ")}`);
    if (decision && !(await choose(db, market, decision, Date.now())))
      throw new Error(`no version ${decision.use} of ${market}; --list shows those that there are`);
    process.stdout.write(`${await list(db, market)}\n`);
  } finally {
    await db.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
