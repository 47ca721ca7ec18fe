import { parseArgs } from "node:util";

import { z } from "zod";

export const USAGE =
  "usage: npm run swarm -- --connections N [--minutes M] [--json FILE] [--svg FILE] [--hubs H] [--crowds G] [--idle-minutes 2]\n" +
  "       [--commits-per-s C] [--rest-per-s R] [--ramp-minutes R] [--connect-per-s 600] [--workers 0] [--no-recovery] [--keep FOLDER]";

/** Connections of one process at most: 20,000 open files is the least that systems give where it cannot be raised. */
const HUB_HOLDS = 17_000;
const CROWD_HOLDS = 17_000;
const PEAK = { connections: 100_000, commitsPerS: 100, restPerS: 200, rampMinutes: 3 };
const LEAST_RAMP_MINUTES = 0.1;

const named = z.object({
  connections: z.coerce.number().int().min(50).max(1_000_000),
  minutes: z.coerce.number().positive().max(600).default(10),
  "idle-minutes": z.coerce.number().min(0).max(60).default(2),
  hubs: z.coerce.number().int().min(1).max(64).optional(),
  crowds: z.coerce.number().int().min(1).max(64).optional(),
  workers: z.coerce.number().int().min(0).max(8).default(0),
  "commits-per-s": z.coerce.number().min(0).optional(),
  "rest-per-s": z.coerce.number().min(0).optional(),
  "connect-per-s": z.coerce.number().positive().default(600),
  "ramp-minutes": z.coerce.number().min(0).max(60).optional(),
  "no-recovery": z.boolean().default(false),
  json: z.string().min(1).optional(),
  svg: z.string().min(1).optional(),
  keep: z.string().min(1).optional(),
});
const swarmArgs = named.transform((args) => {
  const share = args.connections / PEAK.connections;
  return {
    connections: args.connections,
    minutes: args.minutes,
    idleMinutes: args["idle-minutes"],
    rampMinutes: args["ramp-minutes"] ?? Math.max(LEAST_RAMP_MINUTES, PEAK.rampMinutes * share),
    hubs: args.hubs ?? Math.max(2, Math.ceil(args.connections / HUB_HOLDS)),
    crowds: args.crowds ?? Math.ceil(args.connections / CROWD_HOLDS),
    workers: args.workers,
    commitsPerS: args["commits-per-s"] ?? PEAK.commitsPerS * share,
    restPerS: args["rest-per-s"] ?? PEAK.restPerS * share,
    connectPerS: args["connect-per-s"],
    recovery: !args["no-recovery"],
    json: args.json,
    svg: args.svg,
    keep: args.keep,
  };
});

/** What a swarm is asked for, with what follows from its size. [SWM2] */
export type SwarmArgs = z.output<typeof swarmArgs>;

/** @returns the sentences to print when it was asked wrongly */
export function readSwarmArgs(argv: readonly string[]): SwarmArgs | string {
  try {
    const strings = Object.fromEntries(Object.keys(named.shape).map((name) => [name, { type: "string" as const }]));
    const options = { ...strings, "no-recovery": { type: "boolean" as const } };
    const parsed = swarmArgs.safeParse(parseArgs({ args: [...argv], options }).values);
    return parsed.success ? parsed.data : `${z.prettifyError(parsed.error)}\n${USAGE}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
