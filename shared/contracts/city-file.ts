import { z } from "zod";

import { point } from "./geo.ts";

/** A version of the form of the data: a file of another version is imported again. */
export const CITY_FORMAT = 1;

const arrayPlace = z.object({
  kind: z.enum(["Int32Array", "Uint32Array", "Uint8Array", "Uint16Array", "Float64Array"]),
  /** Bytes after the header. */
  at: z.int().nonnegative(),
  /** Entries. */
  length: z.int().nonnegative(),
});
export type ArrayPlace = z.output<typeof arrayPlace>;

/** The JSON in front of a city file's arrays (shared/domain/city/city-file.ts). */
export const cityFileHeader = z.object({
  meta: z.object({
    format: z.literal(CITY_FORMAT),
    id: z.string().min(8),
    name: z.string(),
    southWest: point,
    northEast: point,
    source: z.string(),
    attribution: z.string(),
    licence: z.string(),
  }),
  names: z.array(z.string()),
  places: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      food: z.boolean(),
      cuisines: z.array(z.string()),
      openingHours: z.string().nullable(),
      addressLine: z.string().nullable(),
      point,
    }),
  ),
  labels: z.array(z.object({ name: z.string(), kind: z.string(), point })),
  /** `streets/from`, `hierarchies/car/rank`…: where each array lies after the header. */
  arrays: z.record(z.string(), arrayPlace),
});
export type CityFileHeader = z.output<typeof cityFileHeader>;
