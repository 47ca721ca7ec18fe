import { z } from "zod";

import { ETA_PARTS, LEARNED_KINDS } from "#shared/contracts/eta.ts";
import { RUNG_NAMES } from "#shared/domain/eta/learning/ladder.ts";
import type { PartModels } from "#shared/domain/eta/learned/part-model.ts";

/** Raised when stored models mean something else than before: older and newer processes leave each other's alone. */
export const MODEL_FORMAT = 2;

const numbers = z.array(z.number());
const forest = z.object({
  base: z.number(),
  roots: numbers,
  feature: numbers,
  value: numbers,
  left: numbers,
  right: numbers,
});
const rung = z.record(z.string(), z.tuple([z.number(), z.number()]));
const ladder = z.object({
  restS: z.number(),
  perWay: z.number(),
  ...(Object.fromEntries(RUNG_NAMES.map((name) => [name, rung])) as Record<(typeof RUNG_NAMES)[number], typeof rung>),
});
const partModel = z.object({
  kind: z.enum(LEARNED_KINDS),
  trust: z.number().min(0).max(1),
  // Strict: what a part learns and this does not know would be gone without a word, and the part would answer otherwise.
  durations: z.strictObject({
    outcomes: z.int(),
    blindToWay: z.literal(true),
    ladder,
    quantiles: z.array(z.object({ level: z.number(), forest })).length(2),
  }),
});

const partModels = z.partialRecord(z.enum(ETA_PARTS), partModel);

/**
 * Reads models as they were stored.
 *
 * @throws when they are not of {@link MODEL_FORMAT}
 */
export function parseModels(stored: unknown): PartModels {
  return partModels.parse(stored);
}
