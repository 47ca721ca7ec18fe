import { parseArgs } from "node:util";

import { z } from "zod";

import { FAULT_KINDS } from "./kinds.ts";
import type { FaultKind } from "./scene.ts";

export const USAGE =
  "usage: npm run faults -- [--only NAME…] [--seed N] [--speed 60] [--json FILE] [--keep FOLDER]\n" +
  "       npm run faults -- --list   every kind by name; exit code 0 clean, 1 not clean, 2 asked wrongly";

const faultArgs = z.object({
  only: z.array(z.string().min(1)).default([]),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
  speed: z.coerce.number().min(1).max(200).default(60),
  json: z.string().min(1).optional(),
  keep: z.string().min(1).optional(),
  list: z.boolean().default(false),
});

export type FaultArgs = Omit<z.output<typeof faultArgs>, "only"> & { readonly kinds: readonly FaultKind[] };

/** @returns the sentences to print when it was asked wrongly */
export function readFaultArgs(argv: readonly string[]): FaultArgs | string {
  try {
    const text = { type: "string" as const };
    const options = {
      only: { ...text, multiple: true as const },
      seed: text,
      speed: text,
      json: text,
      keep: text,
      list: { type: "boolean" as const },
    };
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const only = [...(values.only ?? []), ...positionals];
    if (positionals.length > 0 && values.only === undefined) return `which kinds? --only ${only.join(" ")}\n${USAGE}`;
    const parsed = faultArgs.safeParse({ ...values, only });
    if (!parsed.success) return `${z.prettifyError(parsed.error)}\n${USAGE}`;
    const unknown = only.filter((name) => !FAULT_KINDS.some((kind) => kind.name === name));
    if (unknown.length > 0) {
      return `there is no fault "${unknown.join('", "')}"; there are ${FAULT_KINDS.map(({ name }) => name).join(", ")}`;
    }
    const kinds = only.length === 0 ? FAULT_KINDS : FAULT_KINDS.filter(({ name }) => only.includes(name));
    return { ...parsed.data, kinds };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
