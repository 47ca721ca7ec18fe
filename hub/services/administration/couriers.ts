import { Refusal } from "#shared/contracts/errors.ts";
import { changeCourier, courierThere, couriersOf, insertCourier, shiftsOf } from "#shared/server/db/couriers.ts";
import { grantRole } from "#shared/server/db/people.ts";

import { commandOf } from "../command-of.ts";
import type { UseCases } from "../use-cases.ts";
import type { AdministrationDeps } from "./deps.ts";
import { personFor } from "./staff.ts";

type CourierCases = Pick<UseCases, "courier.create" | "courier.change" | "couriers.list" | "shifts.list">;

/** Couriers and their shifts, as the office sees them. [ADM11, ADM12] */
export function courierAdminUseCases({ db, uow, market, passwords }: AdministrationDeps): CourierCases {
  return {
    "courier.create": async (caller, { password, ...input }) => {
      // Before the transaction: a hash takes long, and nothing is locked meanwhile.
      const passwordHash = await passwords.hash(password);
      return uow.command(commandOf(caller, "courier.create", input), async (w) => {
        const { marketId, vehicle, capacity, email, name } = input;
        await market(w.tx, marketId);
        const person = await personFor(w, { email, name, passwordHash });
        const courier = await insertCourier(w.tx, {
          marketId,
          personId: person.id,
          name,
          vehicle,
          capacity,
          createdAtMs: w.nowMs,
        });
        if (!courier) throw new Refusal("account.exists", "this person is a courier here already");
        await grantRole(w.tx, person.id, { role: "courier", marketId, restaurantId: null }, w.nowMs);
        return courier;
      });
    },

    /** Run twice: the same values again. A suspended courier gets no more offers; what is in hand is finished. */
    "courier.change": (caller, input) =>
      uow.command(commandOf(caller, "courier.change", input), async ({ tx }) => {
        const { marketId, courierId, ...change } = input;
        const courier = await changeCourier(tx, marketId, courierId, change);
        if (!courier) throw new Refusal("courier.not-found", "no such courier here");
        return courier;
      }),

    "couriers.list": async (_caller, { marketId, cursor, limit }) => {
      const rows = await couriersOf(db.orm, marketId, { after: cursor, limit: limit + 1 });
      const couriers = rows.slice(0, limit);
      return { couriers, nextCursor: rows.length > limit ? (couriers.at(-1)?.id ?? null) : null };
    },

    "shifts.list": async (_caller, { marketId, courierId, limit }) => {
      if (!(await courierThere(db.orm, marketId, courierId))) {
        throw new Refusal("courier.not-found", "no such courier here");
      }
      return { shifts: await shiftsOf(db.orm, marketId, courierId, limit) };
    },
  };
}
