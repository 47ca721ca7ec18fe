import { parseArgs } from "node:util";

import { and, asc, eq, gt, type SQL } from "drizzle-orm";

import { dispatchDecisions } from "#drizzle/schema/decisions.ts";
import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { unpackDecision } from "#shared/server/life/decisions.ts";

const USAGE =
  "usage: npm run dispatch:replay -- (--decision ID | --all [--market ID]) --database URL\n" +
  "       exit code 0 all equal, 1 not all (or nothing to compare), 2 asked wrongly";

/** Rows of one statement: a few MB. */
const BATCH = 200;

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

/** Which of the kept decisions; all where nothing is said. */
export interface Which {
  readonly marketId?: string | undefined;
  readonly decisionId?: string | undefined;
}

/** Decides kept rounds again, in the order of their ids, by what was kept alone, and compares. [DSP23] */
export async function replayDecisions({ orm }: Pick<Db, "orm">, which: Which): Promise<ReplayFigures> {
  const figures = { equal: 0, different: 0, otherVersion: 0, openDeliveries: 0, bytes: 0, faults: new Array<string>() };
  let after: SQL | undefined;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- batch after batch: all at once would not fit
    const rows = await orm
      .select()
      .from(dispatchDecisions)
      .where(
        and(
          after,
          which.marketId === undefined ? undefined : eq(dispatchDecisions.marketId, which.marketId),
          which.decisionId === undefined ? undefined : eq(dispatchDecisions.id, which.decisionId),
        ),
      )
      .orderBy(asc(dispatchDecisions.id))
      .limit(BATCH);
    for (const { id, marketId, round, record } of rows) {
      // oxlint-disable-next-line no-await-in-loop -- one decision's memory at a time
      const unpacked = await unpackDecision(record);
      const replayed = replay(unpacked);
      figures.bytes += record.length;
      figures.openDeliveries += unpacked.input.deliveries.length;
      if (replayed.outcome === "equal") figures.equal += 1;
      else if (replayed.outcome === "other-version") figures.otherVersion += 1;
      else {
        figures.different += 1;
        figures.faults.push(`${marketId} round ${round} (${id}): ${replayed.why}`);
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return figures;
    after = gt(dispatchDecisions.id, last.id);
  }
}

/** What was asked wrongly, in a sentence for whoever asked. */
class WrongInput extends Error {}

function readArgs(argv: readonly string[]): Which & { readonly database: string } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        decision: { type: "string" },
        all: { type: "boolean", default: false },
        market: { type: "string" },
        database: { type: "string" },
      },
    });
    if (values.database === undefined) throw new Error("--database is needed");
    if ((values.decision === undefined) !== values.all) throw new Error("either --decision or --all is needed");
    return { database: values.database, decisionId: values.decision, marketId: values.market };
  } catch (error) {
    throw new WrongInput(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** The program: asks, tells, and answers the exit code. */
export async function runReplay(argv: readonly string[], tell: (text: string) => void): Promise<0 | 1 | 2> {
  try {
    const { database, ...which } = readArgs(argv);
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
