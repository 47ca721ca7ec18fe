import { sql } from "drizzle-orm";

import { offerDeliveries, offers } from "#drizzle/schema/deliveries.ts";
import { payments } from "#drizzle/schema/money.ts";

/*
 * Conditions of partial indexes, with their values written out: a plan that is kept for a prepared statement does not know
 * its parameters, and so may not use an index that holds only some rows.
 */

export const isOpenOffer = sql`${offers.status} = 'offered'`;
export const isInOpenOffer = sql`${offerDeliveries.open}`;
export const isUnsettled = sql`${payments.status} in ('pending', 'authorized')`;
