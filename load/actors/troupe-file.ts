import { z } from "zod";

import { point } from "#shared/contracts/geo.ts";
import { restaurantId } from "#shared/contracts/ids.ts";

const login = z.object({ email: z.string().min(3), password: z.string().min(1) });

/** Who is played: accounts that the seed has made. Whom it leaves out, people play. */
export const troupeFile = z.object({
  customers: z.array(login.extend({ drop: point, dropLine: z.string().default("") })),
  kitchens: z.array(login.extend({ restaurantId })),
  couriers: z.array(login.extend({ start: point })),
});
export type Troupe = z.output<typeof troupeFile>;
