import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { StoredEvent } from "#shared/contracts/streams.ts";
import type { OrderView } from "#shared/contracts/views.ts";
import { assert } from "#shared/lib/assert.ts";

/** Who stands on a stage. */
export type Who = "customer" | "stranger" | "kitchen" | "near" | "far" | "support";

/** A platform as a scene sees it: the real one over a store, or the one in memory. Both couriers are free when it begins. */
export interface Stage {
  readonly marketId: string;
  readonly restaurantId: string;
  readonly itemId: string;
  /** Asks at once; time stands still. */
  ask<N extends CommandName>(who: Who, name: N, input: CommandInput<N>, key?: string): Promise<CommandOutput<N>>;
  pay(clientSecret: string, card?: string): Promise<void>;
  /** Time goes on, and with it whatever the platform does by itself. */
  pass(forMs: number): Promise<void>;
  nowMs(): number;
  /** Every event so far, in the order in which they were committed. */
  events(): readonly StoredEvent[];
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
export const NEAR = { lat: -34.901, lng: -56.181 };
export const FAR = { lat: -34.93, lng: -56.2 };
const DROP = { lat: -34.905, lng: -56.175 };
/** 2 dishes 4000, fee 5 % 200, delivery 500 + 1 km started 100, tip 300. */
const TOTAL = 5_100;
/** The same without delivery and tip. */
const TAKEAWAY = 4_200;

type Couriers = "near" | "far";

/** What scenes do again and again. `told` collects what was refused, and with which code. */
function actsOn(stage: Stage, told: string[]) {
  const { marketId, restaurantId, itemId } = stage;

  async function refused(what: string, asked: Promise<unknown>): Promise<void> {
    const code = await asked.then(
      () => "nothing",
      (error: unknown) => (error instanceof Refusal ? error.code : "an error"),
    );
    told.push(`${what}: ${code}`);
  }

  function place(over: object = {}, key?: string) {
    const lines = [{ itemId, quantity: 2, optionIds: [], note: "" }];
    const drop = { drop: DROP, dropLine: "Door", dropInstructions: "" };
    const money = { tipMinor: 300, expectedTotalMinor: TOTAL };
    const basket = { marketId, restaurantId, kind: "delivery" as const, lines, note: "", ...drop, ...money, ...over };
    return stage.ask("customer", "order.place", basket, key);
  }

  /** Placed, paid, and seen by the kitchen. */
  async function created(over: object = {}) {
    const { id: orderId } = await place(over);
    const order = { marketId, orderId };
    const begun = await stage.ask("customer", "order.settle", order);
    await stage.pay(begun.payment?.clientSecret ?? "");
    await stage.ask("customer", "order.settle", order);
    return order;
  }

  async function confirmed(over: object = {}) {
    const order = await created(over);
    await stage.ask("kitchen", "order.confirm", { ...order, prepMinutes: 10 });
    await stage.pass(SECOND_MS);
    return order;
  }

  /** Time goes on until one of the couriers is asked. */
  async function offered() {
    for (let turn = 0; turn < 240; turn++) {
      for (const who of ["near", "far"] as const) {
        const { offer } = await stage.ask(who, "courier.read", { marketId });
        if (offer) return { who, offer: { marketId, offerId: offer.id } };
      }
      await stage.pass(10 * SECOND_MS);
    }
    throw new Error("nobody is asked in forty minutes");
  }

  async function accepted() {
    const { who, offer } = await offered();
    const state = await stage.ask(who, "offer.accept", offer);
    const deliveryId = state.work.at(-1)?.delivery?.id;
    assert(deliveryId, "a delivery in hand");
    return { who, delivery: { marketId, deliveryId } };
  }

  async function steps(who: Couriers, delivery: { marketId: string; deliveryId: string }, ...names: Step[]) {
    for (const name of names) await stage.ask(who, `delivery.${name}`, delivery);
  }

  async function cooked(order: { marketId: string; orderId: string }) {
    await stage.ask("kitchen", "order.start", order);
    await stage.ask("kitchen", "order.ready", order);
    await stage.pass(SECOND_MS);
  }

  return { refused, place, created, confirmed, offered, accepted, steps, cooked, marketId };
}

type Step =
  | "set-out"
  | "arrive-at-merchant"
  | "pick-up"
  | "leave"
  | "arrive-at-customer"
  | "hand-over"
  | "turn-back"
  | "return";
type Acts = ReturnType<typeof actsOn>;

/** One story each, played one after the other on one stage. */
const SCENES: Readonly<Record<string, (stage: Stage, acts: Acts) => Promise<void>>> = {
  "both couriers go on duty": async (stage, { marketId, refused }) => {
    const endsAtMs = stage.nowMs() + 1_000 * 60 * MINUTE_MS;
    await refused(
      "a shift that ends before it begins",
      stage.ask("near", "shift.start", { marketId, endsAtMs: 1, point: NEAR }),
    );
    await refused("no shift to end", stage.ask("near", "shift.end", { marketId }));
    await stage.ask("near", "shift.start", { marketId, endsAtMs, point: NEAR });
    await stage.ask("far", "shift.start", { marketId, endsAtMs, point: FAR });
    await stage.ask("far", "shift.start", { marketId, endsAtMs, point: FAR });
    await refused("a customer's shift", stage.ask("customer", "courier.read", { marketId }));
  },

  "placed, cooked, carried, handed over, concluded": async (stage, acts) => {
    const order = await acts.confirmed();
    const { who, delivery } = await acts.accepted();
    await acts.refused("off duty with work in hand", stage.ask(who, "shift.end", { marketId: acts.marketId }));
    await acts.steps(who, delivery, "set-out", "arrive-at-merchant");
    await acts.refused("picked up raw", stage.ask(who, "delivery.pick-up", delivery));
    await acts.cooked(order);
    await acts.refused(
      "somebody else's delivery",
      stage.ask(who === "near" ? "far" : "near", "delivery.pick-up", delivery),
    );
    await acts.steps(who, delivery, "pick-up", "leave");
    await acts.refused("too late to unassign", stage.ask(who, "delivery.unassign", { ...delivery, reason: "Tired" }));
    await acts.steps(who, delivery, "arrive-at-customer", "hand-over", "hand-over");
    await stage.pass(61 * MINUTE_MS);
    await acts.refused("cancelled when it is over", stage.ask("support", "order.cancel", { ...order, reason: "Late" }));
  },

  "rejected by the kitchen": async (stage, acts) => {
    const order = await acts.created();
    await acts.refused("started before it is confirmed", stage.ask("kitchen", "order.start", order));
    await stage.ask("kitchen", "order.reject", { ...order, reason: "Out of gas" });
    await stage.pass(SECOND_MS);
    await acts.refused("confirmed after all", stage.ask("kitchen", "order.confirm", { ...order, prepMinutes: 5 }));
  },

  "the kitchen does not answer": async (stage, acts) => {
    await acts.created();
    await stage.pass(6 * MINUTE_MS);
  },

  "never paid, and paid too late": async (stage, acts) => {
    const { id: orderId } = await acts.place();
    const begun = await stage.ask("customer", "order.settle", { marketId: acts.marketId, orderId });
    await stage.pass(16 * MINUTE_MS);
    await acts.refused("paid too late", stage.pay(begun.payment?.clientSecret ?? ""));
    await stage.ask("customer", "order.settle", { marketId: acts.marketId, orderId });
  },

  "a card that is declined, and another": async (stage, acts) => {
    const { id: orderId } = await acts.place();
    const order = { marketId: acts.marketId, orderId };
    const secret = (await stage.ask("customer", "order.settle", order)).payment?.clientSecret ?? "";
    await acts.refused("a bad card", stage.pay(secret, "pm_card_chargeDeclined"));
    await stage.ask("customer", "order.settle", order);
    await stage.pay(secret, "pm_card_mastercard");
    await stage.ask("customer", "order.settle", order);
    await stage.ask("customer", "order.cancel", { ...order, reason: "Too slow" });
    await stage.pass(SECOND_MS);
  },

  "declined, asked elsewhere, expired, asked again, given back, cancelled by the office": async (stage, acts) => {
    const order = await acts.confirmed();
    const first = await acts.offered();
    await stage.ask(first.who, "offer.decline", { ...first.offer, reason: "Too far" });
    await acts.refused("accepted after all", stage.ask(first.who, "offer.accept", first.offer));
    const second = await acts.offered();
    await acts.refused("somebody else's offer", stage.ask(first.who, "offer.accept", second.offer));
    await stage.pass(40 * SECOND_MS);
    await acts.refused("too late", stage.ask(second.who, "offer.accept", second.offer));
    await acts.refused("declined too late", stage.ask(second.who, "offer.decline", { ...second.offer, reason: "" }));
    const { who, delivery } = await acts.accepted();
    await stage.ask(who, "delivery.unassign", { ...delivery, reason: "Flat tyre" });
    await stage.ask("kitchen", "order.start", order);
    await acts.refused(
      "cancelled when it is on the stove",
      stage.ask("customer", "order.cancel", { ...order, reason: "No" }),
    );
    await stage.ask("support", "order.cancel", { ...order, reason: "Spilled", refundMinor: 2_000 });
    await stage.pass(SECOND_MS);
  },

  "cancelled by the customer before the stove is on": async (stage, acts) => {
    const order = await acts.confirmed();
    await acts.refused("somebody else's order", stage.ask("stranger", "order.cancel", { ...order, reason: "Mine" }));
    await stage.ask("customer", "order.cancel", { ...order, reason: "Changed my mind" });
    await stage.ask("customer", "order.cancel", { ...order, reason: "Changed my mind" });
    await stage.pass(SECOND_MS);
  },

  "take-away, late": async (stage, acts) => {
    const takeaway = { kind: "takeaway", drop: null, dropLine: "", tipMinor: 0, expectedTotalMinor: TAKEAWAY };
    const order = await acts.confirmed(takeaway);
    await stage.ask("kitchen", "order.delay", { ...order, addMinutes: 5 });
    await stage.ask("kitchen", "order.start", order);
    await stage.ask("kitchen", "order.delay", { ...order, addMinutes: 5 });
    await acts.refused("handed out raw", stage.ask("kitchen", "order.hand-out", order));
    await stage.ask("kitchen", "order.ready", order);
    await acts.refused("late when it is ready", stage.ask("kitchen", "order.delay", { ...order, addMinutes: 5 }));
    await stage.ask("kitchen", "order.hand-out", order);
    await stage.ask("support", "order.refund", { ...order, amountMinor: 1_000, reason: "Cold" });
    await acts.refused(
      "more than it cost",
      stage.ask("support", "order.refund", { ...order, amountMinor: 9_000, reason: "?" }),
    );
    await stage.pass(61 * MINUTE_MS);
  },

  "nobody at the door: back to the restaurant": async (stage, acts) => {
    const order = await acts.confirmed();
    const { who, delivery } = await acts.accepted();
    await acts.refused("a courier's order handed out", stage.ask("kitchen", "order.hand-out", order));
    await acts.steps(who, delivery, "set-out", "arrive-at-merchant");
    await acts.cooked(order);
    await acts.refused("a courier's order handed out", stage.ask("kitchen", "order.hand-out", order));
    await acts.steps(who, delivery, "pick-up", "leave", "arrive-at-customer", "turn-back", "return");
    await stage.pass(SECOND_MS);
  },

  "keys and prices": async (stage, acts) => {
    const first = await acts.place({}, "the same key");
    const again = await acts.place({}, "the same key");
    assert(first.id === again.id, "the same key is the same order");
    await acts.refused("another body under it", acts.place({ note: "Other" }, "the same key"));
    await acts.refused("another price", acts.place({ expectedTotalMinor: TOTAL - 1 }));
    await acts.refused("too far", acts.place({ drop: { lat: -35.5, lng: -56.18 } }));
    await acts.refused(
      "a dish of elsewhere",
      acts.place({ lines: [{ itemId: stage.marketId === "" ? "" : first.id, quantity: 1, optionIds: [], note: "" }] }),
    );
    await acts.refused(
      "no such order",
      stage.ask("customer", "order.read", { marketId: acts.marketId, orderId: stage.itemId }),
    );
    await acts.refused(
      "no such offer",
      stage.ask("near", "offer.accept", { marketId: acts.marketId, offerId: stage.itemId }),
    );
    await acts.refused(
      "no such delivery",
      stage.ask("near", "delivery.leave", { marketId: acts.marketId, deliveryId: stage.itemId }),
    );
    await stage.ask("customer", "order.cancel", { marketId: acts.marketId, orderId: first.id, reason: "Enough" });
    await stage.pass(SECOND_MS);
  },
};

/** An event as both platforms must tell it: nothing of its ids and times, all of its places and states. */
function lineOf({ type, actorRole, orderSeq, restaurantSeq, courierSeq, payload }: StoredEvent): string {
  // Cast: the contract's patch of an order.
  const order = payload["order"] as Partial<OrderView> | undefined;
  const states = [order?.status, order?.delivery?.status, order?.payment?.status]
    .map((state) => state ?? "-")
    .join(" ");
  const parts = Object.keys(payload).toSorted().join();
  return `${type} by ${actorRole} at ${orderSeq}/${restaurantSeq}/${courierSeq}: ${states} {${parts}} {${fieldsOf(order)}}`;
}

function fieldsOf(order: object | undefined): string {
  return Object.keys(order ?? {})
    .toSorted()
    .join();
}

/** Plays every scene, and says what was told and refused in each. */
export async function playScenes(stage: Stage): Promise<Record<string, readonly string[]>> {
  const transcript: Record<string, readonly string[]> = {};
  for (const [name, play] of Object.entries(SCENES)) {
    const told: string[] = [];
    const from = stage.events().length;
    await play(stage, actsOn(stage, told));
    transcript[name] = [...told, ...stage.events().slice(from).map(lineOf)];
  }
  return transcript;
}
