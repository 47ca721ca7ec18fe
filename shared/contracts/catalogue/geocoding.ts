import { z } from "zod";

import { point } from "../geo.ts";
import { marketId } from "../ids.ts";
import { command } from "./command.ts";

/** Something of a city that has an address, or is one. */
export const foundPlace = z.object({
  kind: z.enum(["address", "corner", "street", "place", "quarter"]),
  /** As people write it: "Avenida 18 de Julio 1234", "Ejido y Colonia", "Parque Rodó". */
  label: z.string(),
  /** What is told to a courier: the label, and of a place its street and number too. */
  line: z.string(),
  /** The nearest quarter, to tell streets of one name apart; null when none is near. */
  quarter: z.string().nullable(),
  point,
  /** False: the house number is not known on that street, and the point is where it should be. */
  exact: z.boolean(),
  /** From the given point; null without one. */
  distanceM: z.int().nullable(),
});
export type FoundPlace = z.output<typeof foundPlace>;

/** Whose data the answer is, to be shown beside it; null where no addresses of the market are known at all. */
const attribution = z.string().nullable();

export const geocodingCommands = {
  "places.search": command({
    summary: "Addresses, corners, streets, places and quarters that a text may mean, the likeliest first.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/places" },
    sockets: [],
    input: z.object({
      marketId,
      /** As somebody types it, perhaps not to its end. Fewer than two letters find nothing. */
      text: z.string().trim().max(200),
      lat: z.coerce.number().min(-90).max(90).optional(),
      lng: z.coerce.number().min(-180).max(180).optional(),
      limit: z.coerce.number().int().min(1).max(20).default(8),
    }),
    output: z.object({ attribution, places: z.array(foundPlace) }),
    rights: "public",
    errors: ["market.not-found"],
  }),
  "places.reverse": command({
    summary:
      "What a point is called: the nearest door within 100 m, else the nearest street or place; null far from all.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/places/reverse" },
    sockets: [],
    input: z.object({
      marketId,
      lat: z.coerce.number().min(-90).max(90),
      lng: z.coerce.number().min(-180).max(180),
    }),
    output: z.object({ attribution, place: foundPlace.nullable() }),
    rights: "public",
    errors: ["market.not-found"],
  }),
} as const;
