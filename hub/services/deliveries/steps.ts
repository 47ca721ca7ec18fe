import { and, eq } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { nextDeliveryStatus, nextOrderStatus } from "#shared/domain/order/change.ts";
import {
  DELIVERY_STEPS,
  orderActionOf,
  returnedEnd,
  stepChange,
  unassignChange,
  type DeliveryStepName,
} from "#shared/domain/order/delivery-changes.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { applyChange, endUndelivered } from "#shared/server/life/life.ts";
import { lockOrder, type OrderWithLines } from "#shared/server/life/load-order.ts";

import type { CommandDeps } from "../orders/order-deps.ts";
import { actorOf, answering, identityOf } from "../orders/who.ts";
import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";

type StepName = DeliveryStepName;
type StepCases = Pick<UseCases, StepName | "delivery.unassign">;

/**
 * The courier's work, step by step. Each may run twice: by its key it gets the stored answer, under another key an applied
 * step is answered and changes nothing; out of turn it is refused by the delivery's state. [DLV1-DLV4]
 */
export function stepUseCases(deps: CommandDeps): StepCases {
  const { db, uow, orderCommands, market, settings } = deps;

  function step(name: Exclude<StepName, "delivery.return">) {
    return async (caller: Caller, input: ParsedInput<StepName>): Promise<SeenOrder> => {
      const { marketId } = input;
      const { eta } = await market(db.orm, marketId);
      // An order's delivery is another's never, so it may be asked for before the order is locked.
      const orderId = await orderIdOf(db.orm, input);
      const seen = await orderCommands.run(commandOf(caller, name, input), { marketId, orderId }, (w, found) => {
        const { loaded, actor, answer } = actingIn(found, caller, name);
        const to = nextDeliveryStatus(loaded, DELIVERY_STEPS[name].action);
        if (to === undefined) return answer(loaded);
        const action = orderActionOf(name);
        const orderTo = action === undefined ? undefined : nextOrderStatus(loaded, action, actor);
        const change = stepChange(name, loaded, to, orderTo, { nowMs: w.nowMs, ...settings });
        return answer(applyChange(w, eta, loaded, actor, change));
      });
      if (orderActionOf(name) !== undefined) deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "delivery.set-out": step("delivery.set-out"),
    "delivery.arrive-at-merchant": step("delivery.arrive-at-merchant"),
    "delivery.pick-up": step("delivery.pick-up"),
    "delivery.leave": step("delivery.leave"),
    "delivery.arrive-at-customer": step("delivery.arrive-at-customer"),
    "delivery.hand-over": step("delivery.hand-over"),
    "delivery.turn-back": step("delivery.turn-back"),
    "delivery.return": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "delivery.return", input), async (w) => {
        const { loaded, actor, answer } = await beginStep(w, caller, "delivery.return", input);
        const to = nextDeliveryStatus(loaded, DELIVERY_STEPS["delivery.return"].action);
        if (to === undefined) return answer(loaded);
        const { eta } = await market(w.tx, input.marketId);
        return answer(await endUndelivered(w, eta, loaded, actor, returnedEnd(to, w.nowMs)));
      });
      if (orderActionOf("delivery.return") !== undefined) deps.hintRound(input.marketId);
      return seen;
    },

    "delivery.unassign": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "delivery.unassign", input), async (w) => {
        const { loaded, actor, answer } = await beginStep(w, caller, "delivery.unassign", input);
        const courierId = loaded.delivery?.courierId;
        const to = nextDeliveryStatus(loaded, "unassign");
        if (to === undefined || !loaded.delivery || !courierId) return answer(loaded);
        const { eta } = await market(w.tx, input.marketId);
        const now = applyChange(w, eta, loaded, actor, unassignChange(loaded, to, courierId, input.reason));
        return answer(now);
      });
      deps.hintRound(input.marketId);
      return seen;
    },
  };
}

/**
 * Locks the delivery's order and finds out in which role the caller acts.
 *
 * @throws {Refusal} `delivery.not-found`
 */
export async function beginStep(
  w: Work,
  caller: Caller,
  name: StepName | "delivery.unassign" | "delivery.assign" | "delivery.pin",
  input: { readonly marketId: string; readonly deliveryId: string },
) {
  identityOf(caller);
  return actingIn(await lockOrder(w.tx, input.marketId, await orderIdOf(w.tx, input)), caller, name);
}

/** @throws {Refusal} `delivery.not-found` */
async function orderIdOf(tx: Tx, input: { readonly marketId: string; readonly deliveryId: string }): Promise<string> {
  const [found] = await tx
    .select({ orderId: deliveries.orderId })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, input.marketId), eq(deliveries.id, input.deliveryId)));
  if (!found) throw notFound();
  return found.orderId;
}

const notFound = () => new Refusal("delivery.not-found", "no such delivery in your hands");

function actingIn(loaded: OrderWithLines | undefined, caller: Caller, name: Parameters<typeof actorOf>[1]) {
  // A courier may repeat the last step: the delivery has ended by then, and is still the courier's own.
  const actor = loaded && actorOf(caller, name, loaded, { endedToo: true });
  if (!loaded || !actor) throw notFound();
  return { loaded, actor, answer: answering(actor, loaded) };
}
