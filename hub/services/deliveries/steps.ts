import { and, eq } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import type { DeliveryAction, OrderAction } from "#shared/domain/order/machine.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import type { MarketFacts } from "#shared/server/life/etas.ts";
import {
  applyChange,
  endUndelivered,
  nextDeliveryStatus,
  nextOrderStatus,
  type Actor,
  type Change,
} from "#shared/server/life/life.ts";
import { lockOrder, type LoadedOrder } from "#shared/server/life/load-order.ts";

import type { OrderDeps, OrderSettings } from "../orders/order-deps.ts";
import { actorOf, answer, identityOf } from "../orders/who.ts";
import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";

type StepName =
  | "delivery.set-out"
  | "delivery.arrive-at-merchant"
  | "delivery.pick-up"
  | "delivery.leave"
  | "delivery.arrive-at-customer"
  | "delivery.hand-over"
  | "delivery.turn-back"
  | "delivery.return";
type StepCases = Pick<UseCases, StepName | "delivery.unassign">;

interface StepRow {
  readonly action: DeliveryAction;
  /** The order moves with the delivery, in one transaction. */
  readonly order?: OrderAction;
  readonly write: (nowMs: number, settings: OrderSettings) => Partial<Change>;
}

/** What each step writes beside the new state. */
const STEPS: Readonly<Record<StepName, StepRow>> = {
  "delivery.set-out": { action: "set-out", write: () => ({}) },
  "delivery.arrive-at-merchant": {
    action: "arrive-at-merchant",
    write: (nowMs) => ({ delivery: { arrivedAtMerchantAtMs: nowMs } }),
  },
  "delivery.pick-up": {
    action: "pick-up",
    order: "pick-up",
    write: (nowMs) => ({ order: { pickedUpAtMs: nowMs }, delivery: { pickedUpAtMs: nowMs } }),
  },
  "delivery.leave": { action: "leave", write: () => ({}) },
  "delivery.arrive-at-customer": {
    action: "arrive-at-customer",
    write: (nowMs) => ({ delivery: { arrivedAtCustomerAtMs: nowMs } }),
  },
  "delivery.hand-over": {
    action: "hand-over",
    order: "hand-over",
    write: (nowMs, { concludeAfterMs }) => ({
      order: { deliveredAtMs: nowMs, concludeAtMs: nowMs + concludeAfterMs },
      delivery: { deliveredAtMs: nowMs },
    }),
  },
  "delivery.turn-back": { action: "turn-back", write: () => ({}) },
  "delivery.return": { action: "return", order: "return", write: () => ({}) },
};

/**
 * The courier's work, step by step. Each may run twice: by its key it gets the stored answer, under another key an applied
 * step is answered and changes nothing; out of turn it is refused by the delivery's state. [DLV1-DLV4]
 */
export function stepUseCases(deps: OrderDeps): StepCases {
  const { uow, market, settings } = deps;

  function step(name: StepName) {
    return async (caller: Caller, input: ParsedInput<StepName>): Promise<SeenOrder> => {
      const seen = await uow.command(commandOf(caller, name, input), async (w) => {
        const { loaded, actor } = await beginStep(w, caller, name, input);
        const to = nextDeliveryStatus(loaded, STEPS[name].action);
        if (to === undefined) return answer(w.tx, loaded, actor);
        const facts = await market(w.tx, input.marketId);
        const written = STEPS[name].write(w.nowMs, settings);
        return answer(w.tx, await takeStep(w, facts, loaded, actor, name, { to, written }), actor);
      });
      if (STEPS[name].order !== undefined) deps.hintRound(input.marketId);
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
        const { loaded, actor } = await beginStep(w, caller, "delivery.unassign", input);
        const courierId = loaded.delivery?.courierId;
        const to = nextDeliveryStatus(loaded, "unassign");
        if (to === undefined || !loaded.delivery || !courierId) return answer(w.tx, loaded, actor);
        const { eta } = await market(w.tx, input.marketId);
        const excludedCourierIds = [...new Set([...loaded.delivery.excludedCourierIds, courierId])];
        const now = await applyChange(w, eta, loaded, actor, {
          type: "delivery.unassigned",
          delivery: {
            status: to,
            courierId: null,
            slot: null,
            stopOrder: null,
            assignedAtMs: null,
            arrivedAtMerchantAtMs: null,
            excludedCourierIds,
          },
          courierId,
          extra: { work: "removed", reason: { reason: input.reason } },
        });
        return answer(w.tx, now, actor);
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
  name: StepName,
  {
    to,
    written,
  }: { readonly to: NonNullable<ReturnType<typeof nextDeliveryStatus>>; readonly written: Partial<Change> },
) {
  const row = STEPS[name];
  const orderTo = row.order === undefined ? undefined : nextOrderStatus(loaded, row.order, actor);
  if (name === "delivery.return") {
    return endUndelivered(w, eta, loaded, actor, {
      status: "CANCELLED",
      type: "order.cancelled",
      reason: "The food could not be handed over and went back to the restaurant",
      delivery: { status: to, endedAtMs: w.nowMs },
      // What was cooked and carried is not given back by itself: support decides.
      refundMinor: 0,
    });
  }
  const handedOver = name === "delivery.hand-over";
  const now = await applyChange(w, eta, loaded, actor, {
    type: handedOver ? "order.delivered" : `delivery.${to.toLowerCase()}`,
    ...(orderTo === undefined ? {} : { order: { status: orderTo, ...written.order } }),
    // The food is in the customer's hands: the courier is free in the same moment.
    delivery: {
      status: handedOver ? "DELIVERY_FINISHED" : to,
      ...written.delivery,
      ...(handedOver ? { endedAtMs: w.nowMs } : {}),
    },
    ...(handedOver && loaded.delivery?.courierId ? { courierId: loaded.delivery.courierId } : {}),
    extra: { work: handedOver ? "removed" : "changed" },
  });
  return now;
}

/** Locks the delivery's order and finds out in which role the caller acts. */
async function beginStep(
  w: Work,
  caller: Caller,
  name: StepName | "delivery.unassign",
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
  return { loaded, actor };
}
