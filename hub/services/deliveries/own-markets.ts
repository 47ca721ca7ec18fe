import { asc } from "drizzle-orm";

import { markets } from "#drizzle/schema/people.ts";
import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { roleFor } from "#shared/domain/rights/rights.ts";
import type { Tx } from "#shared/server/db/connect.ts";

/** The markets in which this identity may ask for `name`, by their ids. */
export async function ownMarkets(tx: Tx, identity: Identity, name: CommandName): Promise<string[]> {
  const all = await tx.select({ id: markets.id }).from(markets).orderBy(asc(markets.id));
  return all.map(({ id }) => id).filter((marketId) => roleFor(identity, name, { marketId }) !== undefined);
}
