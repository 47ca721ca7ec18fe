import { hash } from "@node-rs/argon2";
import { eq } from "drizzle-orm";

import { markets, people, personRoles } from "#drizzle/schema/people.ts";
import type { Point } from "#shared/contracts/geo.ts";
import { connectDb } from "#shared/server/db/connect.ts";
import { newId } from "#shared/server/new-id.ts";

export interface NewMarket {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: string;
  readonly taxBasisPoints: number;
  readonly center: Point;
}

export interface Login {
  readonly email: string;
  readonly password: string;
}

/**
 * The one thing that the API cannot do: the first market and the first administrator, who makes all else. Safe to run twice:
 * what is there stays as it is.
 */
export async function openMarket(
  databaseUrl: string,
  { market, admin }: { readonly market: NewMarket; readonly admin: Login & { readonly name: string } },
): Promise<void> {
  const db = connectDb(databaseUrl, { max: 1, name: "tiffin-seed" });
  try {
    const createdAtMs = Date.now();
    const { center, ...facts } = market;
    await db.orm
      .insert(markets)
      .values({ ...facts, centerLat: center.lat, centerLng: center.lng, createdAtMs })
      .onConflictDoNothing();
    const personId = newId();
    const passwordHash = await hash(admin.password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
    await db.orm
      .insert(people)
      .values({ id: personId, email: admin.email, name: admin.name, passwordHash, createdAtMs })
      .onConflictDoNothing();
    const [person] = await db.orm.select({ id: people.id }).from(people).where(eq(people.email, admin.email));
    if (!person) throw new Error(`the account ${admin.email} was not written`);
    await db.orm
      .insert(personRoles)
      .values({ id: newId(), personId: person.id, role: "admin", marketId: market.id, restaurantId: null, createdAtMs })
      .onConflictDoNothing();
  } finally {
    await db.close();
  }
}
