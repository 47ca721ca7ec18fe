import { Refusal } from "../../contracts/errors.ts";
import { reached } from "../../contracts/events.ts";
import type { DeliveryStatus, OrderStatus } from "../../contracts/states.ts";
import type { OrderLine } from "../../contracts/views.ts";
import { earlierWork, type HeldWork } from "../eta/earlier-work.ts";
import { nextDeliveryStatus, type Change, type UndeliveredEnd } from "./change.ts";
import type { Moment } from "./kitchen-changes.ts";
import type { DeliveryAction, OrderAction } from "./machine.ts";
import { orderViewOf } from "./order-view.ts";
import type { CourierRecord, DeliveryRecord, LoadedOrder } from "./records.ts";

interface StepRow {
  readonly action: DeliveryAction;
  /** The order moves with the delivery, in one transaction. */
  readonly order?: OrderAction;
  readonly write: (at: Moment) => Partial<Change>;
}

/** What each step of a courier's work writes beside the new state. */
export const DELIVERY_STEPS = {
  "delivery.set-out": { action: "set-out", write: () => ({}) },
  "delivery.arrive-at-merchant": {
    action: "arrive-at-merchant",
    write: ({ nowMs }) => ({ delivery: { arrivedAtMerchantAtMs: nowMs } }),
  },
  "delivery.pick-up": {
    action: "pick-up",
    order: "pick-up",
    write: ({ nowMs }) => ({ order: { pickedUpAtMs: nowMs }, delivery: { pickedUpAtMs: nowMs } }),
  },
  "delivery.leave": { action: "leave", write: () => ({}) },
  "delivery.arrive-at-customer": {
    action: "arrive-at-customer",
    write: ({ nowMs }) => ({ delivery: { arrivedAtCustomerAtMs: nowMs } }),
  },
  "delivery.hand-over": {
    action: "hand-over",
    order: "hand-over",
    write: ({ nowMs, concludeAfterMs }) => ({
      order: { deliveredAtMs: nowMs, concludeAtMs: nowMs + concludeAfterMs },
      delivery: { deliveredAtMs: nowMs },
    }),
  },
  "delivery.turn-back": { action: "turn-back", write: () => ({}) },
  "delivery.return": { action: "return", order: "return", write: () => ({}) },
} as const satisfies Readonly<Record<string, StepRow>>;
export type DeliveryStepName = keyof typeof DELIVERY_STEPS;

/** The order's action that goes with a step, when one does. */
export function orderActionOf(name: DeliveryStepName): OrderAction | undefined {
  const row: StepRow = DELIVERY_STEPS[name];
  return row.order;
}

/**
 * One step of the courier's work, as it is to be written and told.
 *
 * @param to where the delivery goes
 * @param orderTo where the order goes with it, when it does
 */
export function stepChange(
  name: DeliveryStepName,
  loaded: LoadedOrder,
  to: DeliveryStatus,
  orderTo: OrderStatus | undefined,
  at: Moment,
): Change {
  const row: StepRow = DELIVERY_STEPS[name];
  const written = row.write(at);
  const handedOver = name === "delivery.hand-over";
  return {
    type: handedOver ? "order.delivered" : reached("delivery", to),
    ...(orderTo === undefined ? {} : { order: { status: orderTo, ...written.order } }),
    // The food is in the customer's hands: the courier is free in the same moment.
    delivery: {
      status: handedOver ? "DELIVERY_FINISHED" : to,
      ...written.delivery,
      ...(handedOver ? { endedAtMs: at.nowMs } : {}),
    },
    ...(handedOver && loaded.delivery?.courierId ? { courierId: loaded.delivery.courierId } : {}),
    extra: { work: handedOver ? "removed" : "changed" },
  };
}

/** The food came back to the restaurant. What was cooked and carried is not given back by itself: support decides. */
export function returnedEnd(to: DeliveryStatus, nowMs: number): UndeliveredEnd {
  return {
    status: "CANCELLED",
    type: "order.cancelled",
    reason: "The food could not be handed over and went back to the restaurant",
    delivery: { status: to, endedAtMs: nowMs },
    refundMinor: 0,
  };
}

/** Taken from its courier before pick-up: it is open again, for others. */
export function unassignChange(loaded: LoadedOrder, to: DeliveryStatus, courierId: string, reason: string): Change {
  return {
    type: "delivery.unassigned",
    delivery: {
      status: to,
      courierId: null,
      slot: null,
      stopOrder: null,
      assignedAtMs: null,
      arrivedAtMerchantAtMs: null,
      excludedCourierIds: [...new Set([...(loaded.delivery?.excludedCourierIds ?? []), courierId])],
    },
    courierId,
    extra: { work: "removed", reason: { reason } },
  };
}

/** What a courier has in hand already. */
export interface InHand extends HeldWork {
  readonly delivery: HeldWork["delivery"] & Pick<DeliveryRecord, "slot" | "stopOrder">;
}

/**
 * Gives an offer's deliveries to its courier, each with a slot of its own, after what is in hand already.
 *
 * @param loaded in drop-off order
 * @param held in the order of stops
 * @returns one change for each, with the order that it is a change of
 * @throws {Refusal} `offer.closed` when one of them is no longer open
 */
export function acceptChanges(
  courier: CourierRecord,
  loaded: readonly LoadedOrder[],
  linesOf: (orderId: string) => readonly OrderLine[],
  held: readonly InHand[],
  nowMs: number,
): { readonly loaded: LoadedOrder; readonly change: Change }[] {
  const top = (of: "slot" | "stopOrder") => Math.max(0, ...held.map(({ delivery }) => delivery[of] ?? 0));
  const [topSlot, topStop] = [top("slot"), top("stopOrder")];
  const earlier = held.map(earlierWork);
  return loaded.map((each, index) => {
    if (nextDeliveryStatus(each, "accept") === undefined || !each.delivery) {
      throw new Refusal("offer.closed", "a delivery of the offer is no longer open");
    }
    const delivery = {
      status: "ACCEPTED" as const,
      courierId: courier.id,
      slot: topSlot + 1 + index,
      stopOrder: topStop + 1 + index,
      version: each.delivery.version + 1,
      assignedAtMs: nowMs,
    };
    const taken = { ...each, courier, delivery: { ...each.delivery, ...delivery } };
    const { seq: _, payment: _payment, ...whole } = orderViewOf(taken, linesOf(each.order.id), 0);
    const change = { type: "delivery.accepted" as const, delivery, whole, extra: { work: "added" } };
    const first = [...earlier];
    earlier.push(earlierWork(taken));
    return { loaded: { ...each, courier, earlier: first }, change };
  });
}

/** A dispatcher gives a delivery to a courier: told as such, with why, where the courier's own accept would be told. */
export function assignedByHand(courierId: string, reason: string): (accepted: Change) => Change {
  return (accepted) => ({
    ...accepted,
    type: "delivery.assigned",
    extra: { ...accepted.extra, reason: { reason, courierId } },
  });
}

/**
 * Takes a delivery out of dispatch's hands, or gives it back.
 *
 * @returns undefined when that is so already
 * @throws {Refusal} `delivery.illegal-action` when it has ended, or there is none
 */
export function pinChange(loaded: LoadedOrder, pinned: boolean, reason: string, nowMs: number): Change | undefined {
  const { delivery } = loaded;
  if (!delivery || delivery.endedAtMs !== null) {
    throw new Refusal("delivery.illegal-action", "cannot pin a delivery that has ended or was never planned");
  }
  if ((delivery.pinnedAtMs !== null) === pinned) return undefined;
  return {
    type: pinned ? "delivery.pinned" : "delivery.unpinned",
    delivery: { pinnedAtMs: pinned ? nowMs : null },
    extra: { work: "changed", reason: { reason } },
  };
}
