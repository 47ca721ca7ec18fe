import { parseArgs } from "node:util";

import type { Unit } from "./compare.ts";
import { POLICIES } from "./policies.ts";
import { readWeights, type Weights } from "./weights.ts";

export const USAGE =
  "usage: npm run whatif -- --day 2026-11-25 [--market ID] [--policy NAME] [--weights FILE|name=value,…] [--by hour|order]\n" +
  "       [--seed 1] [--draws 2000] [--json FILE] [--data FOLDER]\n" +
  "       DATABASE_URL says which database; without it that of `npm start` beside this command (--data: its data folder)";

/** What was asked wrongly, in a sentence for whoever asked. */
export class WrongInput extends Error {}

export interface Args {
  readonly day: string;
  /** Undefined: the only one. */
  readonly market: string | undefined;
  readonly policy: string;
  readonly weights: Weights;
  /** Undefined: whichever fits the day. */
  readonly by: Unit | undefined;
  readonly seed: number;
  readonly draws: number;
  readonly json: string | undefined;
  readonly data: string | undefined;
}

/**
 * @param readFile the text of a file of weights; undefined when there is no such file
 * @throws {WrongInput} with the usage
 */
export function readArgs(argv: readonly string[], readFile: (path: string) => string | undefined): Args {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        day: { type: "string" },
        market: { type: "string" },
        policy: { type: "string" },
        weights: { type: "string" },
        by: { type: "string" },
        seed: { type: "string", default: "1" },
        draws: { type: "string", default: "2000" },
        json: { type: "string" },
        data: { type: "string" },
      },
    });
    const { market, json, data, weights } = values;
    if (values.policy === undefined && weights === undefined)
      throw new Error("what is the day to be compared with: --policy, or --weights of the live policy?");
    const policy = policyOf(values.policy ?? "live");
    if (weights !== undefined && policy !== "live") throw new Error(`--weights are the live policy's, not ${policy}'s`);
    return {
      day: dayOf(values.day),
      market,
      policy,
      weights: weights === undefined ? {} : readWeights(readFile(weights) ?? weights),
      by: unitOf(values.by),
      seed: whole("seed", values.seed, 0, 4_294_967_295),
      draws: whole("draws", values.draws, 100, 100_000),
      json,
      data,
    };
  } catch (error) {
    throw new WrongInput(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, { cause: error });
  }
}

function dayOf(text: string | undefined): string {
  if (text === undefined) throw new Error("which day is to be played again: --day 2026-11-25?");
  const atMs = Date.parse(`${text}T00:00:00Z`);
  // 2026-02-30 would be read as a day of March.
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text) || Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(text))
    throw new Error(`--day is a date such as 2026-11-25, not "${text}"`);
  return text;
}

function policyOf(name: string): string {
  if (Object.hasOwn(POLICIES, name)) return name;
  throw new Error(`there is no policy "${name}"; there are ${Object.keys(POLICIES).join(", ")}`);
}

function unitOf(text: string | undefined): Unit | undefined {
  if (text === undefined || text === "hour" || text === "order") return text;
  throw new Error(`--by is hour or order, not "${text}"`);
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} is a whole number from ${least} to ${most}, not "${text}"`);
}
