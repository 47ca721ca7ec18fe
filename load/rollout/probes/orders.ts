import { z } from "zod";

import { point } from "#shared/contracts/geo.ts";
import { marketId, uuid } from "#shared/contracts/ids.ts";

/** What the process that probes is told at its start. */
export const probeOrders = z.object({
  /** The front door: all that it knows of the deployment. */
  url: z.url(),
  marketId,
  /** A restaurant of its own, without a kitchen at work, and its dish. */
  restaurantId: uuid,
  itemId: uuid,
  point,
  /** A customer's account. */
  email: z.string(),
  password: z.string(),
  restPerS: z.number().positive(),
  socketPerS: z.number().positive(),
});
export type ProbeOrders = z.output<typeof probeOrders>;
