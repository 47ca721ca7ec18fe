import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Role } from "#shared/contracts/roles.ts";
import { roleFor, type Facts } from "#shared/domain/rights/rights.ts";

import { identityOf } from "../orders/who.ts";
import type { Caller } from "../use-cases.ts";

/**
 * The role in which a caller administers a place.
 *
 * @throws {Refusal} `right.missing`
 */
export function actorFor(caller: Caller, name: CommandName, place: Pick<Facts, "marketId" | "restaurantId">): Role {
  const role = roleFor(identityOf(caller), name, place);
  if (!role) throw new Refusal("right.missing", `none of your roles may ${name} here`);
  return role;
}
