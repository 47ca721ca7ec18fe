import { z } from "zod";

/**
 * What is read of an answer of OSRM's HTTP interface, v1 (Project OSRM, docs/http.md): a table of seconds and metres, null where
 * there is no way.
 */
const matrix = z.array(z.array(z.number().nonnegative().nullable()));

export const osrmTable = z.object({ code: z.literal("Ok"), durations: matrix, distances: matrix });

/** How OSRM says no. */
export const osrmProblem = z.object({ code: z.string(), message: z.string().optional() });
