import { z } from "zod";

import { refusalChoices, refusalModels } from "#drizzle/schema/refusals.ts";
import type { RefusalTrial } from "#shared/domain/dispatch/refusals/learn-refusals.ts";
import { HOURS, WAY_CLASSES, type RefusalModel } from "#shared/domain/dispatch/refusals/refusal-model.ts";

import type { Tx } from "../db/connect.ts";
import { makeVersionStore } from "../db/version-store.ts";
import type { Log } from "../log.ts";

/** Raised when stored models mean something else than before: older and newer processes leave each other's alone. */
const FORMAT = 1;

/** What was learned of how couriers answer offers (`RefusalTrial` beside it); no version in force: everybody is taken to accept. */
export const refusalVersions = makeVersionStore({ learned: refusalModels, choices: refusalChoices, format: FORMAT });

const ratio = z.number().min(0);
const refusalModel = z.object({
  answers: z.int(),
  share: z.number().min(0).max(1),
  byWay: z.array(ratio).length(WAY_CLASSES),
  byHour: z.array(ratio).length(HOURS),
  couriers: z.record(z.string(), z.tuple([z.int(), ratio])),
});

/** How a version did on held-out answers, as it was stored. */
export const refusalTrial: z.ZodType<RefusalTrial> = z.object({
  answers: z.int(),
  heldOut: z.int(),
  learned: z.number(),
  shareAlone: z.number(),
  used: z.enum(["learned", "share"]),
});

/** What rounds of a market go by just now; undefined: nothing was learned, or it was backed out. */
export type RefusalsOf = (tx: Tx, marketId: string) => Promise<RefusalModel | undefined>;

/**
 * Asks which version is in force each time, and brings it from Postgres once: only workers read it, and a version is some
 * dozens of kilobytes. One that this process cannot read counts as none, and is complained of once. [DSP34, DSP47]
 */
export function makeRefusals(log: Pick<Log, "warn">): RefusalsOf {
  const known = new Map<string, { readonly version: number; readonly model: RefusalModel | undefined }>();
  return async (tx, marketId) => {
    const [choice] = await refusalVersions.readChoices(tx, marketId);
    const version = choice?.version ?? null;
    if (version === null) return undefined;
    const had = known.get(marketId);
    if (had?.version === version) return had.model;
    const stored = await refusalVersions.readModels(tx, marketId, version);
    const { data: model, error } = refusalModel.safeParse(stored);
    if (error) {
      const issues = error.issues
        .slice(0, 3)
        .map(({ path, message }) => `${z.core.toDotPath(path) || "model"}: ${message}`);
      log.warn(
        { marketId, version, format: FORMAT, issues },
        "what was learned of refusals cannot be read; everybody is taken to accept until another version is in force",
      );
    }
    known.set(marketId, { version, model });
    return model;
  };
}
