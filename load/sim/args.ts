import { parseArgs } from "node:util";

import { z } from "zod";

import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";

export const USAGE =
  "usage: npm run sim -- [--seconds N | --schedules N] [--seed S] [--json FILE] [--bug NAME] [--without-bugs]\n" +
  "       npm run sim -- --seed S --show [--keep 0,3,4] [--bug NAME]   one schedule, told step by step";

const whole = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31);

const simArgs = z.object({
  seconds: z.coerce.number().min(0).max(86_400).default(10),
  schedules: whole.optional(),
  seed: whole.default(0),
  json: z.string().min(1).optional(),
  bug: z.string().optional(),
  keep: z
    .string()
    .regex(/^\d+(,\d+)*$/u, "places of actions, separated by commas")
    .transform((text) => text.split(",").map(Number))
    .optional(),
  show: z.boolean().default(false),
  "without-bugs": z.boolean().default(false),
});

export type SimArgs = Omit<z.output<typeof simArgs>, "bug"> & { readonly bug: PlantedBug | undefined };

/** @returns the sentences to print when it was asked wrongly */
export function readSimArgs(argv: readonly string[]): SimArgs | string {
  try {
    const text = { type: "string" as const };
    const flag = { type: "boolean" as const };
    const options = {
      seconds: text,
      schedules: text,
      seed: text,
      json: text,
      bug: text,
      keep: text,
      show: flag,
      "without-bugs": flag,
    };
    const parsed = simArgs.safeParse(parseArgs({ args: [...argv], options }).values);
    if (!parsed.success) return `${z.prettifyError(parsed.error)}\n${USAGE}`;
    const bug = PLANTED_BUGS.find(({ name }) => name === parsed.data.bug);
    if (parsed.data.bug !== undefined && !bug) {
      return `there is no bug "${parsed.data.bug}"; there are ${PLANTED_BUGS.map(({ name }) => name).join(", ")}`;
    }
    return { ...parsed.data, bug };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
