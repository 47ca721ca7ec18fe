import { and, asc, eq, isNull, sql } from "drizzle-orm";

import { addresses, people, personRoles, sessions } from "#drizzle/schema/people.ts";
import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

import { newId } from "../new-id.ts";
import type { Tx } from "./connect.ts";

export type PersonRow = typeof people.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;

export async function personByEmail(tx: Tx, email: string): Promise<PersonRow | undefined> {
  const [row] = await tx
    .select()
    .from(people)
    .where(eq(sql`lower(${people.email})`, email.toLowerCase()));
  return row;
}

export async function personById(tx: Tx, id: string): Promise<PersonRow | undefined> {
  const [row] = await tx.select().from(people).where(eq(people.id, id));
  return row;
}

/** Opens an account. Undefined when the e-mail address has one, also when two ask at once. */
export async function insertPerson(tx: Tx, person: Omit<PersonRow, "id" | "disabled">): Promise<PersonRow | undefined> {
  const [row] = await tx
    .insert(people)
    .values({ ...person, id: newId() })
    .onConflictDoNothing()
    .returning();
  return row;
}

export async function rolesOf(tx: Tx, personId: string): Promise<HeldRole[]> {
  return tx
    .select({ role: personRoles.role, marketId: personRoles.marketId, restaurantId: personRoles.restaurantId })
    .from(personRoles)
    .where(eq(personRoles.personId, personId))
    .orderBy(asc(personRoles.id));
}

/** @returns false when the person holds the role already */
export async function grantRole(tx: Tx, personId: string, held: HeldRole, nowMs: number): Promise<boolean> {
  const rows = await tx
    .insert(personRoles)
    .values({ ...held, id: newId(), personId, createdAtMs: nowMs })
    .onConflictDoNothing()
    .returning({ id: personRoles.id });
  return rows.length > 0;
}

/** @returns false when the person did not hold it */
export async function revokeRole(tx: Tx, personId: string, held: HeldRole): Promise<boolean> {
  const rows = await tx
    .delete(personRoles)
    .where(
      and(
        eq(personRoles.personId, personId),
        eq(personRoles.role, held.role),
        held.marketId === null ? isNull(personRoles.marketId) : eq(personRoles.marketId, held.marketId),
        held.restaurantId === null ? isNull(personRoles.restaurantId) : eq(personRoles.restaurantId, held.restaurantId),
      ),
    )
    .returning({ id: personRoles.id });
  return rows.length > 0;
}

export async function insertSession(tx: Tx, session: SessionRow): Promise<void> {
  await tx.insert(sessions).values(session);
}

/** The session with its row lock, so that two refreshes take turns. */
export async function lockSession(tx: Tx, id: string): Promise<SessionRow | undefined> {
  const [row] = await tx.select().from(sessions).where(eq(sessions.id, id)).for("update");
  return row;
}

export async function changeSession(tx: Tx, id: string, change: Partial<SessionRow>): Promise<void> {
  await tx.update(sessions).set(change).where(eq(sessions.id, id));
}

/** A person's own addresses, oldest first. */
export async function addressesOf(tx: Tx, personId: string) {
  return tx
    .select()
    .from(addresses)
    .where(eq(addresses.personId, personId))
    .orderBy(asc(addresses.createdAtMs), asc(addresses.id));
}

export async function saveAddress(tx: Tx, row: typeof addresses.$inferInsert): Promise<void> {
  const { label, line, instructions, lat, lng } = row;
  await tx
    .insert(addresses)
    .values(row)
    .onConflictDoUpdate({ target: [addresses.personId, addresses.id], set: { label, line, instructions, lat, lng } });
}

export async function removeAddress(tx: Tx, personId: string, id: string): Promise<void> {
  await tx.delete(addresses).where(and(eq(addresses.personId, personId), eq(addresses.id, id)));
}

/** Who holds a role in the market, or in one restaurant of it; customers and couriers are not staff. */
export async function staffOf(tx: Tx, marketId: string, restaurantId?: string): Promise<StaffRow[]> {
  const rows = await tx
    .select({
      personId: people.id,
      name: people.name,
      email: people.email,
      role: personRoles.role,
      restaurantId: personRoles.restaurantId,
    })
    .from(personRoles)
    .innerJoin(people, eq(people.id, personRoles.personId))
    .where(
      and(
        eq(personRoles.marketId, marketId),
        ...(restaurantId === undefined ? [] : [eq(personRoles.restaurantId, restaurantId)]),
      ),
    )
    .orderBy(asc(people.name), asc(personRoles.id));
  return rows.flatMap(({ role, ...row }) => (role === "customer" || role === "courier" ? [] : [{ ...row, role }]));
}

export interface StaffRow {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Exclude<HeldRole["role"], "customer" | "courier">;
  readonly restaurantId: string | null;
}
