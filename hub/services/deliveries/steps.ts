import { and, eq } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { DeliveryStatus } from "#shared/contracts/states.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { nextDeliveryStatus, nextOrderStatus, type Actor } from "#shared/domain/order/change.ts";
import {
  DELIVERY_STEPS,
  orderActionOf,
  returnedEnd,
  stepChange,
  unassignChange,
  type DeliveryStepName,
} from "#shared/domain/order/delivery-changes.ts";
import type { Moment } from "#shared/domain/order/kitchen-changes.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { MarketFacts } from "#shared/domain/pricing/price-order.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { applyChange, endUndelivered } from "#shared/server/life/life.ts";
import { lockOrder } from "#shared/server/life/load-order.ts";

import type { OrderDeps } from "../orders/order-deps.ts";
import { actorOf, answering, identityOf } from "../orders/who.ts";
import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";

type StepName = DeliveryStepName;
type StepCases = Pick<UseCases, StepName | "delivery.unassign">;

/**
 * The courier's work, step by step. Each may run twice: by its key it gets the stored answer, under another key an applied
 * step is answered and changes nothing; out of turn it is refused by the delivery's state. [DLV1-DLV4]
 */
export function stepUseCases(deps: OrderDeps): StepCases {
  const { uow, market, settings } = deps;

  function step(name: StepName) {
    return async (caller: Caller, input: ParsedInput<StepName>): Promise<SeenOrder> => {
      const seen = await uow.command(commandOf(caller, name, input), async (w) => {
        const { loaded, actor, answer } = await beginStep(w, caller, name, input);
        const to = nextDeliveryStatus(loaded, DELIVERY_STEPS[name].action);
        if (to === undefined) return answer(loaded);
        const facts = await market(w.tx, input.marketId);
        return answer(await takeStep(w, facts, loaded, actor, { name, to, at: { nowMs: w.nowMs, ...settings } }));
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
    "delivery.return": step("delivery.return"),

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

async function takeStep(
  w: Work,
  { eta }: MarketFacts,
  loaded: LoadedOrder,
  actor: Actor,
  { name, to, at }: { readonly name: StepName; readonly to: DeliveryStatus; readonly at: Moment },
) {
  const action = orderActionOf(name);
  const orderTo = action === undefined ? undefined : nextOrderStatus(loaded, action, actor);
  if (name === "delivery.return") return endUndelivered(w, eta, loaded, actor, returnedEnd(to, w.nowMs));
  return applyChange(w, eta, loaded, actor, stepChange(name, loaded, to, orderTo, at));
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
  const [found] = await w.tx
    .select({ orderId: deliveries.orderId })
    .from(deliveries)
    .where(and(eq(deliveries.marketId, input.marketId), eq(deliveries.id, input.deliveryId)));
  const loaded = found && (await lockOrder(w.tx, input.marketId, found.orderId));
  // A courier may repeat the last step: the delivery has ended by then, and is still the courier's own.
  const actor = loaded && actorOf(caller, name, loaded, { endedToo: true });
  if (!loaded || !actor) throw new Refusal("delivery.not-found", "no such delivery in your hands");
  return { loaded, actor, answer: answering(actor, loaded) };
}
