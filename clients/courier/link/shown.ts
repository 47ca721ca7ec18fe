import type { Point } from "#shared/contracts/geo.ts";
import type { CourierState, MoveSuggestion, SeenOrder } from "#shared/contracts/views.ts";
import { isThere } from "#shared/domain/dispatch/there.ts";
import { deliveryStep, type DeliveryAction } from "#shared/domain/order/machine.ts";

import { isDone, type StepName } from "../stops/next-step.ts";
import { deliveryOf, type Queued } from "./outbox.ts";

const ACTION: Readonly<Record<StepName, DeliveryAction>> = {
  "delivery.set-out": "set-out",
  "delivery.arrive-at-merchant": "arrive-at-merchant",
  "delivery.pick-up": "pick-up",
  "delivery.leave": "leave",
  "delivery.arrive-at-customer": "arrive-at-customer",
  "delivery.hand-over": "hand-over",
  "delivery.turn-back": "turn-back",
  "delivery.return": "return",
};

/**
 * The work as the courier sees it: what the hub has told, and on top of it what the courier has said since. The table of
 * the delivery's life decides what a step leads to; a step that it does not know here changes nothing. [CRP1, CRP2]
 */
export function shownWork(state: CourierState, queue: readonly Queued[]): SeenOrder[] {
  return state.work.map((order) => queue.reduce(withStep, order)).filter((order) => !isDone(order));
}

/** Whether an answer to this offer has been given and not been heard of yet. */
export function answerTo(offerId: string, queue: readonly Queued[]): "accept" | "decline" | undefined {
  const said = queue.find(
    ({ name, input }) =>
      (name === "offer.accept" || name === "offer.decline") && "offerId" in input && input.offerId === offerId,
  );
  if (!said) return undefined;
  return said.name === "offer.accept" ? "accept" : "decline";
}

/**
 * The suggestion that counts on this phone: not one whose time is over, which nobody says, nor one that was answered, nor the
 * way to where the courier is already. [CRP9]
 */
export function shownSuggestion(
  { suggestion, offer }: Pick<CourierState, "suggestion" | "offer">,
  queue: readonly Queued[],
  here: Point | null,
  nowMs: number,
): MoveSuggestion | undefined {
  if (!suggestion || offer || nowMs >= suggestion.expiresAtMs) return undefined;
  if (here && isThere(here, suggestion.point)) return undefined;
  const said = queue.some(({ input }) => "suggestionId" in input && input.suggestionId === suggestion.id);
  return said ? undefined : suggestion;
}

function withStep(order: SeenOrder, queued: Queued): SeenOrder {
  const { delivery } = order;
  if (!delivery || deliveryOf(queued) !== delivery.id) return order;
  if (queued.name === "delivery.unassign") return { ...order, delivery: { ...delivery, status: "PENDING" } };
  if (!isStep(queued.name)) return order;
  const step = deliveryStep(delivery.status, ACTION[queued.name]);
  return step.outcome === "move" ? { ...order, delivery: { ...delivery, status: step.to } } : order;
}

function isStep(name: Queued["name"]): name is StepName {
  return name in ACTION;
}
