import { CATALOGUE, type CommandName } from "../../contracts/catalogue/catalogue.ts";
import type { Relation } from "../../contracts/catalogue/command.ts";
import { Refusal } from "../../contracts/errors.ts";
import type { Role } from "../../contracts/roles.ts";
import { holds, type Identity } from "./identity.ts";

/** What is known of the thing that a command touches, as far as rights need it. */
export interface Facts {
  readonly marketId?: string | undefined;
  readonly restaurantId?: string | undefined;
  readonly customerId?: string | undefined;
  /** The person behind the courier who holds the delivery, or to whom the offer was made. */
  readonly courierPersonId?: string | null | undefined;
}

/**
 * The first question, asked at the edge: may this identity ask for `name` at all, there? [RIG1]
 *
 * @throws {Refusal} `auth.missing` without an identity, `right.missing` when no role that it holds may
 */
export function mayCall(identity: Identity | undefined, name: CommandName, facts: Facts): void {
  const { rights } = CATALOGUE[name];
  if (rights === "public") return;
  if (!identity) throw new Refusal("auth.missing", "sign in first");
  const allowed = entriesOf(rights).some(([role, relation]) =>
    holds(identity, role, facts.marketId, relation === "staff" ? facts.restaurantId : undefined),
  );
  if (!allowed) throw new Refusal("right.missing", `none of your roles may ${name} here`);
}

/**
 * The second question, asked when the thing is known: in which role may this identity do it? [RIG2]
 *
 * @returns the role that it acts in, or undefined; the caller answers "not found", so that nobody learns what exists
 */
export function roleFor(identity: Identity, name: CommandName, facts: Facts): Role | undefined {
  const { rights } = CATALOGUE[name];
  if (rights === "public") return undefined;
  return entriesOf(rights).find(
    ([role, relation]) =>
      holds(identity, role, facts.marketId, facts.restaurantId) && stands(identity, relation, facts),
  )?.[0];
}

function stands(identity: Identity, relation: Relation, facts: Facts): boolean {
  switch (relation) {
    case "role":
    case "staff":
    case "self":
      return true;
    case "own":
      return facts.customerId === identity.personId;
    case "assigned":
    case "offered":
      return facts.courierPersonId === identity.personId;
  }
}

function entriesOf(rights: Readonly<Partial<Record<Role, Relation>>>): [Role, Relation][] {
  // Cast: entries() forgets the key type; the catalogue's type allows only roles as keys.
  return Object.entries(rights) as [Role, Relation][];
}
