import { parseArgs } from "node:util";

import { z } from "zod";

/** What can be played; each has a file of its name. */
export const SCENARIOS = ["evening", "shift", "rush", "storm"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export const USAGE =
  `usage: npm run artillery -- ${SCENARIOS.join("|")} [another…] --target URL [--market ID] [--accounts FILE]\n` +
  "         [--people N] [--seconds S] [--set name=value …] [--threshold metric=value …] [--json FOLDER]\n" +
  "       TIFFIN_ADMIN_PASSWORD=… npm run artillery -- accounts --target URL --admin EMAIL [--market ID] [--accounts FILE]\n" +
  "         [--kitchens 4] [--couriers 4] [--customers 0] [--retire]";

const count = z.coerce.number().int().min(0).max(10_000);
const settings = z.object({
  target: z.url().transform((url) => url.replace(/\/$/u, "")),
  market: z.string().min(1).optional(),
  accounts: z.string().min(1).optional(),
  /** Virtual users of each scenario, and the seconds over which they arrive; what its file says when left out. */
  people: count.min(1).optional(),
  seconds: z.coerce.number().int().positive().max(86_400).default(30),
  /** Variables of the scenario's file. */
  set: z.array(z.string().regex(/^\w+=.+$/u, "is written name=value")).default([]),
  /** In place of the file's own thresholds. */
  threshold: z.array(z.string().regex(/^[\w.]+=[\d.]+$/u, "is written metric=number")).default([]),
  json: z.string().min(1).optional(),
  admin: z.string().min(3).optional(),
  kitchens: count.default(4),
  couriers: count.default(4),
  customers: count.default(0),
  retire: z.boolean().default(false),
});
export type ArtilleryArgs = z.output<typeof settings> & {
  /** Empty: accounts are made. */
  readonly scenarios: readonly Scenario[];
};

/** @returns the sentences to print when it was asked wrongly */
export function readArtilleryArgs(argv: readonly string[]): ArtilleryArgs | string {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    const parsed = settings.safeParse(values);
    if (!parsed.success) return `${z.prettifyError(parsed.error)}\n${USAGE}`;
    if (positionals.length === 1 && positionals[0] === "accounts") return { ...parsed.data, scenarios: [] };
    const scenarios = z.array(z.enum(SCENARIOS)).min(1).safeParse(positionals);
    return scenarios.success ? { ...parsed.data, scenarios: scenarios.data } : `say what to play\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}

const text = { type: "string" } as const;
const texts = { type: "string", multiple: true } as const;
const OPTIONS = {
  target: text,
  market: text,
  accounts: text,
  people: text,
  seconds: text,
  set: texts,
  threshold: texts,
  json: text,
  admin: text,
  kitchens: text,
  couriers: text,
  customers: text,
  retire: { type: "boolean" },
} as const;

/** What Artillery's own program is given for one scenario. Its `--variables` and `--overrides` are JSON. */
export function artilleryArgs(args: ArtilleryArgs, scenario: Scenario): string[] {
  const { target, people, seconds, set, threshold, json } = args;
  const config = {
    ...(people === undefined ? {} : { phases: [{ name: scenario, duration: seconds, arrivalCount: people }] }),
    ...(threshold.length === 0 ? {} : { ensure: { thresholds: threshold.map((each) => pairs([each], Number)) } }),
  };
  return [
    "run",
    `--target=${target}`,
    `--variables=${JSON.stringify(pairs(set, String))}`,
    `--overrides=${JSON.stringify({ config })}`,
    ...(json === undefined ? [] : [`--output=${json}/${scenario}.json`]),
    `${scenario}.yml`,
  ];
}

function pairs<T>(assignments: readonly string[], read: (value: string) => T): Record<string, T> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf("=");
      return [assignment.slice(0, at), read(assignment.slice(at + 1))];
    }),
  );
}
