import { deliveries } from "#drizzle/schema/deliveries.ts";
import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import type { OrderAction } from "#shared/domain/order/machine.ts";
import { newId } from "#shared/server/new-id.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";
import {
  applyChange,
  endUndelivered,
  nextOrderStatus,
  oweSettlement,
  type Actor,
  type Change,
} from "#shared/server/life/life.ts";
import { lockOrder, type LoadedOrder } from "#shared/server/life/load-order.ts";

import { commandOf } from "../command-of.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import type { OrderDeps } from "./order-deps.ts";
import { actorOf, answer } from "./who.ts";

const MINUTE_MS = 60_000;

type KitchenCommand = "order.confirm" | "order.start" | "order.delay" | "order.ready" | "order.hand-out";
type KitchenCases = Pick<UseCases, KitchenCommand | "order.reject">;

/**
 * What a kitchen says of an order. Each may run twice: by its key it gets the stored answer, under another key an applied
 * action is answered and changes nothing. Late, it is refused by the order's state. [ORD1-ORD3]
 */
export function kitchenUseCases(deps: OrderDeps): KitchenCases {
  const { uow, market, settings } = deps;

  /** One action that moves the order along; `change` says what else is written with it. */
  function moves<N extends KitchenCommand>(
    name: N,
    action: OrderAction,
    change: (loaded: LoadedOrder, input: ParsedInput<N>, w: Work) => Promise<Partial<Change>> | Partial<Change>,
  ) {
    return async (caller: Caller, input: ParsedInput<N>): Promise<SeenOrder> => {
      const seen = await uow.command(commandOf(caller, name, input), async (w) => {
        const { loaded, actor } = await begin(w, caller, name, input);
        const to = nextOrderStatus(loaded, action, actor);
        if (to === undefined) return answer(w.tx, loaded, actor);
        const { eta } = await market(w.tx, input.marketId);
        const extra = await change(loaded, input, w);
        const current =
          extra.delivery && !loaded.delivery ? await lockOrder(w.tx, input.marketId, input.orderId) : loaded;
        const now = await applyChange(w, eta, current ?? loaded, actor, {
          type: `order.${to.toLowerCase()}`,
          ...extra,
          order: { status: to, ...extra.order },
        });
        return answer(w.tx, now, actor);
      });
      deps.hintRound(input.marketId);
      return seen;
    };
  }

  return {
    "order.confirm": moves("order.confirm", "confirm", async (loaded, input, w) => {
      const readyEstimateAtMs = w.nowMs + input.prepMinutes * MINUTE_MS;
      if (loaded.order.kind === "delivery") await planDelivery(w, loaded);
      oweSettlement(w, loaded, "CONFIRMED");
      return {
        order: { confirmedAtMs: w.nowMs, confirmByAtMs: null, readyEstimateAtMs },
        ...(loaded.order.kind === "delivery" ? { delivery: { status: "PENDING" } } : {}),
      };
    }),
    "order.start": moves("order.start", "start", () => ({})),
    "order.ready": moves("order.ready", "ready", (_loaded, _input, w) => ({
      order: { readyAtMs: w.nowMs, readyEstimateAtMs: w.nowMs },
    })),
    "order.hand-out": moves("order.hand-out", "hand-out", (loaded, _input, w) => {
      if (loaded.order.kind !== "takeaway") {
        throw new Refusal("order.illegal-action", "a courier hands this order over, not the restaurant");
      }
      return { order: { deliveredAtMs: w.nowMs, concludeAtMs: w.nowMs + settings.concludeAfterMs } };
    }),
    "order.delay": async (caller, input) =>
      uow.command(commandOf(caller, "order.delay", input), async (w) => {
        const { loaded, actor } = await begin(w, caller, "order.delay", input);
        const { order } = loaded;
        if (order.status !== "CONFIRMED" && order.status !== "PREPARING") {
          throw new Refusal("order.illegal-action", `cannot delay an order that is ${order.status}`);
        }
        const { eta } = await market(w.tx, input.marketId);
        const readyEstimateAtMs = Math.max(order.readyEstimateAtMs ?? w.nowMs, w.nowMs) + input.addMinutes * MINUTE_MS;
        const now = await applyChange(w, eta, loaded, actor, { type: "order.delayed", order: { readyEstimateAtMs } });
        return answer(w.tx, now, actor);
      }),
    "order.reject": async (caller, input) => {
      const seen = await uow.command(commandOf(caller, "order.reject", input), async (w) => {
        const { loaded, actor } = await begin(w, caller, "order.reject", input);
        if (nextOrderStatus(loaded, "reject", actor) === undefined) return answer(w.tx, loaded, actor);
        const { eta } = await market(w.tx, input.marketId);
        const end = { status: "REJECTED", type: "order.rejected", reason: input.reason } as const;
        return answer(w.tx, await endUndelivered(w, eta, loaded, actor, end), actor);
      });
      return seen;
    },
  };
}

/** The courier's work begins as a plan: PENDING until somebody accepts it. */
async function planDelivery(w: Work, { order }: LoadedOrder): Promise<void> {
  await w.tx.insert(deliveries).values({
    marketId: order.marketId,
    id: newId(),
    orderId: order.id,
    restaurantId: order.restaurantId,
    status: "PENDING",
    createdAtMs: w.nowMs,
  });
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
): Promise<{ loaded: LoadedOrder; actor: Actor }> {
  const loaded = await lockOrder(w.tx, input.marketId, input.orderId);
  const actor = loaded && actorOf(caller, name, loaded);
  if (!loaded || !actor) throw new Refusal("order.not-found", "no such order here");
  return { loaded, actor };
}
