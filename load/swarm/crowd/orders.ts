import { z } from "zod";

/** What a process of the swarm is told at its start. */
export const crowdOrders = z.object({
  part: z.int().nonnegative(),
  parts: z.int().positive(),
  connections: z.int().positive(),
  marketId: z.string(),
  secret: z.string(),
  hubs: z.array(z.object({ host: z.string(), port: z.int() })).min(1),
  /** Gets one watched stream a line when all is over. */
  logFile: z.string(),
  /** Of this process, a second. */
  connectPerS: z.number().positive(),
  commitsPerS: z.number().nonnegative(),
  restPerS: z.number().nonnegative(),
  fixEveryMs: z.number().positive(),
  /** How often a kitchen says "later" of one order, so that there are commits enough. */
  delaysAnOrder: z.int().nonnegative(),
  /** A planted fault: the first event of one watcher is not written down. Shows that the verdict finds it. */
  withhold: z.boolean(),
});
export type CrowdOrders = z.output<typeof crowdOrders>;

const playing = z.object({
  do: z.literal("play"),
  /** Instead of those of the orders. */
  commitsPerS: z.number().nonnegative().optional(),
  restPerS: z.number().nonnegative().optional(),
  /** Whether couriers ride. */
  riding: z.boolean().default(true),
  rampMs: z.number().nonnegative().default(0),
});
export type Playing = z.output<typeof playing>;

/** What it is told to do. */
export const crowdCommand = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open") }),
  /** Couriers set out one after the other, commits and requests grow to their pace, for so long. */
  playing,
  /** From now on it counts how long things take. */
  z.object({ do: z.literal("measure") }),
  z.object({ do: z.literal("rest") }),
  /** The hubs are about to be ended. */
  z.object({ do: z.literal("brace") }),
  z.object({ do: z.literal("end") }),
]);
export type CrowdCommand = z.input<typeof crowdCommand>;
