import { deliveries } from "#drizzle/schema/deliveries.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { nextOrderStatus, type Actor } from "#shared/domain/order/change.ts";
import {
  delayChange,
  KITCHEN_ACTIONS,
  kitchenChange,
  plannedDelivery,
  type KitchenCommand,
} from "#shared/domain/order/kitchen-changes.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { OrderEta } from "#shared/domain/eta/order-eta.ts";
import { newId } from "#shared/server/new-id.ts";
import type { Work, Writing } from "#shared/server/db/unit-of-work.ts";
import { applyChange, endUndelivered, oweSettlement } from "#shared/server/life/life.ts";
import { lockOrder, type OrderWithLines } from "#shared/server/life/load-order.ts";

import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import type { CommandDeps } from "./order-deps.ts";
import { actorOf, answering, type Answer } from "./who.ts";

type OrderRef = { readonly marketId: string; readonly orderId: string };
type KitchenCases = Pick<UseCases, KitchenCommand | "order.delay" | "order.reject">;

/**
 * What a kitchen says of an order. Each may run twice: by its key it gets the stored answer, under another key an applied
 * action is answered and changes nothing. Late, it is refused by the order's state. [ORD1-ORD3]
 */
export function kitchenUseCases(deps: CommandDeps): KitchenCases {
  const { db, uow, orderCommands, market, settings } = deps;

  /** Says one thing of an order as somebody who may. */
  async function told<N extends Parameters<typeof actorOf>[1]>(
    caller: Caller,
    name: N,
    input: ParsedInput<N> & OrderRef,
    decide: (w: Writing, loaded: OrderWithLines, actor: Actor, eta: OrderEta) => LoadedOrder,
  ): Promise<SeenOrder> {
    const { eta } = await market(db.orm, input.marketId);
    return await orderCommands.run(commandOf(caller, name, input), input, (w, found) => {
      const { loaded, actor, answer } = actingIn(found, caller, name);
      return answer(decide(w, loaded, actor, eta));
    });
  }

  function moves<N extends Exclude<KitchenCommand, "order.confirm">>(name: N) {
    return async (caller: Caller, input: ParsedInput<N>): Promise<SeenOrder> => {
      const seen = await told(caller, name, input, (w, loaded, actor, eta) => {
        const to = nextOrderStatus(loaded, KITCHEN_ACTIONS[name], actor);
        if (to === undefined) return loaded;
        const change = kitchenChange(name, to, loaded, 0, { nowMs: w.nowMs, ...settings });
        return applyChange(w, eta, loaded, actor, change);
      });
      deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "order.confirm": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "order.confirm", input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, "order.confirm", input);
        const to = nextOrderStatus(loaded, KITCHEN_ACTIONS["order.confirm"], actor);
        if (to === undefined) return answer(loaded);
        const { eta } = await market(w.tx, input.marketId);
        const at = { nowMs: w.nowMs, ...settings };
        const change = kitchenChange("order.confirm", to, loaded, input.prepMinutes, at);
        if (loaded.order.kind === "delivery") {
          await w.tx.insert(deliveries).values(plannedDelivery(newId(), loaded, w.nowMs));
        }
        oweSettlement(w, loaded, "CONFIRMED");
        const current =
          change.delivery && !loaded.delivery ? await lockOrder(w.tx, input.marketId, input.orderId) : loaded;
        return answer(applyChange(w, eta, current ?? loaded, actor, change));
      });
      deps.hintRound(input.marketId);
      return seen;
    },
    "order.start": moves("order.start"),
    "order.ready": moves("order.ready"),
    "order.hand-out": moves("order.hand-out"),
    "order.delay": async (caller, input) =>
      await told(caller, "order.delay", input, (w, loaded, actor, eta) =>
        applyChange(w, eta, loaded, actor, delayChange(loaded, input.addMinutes, w.nowMs)),
      ),
    "order.reject": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "order.reject", input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, "order.reject", input);
        if (nextOrderStatus(loaded, "reject", actor) === undefined) return answer(loaded);
        const { eta } = await market(w.tx, input.marketId);
        const end = { status: "REJECTED", type: "order.rejected", reason: input.reason } as const;
        return answer(await endUndelivered(w, eta, loaded, actor, end));
      });
      return seen;
    },
  };
}

/**
 * Locks the order and finds out in which role the caller acts.
 *
 * @throws {Refusal} `order.not-found` for an order that is not there and for one that is not the caller's alike
 */
export async function begin(
  w: Work,
  caller: Caller,
  name: Parameters<typeof actorOf>[1],
  input: OrderRef,
): Promise<{ loaded: OrderWithLines; actor: Actor; answer: Answer }> {
  return actingIn(await lockOrder(w.tx, input.marketId, input.orderId), caller, name);
}

function actingIn(loaded: OrderWithLines | undefined, caller: Caller, name: Parameters<typeof actorOf>[1]) {
  const actor = loaded && actorOf(caller, name, loaded);
  if (!loaded || !actor) throw new Refusal("order.not-found", "no such order here");
  return { loaded, actor, answer: answering(actor, loaded) };
}
