import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Role } from "#shared/contracts/roles.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import {
  grantRole,
  insertPerson,
  personByEmail,
  revokeRole,
  staffOf,
  type PersonRow,
} from "#shared/server/db/people.ts";
import { readRestaurant } from "#shared/server/db/restaurants.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";

import { commandOf } from "../command-of.ts";
import { identityOf } from "../orders/who.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import { actorFor } from "./actor-for.ts";
import type { AdministrationDeps } from "./deps.ts";

type StaffCases = Pick<UseCases, "staff.add" | "staff.list" | "staff.remove">;

/** Who may do what where. A role that was given twice is refused the second time under another key. [ADM8-ADM10] */
export function staffUseCases({ db, uow, passwords }: AdministrationDeps): StaffCases {
  return {
    "staff.add": async (caller, { password, ...input }) => {
      authorise(caller, "staff.add", input);
      // Before the transaction: a hash takes long, and nothing is locked meanwhile.
      const passwordHash = await passwords.hash(password);
      return uow.command(commandOf(caller, "staff.add", input), async (w) => {
        await restaurantThere(w.tx, input);
        const person = await personFor(w, { ...input, passwordHash });
        const { role, marketId, restaurantId } = input;
        if (!(await grantRole(w.tx, person.id, { role, marketId, restaurantId }, w.nowMs))) {
          throw new Refusal("account.exists", "this person holds the role already");
        }
        return { personId: person.id, name: person.name, email: person.email, role, restaurantId };
      });
    },

    "staff.list": async (caller, input) => {
      actorForAll(caller, input);
      await restaurantThere(db.orm, { ...input, restaurantId: input.restaurantId ?? null });
      return { staff: await staffOf(db.orm, input.marketId, input.restaurantId) };
    },

    "staff.remove": (caller, input) =>
      uow.command(commandOf(caller, "staff.remove", input), async (w) => {
        const actorRole = authorise(caller, "staff.remove", input);
        const { personId, role, marketId, restaurantId } = input;
        if (!(await revokeRole(w.tx, personId, { role, marketId, restaurantId }))) {
          throw new Refusal("menu.not-found", "this person does not hold the role here");
        }
        if (restaurantId !== null) {
          // Ends this person's watch of the restaurant, on every hub.
          const actorId = identityOf(caller).personId;
          w.append({
            marketId,
            type: "staff.removed",
            payload: { personId },
            actorRole,
            actorId,
            in: { restaurant: restaurantId },
          });
        }
        return {};
      }),
  };
}

/** Roles of a restaurant are given for one, and by its own people too; roles of the market by the operator alone. */
function authorise(
  caller: Caller,
  name: "staff.add" | "staff.remove",
  input: Pick<ParsedInput<"staff.remove">, "marketId" | "restaurantId" | "role">,
): Role {
  const ofRestaurant = input.role === "kitchen" || input.role === "restaurant_admin";
  if (ofRestaurant !== (input.restaurantId !== null)) {
    throw new Refusal(
      "payload.invalid",
      ofRestaurant ? "restaurantId: needed for this role" : "restaurantId: this role is not of one restaurant",
    );
  }
  const role = actorFor(caller, name, { marketId: input.marketId, restaurantId: input.restaurantId ?? undefined });
  if (!ofRestaurant && role !== "admin")
    throw new Refusal("right.missing", "only the operator gives and takes this role");
  return role;
}

/** A list of the whole market is the operator's. */
function actorForAll(caller: Caller, input: ParsedInput<"staff.list">): void {
  const role = actorFor(caller, "staff.list", input);
  if (input.restaurantId === undefined && role !== "admin") {
    throw new Refusal("right.missing", "name your restaurant; only the operator lists the whole market");
  }
}

async function restaurantThere(
  tx: Tx,
  place: { readonly marketId: string; readonly restaurantId: string | null },
): Promise<void> {
  if (place.restaurantId === null || (await readRestaurant(tx, place.marketId, place.restaurantId))) return;
  throw new Refusal("restaurant.not-found", "no such restaurant here");
}

/** The account of an e-mail address; a new one where there is none. An account that is there keeps its name and password. */
export async function personFor(
  { tx, nowMs }: Work,
  input: { readonly email: string; readonly name: string; readonly passwordHash: string },
): Promise<PersonRow> {
  const { email, name, passwordHash } = input;
  const opened = await insertPerson(tx, { email, name, passwordHash, phone: null, createdAtMs: nowMs });
  const person = opened ?? (await personByEmail(tx, email));
  if (!person) throw new Refusal("account.exists", "this account is just being opened; try again");
  return person;
}
