import { Refusal } from "#shared/contracts/errors.ts";
import type { accountCommands } from "#shared/contracts/catalogue/accounts.ts";
import {
  addressesOf,
  grantRole,
  insertPerson,
  personByEmail,
  personById,
  removeAddress,
  rolesOf,
  saveAddress,
} from "#shared/server/db/people.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { Db } from "#shared/server/db/connect.ts";

import type { Passwords } from "../../auth/passwords.ts";
import { commandOf } from "../command-of.ts";
import { identityOf } from "../orders/who.ts";
import type { UseCases } from "../use-cases.ts";
import type { Sessions } from "./sessions.ts";

export interface AccountDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
}

/** Accounts, sessions and addresses. [ACC1-ACC10] */
export function accountUseCases(deps: AccountDeps): Pick<UseCases, keyof typeof accountCommands> {
  const { db, uow, passwords, sessions } = deps;
  return {
    /** Run twice: the second finds the address taken. */
    "account.register": async (_caller, { password, ...input }) => {
      const passwordHash = await passwords.hash(password);
      return uow.run(async ({ tx, nowMs }) => {
        const person = await insertPerson(tx, { ...input, passwordHash, createdAtMs: nowMs });
        if (!person) throw new Refusal("account.exists", "this e-mail address has an account; sign in");
        await grantRole(tx, person.id, { role: "customer", marketId: null, restaurantId: null }, nowMs);
        return sessions.open(tx, person);
      });
    },

    /** Run twice: two sessions, each with tokens of its own. */
    "session.open": async (_caller, input) => {
      const person = await personByEmail(db.orm, input.email);
      const same = await passwords.matches(input.password, person?.passwordHash);
      if (!person || !same || person.disabled) {
        throw new Refusal("auth.wrong-credentials", "no account has this e-mail address and password");
      }
      return db.orm.transaction((tx) => sessions.open(tx, person));
    },

    /** Run twice within 10 s: the same next refresh token. */
    "session.refresh": (_caller, input) => sessions.refresh(input.refreshToken),

    "session.close": (caller, input) =>
      uow.command(commandOf(caller, "session.close", input), async ({ tx }) => {
        await sessions.close(tx, identityOf(caller).sessionId);
        return {};
      }),

    "me.read": async (caller) => {
      const { personId } = identityOf(caller);
      const [person, roles] = await Promise.all([personById(db.orm, personId), rolesOf(db.orm, personId)]);
      if (!person) throw new Refusal("auth.missing", "this account is gone");
      return { id: person.id, name: person.name, email: person.email, roles };
    },

    "addresses.list": async (caller) => {
      const rows = await addressesOf(db.orm, identityOf(caller).personId);
      return {
        addresses: rows.map(({ id, label, line, instructions, lat, lng }) => ({
          id,
          label,
          line,
          instructions,
          point: { lat, lng },
        })),
      };
    },

    /** Run twice under two keys: the same row with the same values. */
    "address.save": (caller, input) =>
      uow.command(commandOf(caller, "address.save", input), async ({ tx, nowMs }) => {
        const { point, ...rest } = input;
        await saveAddress(tx, { ...rest, ...point, personId: identityOf(caller).personId, createdAtMs: nowMs });
        return input;
      }),

    /** Run twice: an address that is not there is removed already. */
    "address.remove": (caller, input) =>
      uow.command(commandOf(caller, "address.remove", input), async ({ tx }) => {
        await removeAddress(tx, identityOf(caller).personId, input.id);
        return {};
      }),
  };
}
