import { z } from "zod";

/** WGS 84 degrees. */
export const point = z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) });
export type Point = z.output<typeof point>;

/** One GPS reading. */
export const fix = point.extend({
  takenAtMs: z.int().nonnegative(),
  accuracyM: z.number().min(0).max(100_000),
  speedMps: z.number().min(0).max(150).nullable().default(null),
  headingDeg: z.number().min(0).max(360).nullable().default(null),
});
export type Fix = z.output<typeof fix>;

/** A fix with the motion that its sender makes of it and of those before: the screen draws it on until the next one. */
export const motionFix = fix.extend({
  speedMps: z.number().min(0).max(150),
  headingDeg: z.number().min(0).max(360),
});
