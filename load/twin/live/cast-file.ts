import { z } from "zod";

import { point } from "#shared/contracts/geo.ts";
import { restaurantId } from "#shared/contracts/ids.ts";
import { VEHICLES } from "#shared/domain/city/city.ts";

const login = z.object({ email: z.string().min(3), password: z.string().min(1) });

/** Who is played: accounts that are there already. Whom it leaves out, people play. */
export const castFile = z.object({
  customers: z.array(login.extend({ drop: point, dropLine: z.string().default("") })),
  kitchens: z.array(login.extend({ restaurantId })),
  couriers: z.array(login.extend({ start: point, vehicle: z.enum(VEHICLES).default("motorbike") })),
});
export type CastFile = z.output<typeof castFile>;
