import { and, eq } from "drizzle-orm";

import { couriers } from "#drizzle/schema/restaurants.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { nextDeliveryStatus } from "#shared/domain/order/change.ts";
import { assignedByHand, pinChange } from "#shared/domain/order/delivery-changes.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { openShift } from "#shared/server/life/courier-state.ts";
import { applyChange, withdrawOffers } from "#shared/server/life/life.ts";
import { endSuggestion } from "#shared/server/life/suggestions.ts";

import { commandOf } from "../command-of.ts";
import type { OrderDeps } from "../orders/order-deps.ts";
import type { UseCases } from "../use-cases.ts";
import { assign } from "./assign.ts";
import type { CourierRow } from "./courier.ts";
import { beginStep } from "./steps.ts";

type DispatcherCases = Pick<UseCases, "delivery.assign" | "delivery.pin">;

/** What a dispatcher decides by hand; the next round finds it so. [DSP26, DSP27] */
export function dispatcherUseCases(deps: OrderDeps): DispatcherCases {
  const { uow, market } = deps;
  return {
    "delivery.assign": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "delivery.assign", input), async (w) => {
        const { loaded, actor, answer } = await beginStep(w, caller, "delivery.assign", input);
        if (hasCourier(loaded, input.courierId)) return answer(loaded);
        nextDeliveryStatus(loaded, "accept");
        const courier = await lockOnDuty(w, input.marketId, input.courierId);
        await withdrawOffers(w, loaded, actor);
        await endSuggestion(w, courier, "overtaken", actor);
        const { eta } = await market(w.tx, input.marketId);
        const by = assignedByHand(courier.id, input.reason);
        const [now = loaded] = await assign(w, eta, courier, actor, [loaded], by);
        return answer(now);
      });
      deps.hintRound(input.marketId);
      return seen;
    },

    "delivery.pin": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "delivery.pin", input), async (w) => {
        const { loaded, actor, answer } = await beginStep(w, caller, "delivery.pin", input);
        const change = pinChange(loaded, input.pinned, input.reason, w.nowMs);
        if (!change) return answer(loaded);
        if (input.pinned) await withdrawOffers(w, loaded, actor);
        const { eta } = await market(w.tx, input.marketId);
        return answer(applyChange(w, eta, loaded, actor, change));
      });
      deps.hintRound(input.marketId);
      return seen;
    },
  };
}

/**
 * Whether the courier has it already, however far on the way.
 *
 * @throws {Refusal} `delivery.illegal-action` when somebody else has it
 */
function hasCourier({ delivery }: LoadedOrder, courierId: string): boolean {
  if (!delivery?.courierId || delivery.endedAtMs !== null) return false;
  if (delivery.courierId === courierId) return true;
  throw new Refusal("delivery.illegal-action", "another courier has it: take it away first");
}

/**
 * A courier who can be given work, locked: shifts and assignments of one courier wait for each other.
 *
 * @throws {Refusal} `courier.not-found`, `shift.illegal-action`
 */
async function lockOnDuty(w: Work, marketId: string, courierId: string): Promise<CourierRow> {
  const [courier] = await w.tx
    .select()
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.id, courierId)))
    .for("update");
  if (!courier?.active) throw new Refusal("courier.not-found", "no such courier in this market");
  if (!(await openShift(w.tx, marketId, courierId))) {
    throw new Refusal("shift.illegal-action", "the courier is not on duty");
  }
  return courier;
}
