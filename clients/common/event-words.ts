import type { EventType } from "#shared/contracts/events.ts";

/** What happened, in words; to the customer, where it is said in others. */
interface Words {
  readonly said: string;
  readonly toCustomer?: string;
}

/** Every kind of event in words, once: a new kind without words does not compile. */
const EVENT_WORDS: Readonly<Record<EventType, Words>> = {
  "order.placed": { said: "Order placed" },
  "order.pending_payment": { said: "Waiting for the payment", toCustomer: "Waiting for your payment" },
  "order.created": { said: "Paid, and sent to the kitchen" },
  "order.confirmed": { said: "The kitchen has confirmed" },
  "order.preparing": { said: "The kitchen has begun to cook" },
  "order.delayed": { said: "The kitchen needs a little longer" },
  "order.ready": { said: "The food is ready" },
  "order.in_delivery": { said: "The food is on its way" },
  "order.delivered": { said: "Delivered" },
  "order.concluded": { said: "Concluded" },
  "order.rejected": { said: "The kitchen did not take it", toCustomer: "The kitchen could not take your order" },
  "order.cancelled": { said: "Cancelled" },
  "order.refund-decided": { said: "Money is to be given back", toCustomer: "You get money back" },
  "delivery.pending": { said: "Waiting for a courier" },
  "delivery.offered": { said: "Offered to a courier", toCustomer: "Asking a courier" },
  "delivery.accepted": { said: "A courier takes it" },
  "delivery.assigned": { said: "A dispatcher gave it to a courier", toCustomer: "A courier takes it" },
  "delivery.unassigned": { said: "Taken from its courier", toCustomer: "Another courier is looked for" },
  "delivery.pinned": { said: "A dispatcher looks after it" },
  "delivery.unpinned": { said: "Back in dispatch's hands", toCustomer: "It is looked after as usual again" },
  "delivery.pickup_ongoing": { said: "The courier rides to the restaurant" },
  "delivery.arrived_at_merchant": { said: "The courier is at the restaurant" },
  "delivery.order_picked": { said: "The courier has the food", toCustomer: "The courier has your food" },
  "delivery.delivery_ongoing": { said: "The courier rides to the customer", toCustomer: "The courier rides to you" },
  "delivery.arrived_at_customer": {
    said: "The courier is at the customer's door",
    toCustomer: "The courier is at your door",
  },
  "delivery.order_delivered": { said: "Handed over" },
  "delivery.delivery_finished": { said: "The courier is done" },
  "delivery.returning_to_merchant": { said: "The courier brings the food back" },
  "delivery.returned_to_merchant": { said: "The food is back at the restaurant" },
  "delivery.cancelled": { said: "The delivery is cancelled" },
  "payment.new": { said: "Payment begun" },
  "payment.pending": { said: "Payment under way" },
  "payment.authorized": { said: "Payment secured" },
  "payment.captured": { said: "Money taken", toCustomer: "Payment taken" },
  "payment.released": { said: "Money not taken", toCustomer: "Your money was not taken" },
  "payment.refunded": { said: "Money given back" },
  "eta.updated": { said: "New arrival time" },
  "offer.made": { said: "Offer made" },
  "offer.accepted": { said: "Offer taken" },
  "offer.declined": { said: "Offer declined" },
  "offer.expired": { said: "Offer not answered in time" },
  "offer.withdrawn": { said: "Offer taken back" },
  "suggestion.made": { said: "Advised to wait elsewhere" },
  "suggestion.arrived": { said: "Arrived where it was advised to wait" },
  "suggestion.dismissed": { said: "Does not go where it was advised" },
  "suggestion.off-duty": { said: "Advice over with the shift" },
  "suggestion.overtaken": { said: "Advice overtaken by an offer or work" },
  "shift.started": { said: "Shift begun" },
  "shift.ended": { said: "Shift over" },
  "restaurant.paused": { said: "Pause begun or ended" },
  "restaurant.changed": { said: "Restaurant changed" },
  "category.changed": { said: "Menu's parts changed" },
  "item.changed": { said: "Menu changed" },
  "item.archived": { said: "Taken off the menu" },
  "staff.removed": { said: "Somebody no longer works here" },
};

/** An event in words; a kind that this screen is too old for in its own: `order.new_kind` as "New kind". */
export function eventWords(type: string, to: "office" | "customer"): string {
  const known: Partial<Readonly<Record<string, Words>>> = EVENT_WORDS;
  const words = known[type];
  if (words) return to === "customer" ? (words.toCustomer ?? words.said) : words.said;
  const own = type.replace(/^(order|delivery)\./, "").replaceAll(/[-_.]/g, " ");
  return own.charAt(0).toUpperCase() + own.slice(1);
}
