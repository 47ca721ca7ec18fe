import { planRound } from "../plan-round.ts";
import { DISPATCH_VERSION, type RoundInput, type RoundPlan, type RoundSettings } from "../round.ts";
import { recordedRouter, recordingRouter, WayNotRecorded, type RecordedWays } from "./recorded-ways.ts";

/** The form of {@link DecisionRecord}: raise it when its shape changes. */
export const DECISION_FORMAT = 1;

/** One round with all that it was decided by: the input, the ways, the settings (in the plan), the version, and what came out. */
export interface DecisionRecord {
  readonly format: typeof DECISION_FORMAT;
  readonly input: Omit<RoundInput, "router">;
  readonly ways: RecordedWays;
  readonly plan: RoundPlan;
}

/** Decides a round and keeps what it was decided by. The plan is the same as without keeping. [DSP21] */
export function decide(input: RoundInput, settings: RoundSettings): DecisionRecord {
  const { router, ...known } = input;
  const recording = recordingRouter(router);
  const plan = planRound({ ...known, router: recording.router }, settings);
  return { format: DECISION_FORMAT, input: known, ways: recording.ways(), plan };
}

/** What comes of deciding a stored round again. */
export type Replayed =
  | { readonly outcome: "equal" }
  /** Decided by another version of the code: not comparable. */
  | { readonly outcome: "other-version"; readonly version: string }
  | { readonly outcome: "different"; readonly why: string };

/** The input of a stored round, with the router that knows its ways. */
export function inputOf({ input, ways }: DecisionRecord): RoundInput {
  return { ...input, router: recordedRouter(ways) };
}

/** Decides a stored round again by what was stored and compares the plans, bit for bit. [DSP21] */
export function replay(record: DecisionRecord): Replayed {
  const { plan } = record;
  if (plan.version !== DISPATCH_VERSION) return { outcome: "other-version", version: plan.version };
  try {
    const again = planRound(inputOf(record), plan.settings);
    const [was, is] = [JSON.stringify(plan), JSON.stringify(again)];
    return was === is ? { outcome: "equal" } : { outcome: "different", why: differenceOf(was, is) };
  } catch (error) {
    if (error instanceof WayNotRecorded) return { outcome: "different", why: error.message };
    throw error;
  }
}

/** Where two texts begin to differ. */
function differenceOf(was: string, is: string): string {
  let at = 0;
  while (at < was.length && was[at] === is[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `decided …${around(was)}… and now …${around(is)}…`;
}
