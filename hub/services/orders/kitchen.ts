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
import { newId } from "#shared/server/new-id.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import { applyChange, endUndelivered, oweSettlement } from "#shared/server/life/life.ts";
import { lockOrder, type OrderWithLines } from "#shared/server/life/load-order.ts";

import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import type { OrderDeps } from "./order-deps.ts";
import { actorOf, answering, type Answer } from "./who.ts";

type KitchenCases = Pick<UseCases, KitchenCommand | "order.delay" | "order.reject">;

/**
 * What a kitchen says of an order. Each may run twice: by its key it gets the stored answer, under another key an applied
 * action is answered and changes nothing. Late, it is refused by the order's state. [ORD1-ORD3]
 */
export function kitchenUseCases(deps: OrderDeps): KitchenCases {
  const { uow, market, settings } = deps;

  function moves<N extends KitchenCommand>(name: N, before?: (loaded: LoadedOrder, w: Work) => Promise<void>) {
    return async (caller: Caller, input: ParsedInput<N>): Promise<SeenOrder> => {
      const seen = await uow.command(commandOf(caller, name, input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, name, input);
        const to = nextOrderStatus(loaded, KITCHEN_ACTIONS[name], actor);
        if (to === undefined) return answer(loaded);
        const { eta } = await market(w.tx, input.marketId);
        const change = kitchenChange(name, to, loaded, "prepMinutes" in input ? input.prepMinutes : 0, {
          nowMs: w.nowMs,
          ...settings,
        });
        await before?.(loaded, w);
        const current =
          change.delivery && !loaded.delivery ? await lockOrder(w.tx, input.marketId, input.orderId) : loaded;
        return answer(applyChange(w, eta, current ?? loaded, actor, change));
      });
      deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "order.confirm": moves("order.confirm", async (loaded, w) => {
      if (loaded.order.kind === "delivery") {
        await w.tx.insert(deliveries).values(plannedDelivery(newId(), loaded, w.nowMs));
      }
      oweSettlement(w, loaded, "CONFIRMED");
    }),
    "order.start": moves("order.start"),
    "order.ready": moves("order.ready"),
    "order.hand-out": moves("order.hand-out"),
    "order.delay": async (caller, input) =>
      uow.command(commandOf(caller, "order.delay", input), async (w) => {
        const { loaded, actor, answer } = await begin(w, caller, "order.delay", input);
        const change = delayChange(loaded, input.addMinutes, w.nowMs);
        const { eta } = await market(w.tx, input.marketId);
        return answer(applyChange(w, eta, loaded, actor, change));
      }),
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
  input: { readonly marketId: string; readonly orderId: string },
): Promise<{ loaded: OrderWithLines; actor: Actor; answer: Answer }> {
  const loaded = await lockOrder(w.tx, input.marketId, input.orderId);
  const actor = loaded && actorOf(caller, name, loaded);
  if (!loaded || !actor) throw new Refusal("order.not-found", "no such order here");
  return { loaded, actor, answer: answering(actor, loaded) };
}
