import { parseArgs } from "node:util";

import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { eachDecision, unpackDecision, type WhichDecisions } from "#shared/server/life/decisions.ts";

import { DATA } from "../../../deploy/local/folders.ts";
import { databaseUrlFor } from "../../../deploy/local/running-postgres.ts";

const USAGE =
  "usage: npm run dispatch:replay -- (--decision ID | --all [--market ID]) [--database URL] [--data FOLDER]\n" +
  "       without --database: DATABASE_URL, else that of `npm start` beside this command (--data: its data folder)\n" +
  "       exit code 0 all equal, 1 not all (or nothing to compare), 2 asked wrongly";

export interface ReplayFigures {
  readonly equal: number;
  readonly different: number;
  /** Decided by another version of the code; neither equal nor different. */
  readonly otherVersion: number;
  readonly openDeliveries: number;
  readonly bytes: number;
  /** A sentence for each that differs. */
  readonly faults: readonly string[];
}

/** Decides kept rounds again, oldest first, by what was kept alone, and compares. [DSP23] */
export async function replayDecisions({ orm }: Pick<Db, "orm">, which: WhichDecisions): Promise<ReplayFigures> {
  const counts = { equal: 0, different: 0, "other-version": 0 };
  const faults: string[] = [];
  let [openDeliveries, bytes] = [0, 0];
  for await (const { id, marketId, round, record: packed } of eachDecision(orm, which)) {
    bytes += packed.length;
    const record = await unpackDecision(packed);
    if (!record) {
      counts["other-version"] += 1;
      continue;
    }
    const replayed = replay(record);
    counts[replayed.outcome] += 1;
    if (replayed.outcome === "different") faults.push(`${marketId} round ${round} (${id}): ${replayed.why}`);
    openDeliveries += record.input.deliveries.length;
  }
  const { equal, different, "other-version": otherVersion } = counts;
  return { equal, different, otherVersion, openDeliveries, bytes, faults };
}

/** What was asked wrongly, in a sentence for whoever asked. */
class WrongInput extends Error {}

type Env = Readonly<Record<string, string | undefined>>;

function readArgs(argv: readonly string[], env: Env): WhichDecisions & { readonly database: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        decision: { type: "string" },
        all: { type: "boolean", default: false },
        market: { type: "string" },
        database: { type: "string" },
        data: { type: "string", default: DATA },
      },
    });
    if ((values.decision === undefined) !== values.all) throw new Error("either --decision or --all is needed");
    const database = databaseUrlFor(values.database ?? env["DATABASE_URL"], values.data, "name a --database");
    return { database, decisionId: values.decision, marketId: values.market };
  } catch (error) {
    throw new WrongInput(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** The program: asks, tells, and answers the exit code. */
export async function runReplay(
  argv: readonly string[],
  tell: (text: string) => void,
  env: Env = process.env,
): Promise<0 | 1 | 2> {
  try {
    const { database, ...which } = readArgs(argv, env);
    const db = connectDb(database, { max: 1, name: "dispatch-replay" });
    try {
      const { equal, different, otherVersion, openDeliveries, bytes, faults } = await replayDecisions(db, which);
      const compared = equal + different;
      for (const fault of faults) tell(`different: ${fault}`);
      if (otherVersion > 0) tell(`${otherVersion} decided by another version of the code, not compared`);
      if (compared === 0) tell("no decision to compare was found");
      else {
        tell(`${equal} of ${compared} decisions equal, ${((100 * equal) / compared).toFixed(2)} %`);
        const all = compared + otherVersion;
        tell(
          `${Math.round(bytes / all)} bytes and ${(openDeliveries / all).toFixed(1)} open deliveries each, on the average`,
        );
      }
      return compared > 0 && different === 0 ? 0 : 1;
    } finally {
      await db.close();
    }
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    tell(error.message);
    return 2;
  }
}
