import { z } from "zod";

/**
 * What is read and sent of the Google Routes API, v2 (Google, "Method: computeRouteMatrix"; google/maps/routing/v2 in the published
 * interface definitions): a table comes as a list of elements, in any order, each with its place in the table.
 */
export const GOOGLE_TRAVEL_MODES = ["DRIVE", "TWO_WHEELER", "BICYCLE", "WALK"] as const;
export type GoogleTravelMode = (typeof GOOGLE_TRAVEL_MODES)[number];

/** How traffic counts; may only be sent with DRIVE and TWO_WHEELER. */
export const GOOGLE_TRAFFIC = ["TRAFFIC_UNAWARE", "TRAFFIC_AWARE", "TRAFFIC_AWARE_OPTIMAL"] as const;
export type GoogleTraffic = (typeof GOOGLE_TRAFFIC)[number];

/** The fields that {@link googleMatrix} reads. Without `status` every element would look well. */
export const GOOGLE_FIELD_MASK = "originIndex,destinationIndex,status,condition,distanceMeters,duration";

/** Sources times destinations of one question, at most. */
export const GOOGLE_ELEMENTS: Readonly<Record<GoogleTraffic, number>> = {
  TRAFFIC_UNAWARE: 625,
  TRAFFIC_AWARE: 625,
  TRAFFIC_AWARE_OPTIMAL: 100,
};

// A number that is zero may be left out, as in all JSON of protocol buffers.
const count = z.int().nonnegative().default(0);
const durationS = z
  .string()
  .regex(/^\d+(\.\d{1,9})?s$/u)
  .transform((text) => Number(text.slice(0, -1)));

export const googleMatrix = z.array(
  z.object({
    originIndex: count,
    destinationIndex: count,
    /** google.rpc.Status of this element alone; no code, or 0, is well. */
    status: z.object({ code: z.int().default(0) }).optional(),
    condition: z.string().optional(),
    distanceMeters: count,
    duration: durationS.optional(),
  }),
);

/** google.rpc.Status of a whole question. A stream of elements has it as an element, perhaps after others that were well. */
export const googleProblem = z.object({ error: z.object({ code: z.int(), status: z.string().default("") }) });
