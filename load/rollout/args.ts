import { parseArgs } from "node:util";

import { z } from "zod";

export const USAGE =
  "usage: npm run rollout -- [--minutes 3] [--seed N] [--hubs 2] [--workers 2] [--speed 60] [--json FILE] [--keep FOLDER]\n" +
  "       exit code 0 clean, 1 not clean (availability below 99.9 %, or anything lost), 2 asked wrongly";

const rolloutArgs = z.object({
  minutes: z.coerce.number().min(0.2).max(120).default(3),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
  hubs: z.coerce.number().int().min(2).max(8).default(2),
  workers: z.coerce.number().int().min(1).max(8).default(2),
  speed: z.coerce.number().min(1).max(200).default(60),
  json: z.string().min(1).optional(),
  keep: z.string().min(1).optional(),
});

export type RolloutArgs = z.output<typeof rolloutArgs>;

/** @returns the sentences to print when it was asked wrongly */
export function readRolloutArgs(argv: readonly string[]): RolloutArgs | string {
  try {
    const options = Object.fromEntries(
      Object.keys(rolloutArgs.shape).map((name) => [name, { type: "string" as const }]),
    );
    const parsed = rolloutArgs.safeParse(parseArgs({ args: [...argv], options }).values);
    return parsed.success ? parsed.data : `${z.prettifyError(parsed.error)}\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
