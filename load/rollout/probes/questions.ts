import { randomUUID } from "node:crypto";

import { applyOrderEvent } from "#shared/client/merge.ts";
import type { HubClient } from "#shared/client/hub-client.ts";
import { makeApi, type Api } from "#shared/client/rest-client.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import type { ActorSession } from "../../actors/session.ts";
import type { ProbeOrders } from "./orders.ts";

/** Something that anybody may ask from outside; resolves to whether it was answered rightly. */
export interface Question {
  readonly name: string;
  readonly ask: (signal: AbortSignal) => Promise<boolean>;
}

/** What is asked over REST, reads and a write, and the one that goes through a socket. Each is sent once. [ROL9] */
export interface Questions {
  readonly rest: readonly Question[];
  readonly socket: Question;
}

const ADDRESSES = 8;
const ADDRESS = { line: "Probe street 1", instructions: "" };

/** @param totalMinor what the basket costs: the price stays, so another one is a wrong answer */
export function makeQuestions(orders: ProbeOrders, session: ActorSession, totalMinor: number): Questions {
  const { url, marketId, restaurantId, itemId, point } = orders;
  const api = makeApi({ baseUrl: url, token: session.token });
  // Several, so that no write waits for the one before.
  const addressIds = Array.from({ length: ADDRESSES }, () => randomUUID());
  let saved = 0;
  return {
    rest: [
      {
        name: "restaurants",
        async ask(signal) {
          const { restaurants } = await api.call("restaurants.near", { marketId, ...point }, { signal });
          return restaurants.some(({ id }) => id === restaurantId);
        },
      },
      {
        name: "quote",
        async ask(signal) {
          return (await api.call("quote.make", basketOf(orders), { signal })).price.totalMinor === totalMinor;
        },
      },
      {
        name: "health",
        async ask(signal) {
          const answer = await fetch(`${url}/healthz`, { signal });
          // Cast: the hub's own answer; anything else is not this.
          return answer.ok && ((await answer.json()) as { readonly ok?: unknown }).ok === true;
        },
      },
      {
        name: "menu",
        async ask(signal) {
          const menu = await api.call("menu.read", { marketId, restaurantId }, { signal });
          return menu.categories.some(({ items }) => items.some(({ id }) => id === itemId));
        },
      },
      {
        name: "address",
        async ask(signal) {
          saved += 1;
          const id = addressIds[saved % ADDRESSES] ?? "";
          const label = `probe ${saved}`;
          const answer = await api.call("address.save", { ...ADDRESS, id, label, point }, { signal });
          return answer.id === id && answer.label === label;
        },
      },
    ],
    socket: { name: "order", ask: (signal) => seenCancelled({ orders, api, session, totalMinor }, signal) },
  };
}

export function basketOf({ marketId, restaurantId, itemId }: ProbeOrders) {
  const lines = [{ itemId, quantity: 1 }];
  return { marketId, restaurantId, kind: "takeaway", drop: null, tipMinor: 0, lines } as const;
}

interface OrderQuestion {
  readonly orders: ProbeOrders;
  readonly api: Api;
  readonly session: ActorSession;
  readonly totalMinor: number;
}

/** Places an order, connects, watches it, cancels it, and is told so: a commit from outside to the watcher. */
async function seenCancelled(
  { orders, api, session, totalMinor }: OrderQuestion,
  signal: AbortSignal,
): Promise<boolean> {
  const { marketId } = orders;
  const order = await api.call("order.place", { ...basketOf(orders), expectedTotalMinor: totalMinor }, { signal });
  const hub = session.connect("customer");
  try {
    const watch = watchOrder(hub, marketId, order.id);
    const given = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => given.reject(signal.reason), { once: true });
    const first = await Promise.race([watch.first, given.promise]);
    const ref = { marketId, orderId: order.id };
    await api.call("order.cancel", { ...ref, reason: "only a probe" }, { signal });
    const last = await Promise.race([watch.cancelled, given.promise]);
    return first.status === "PENDING_PAYMENT" && last.id === order.id;
  } finally {
    hub.close();
  }
}

function watchOrder(hub: HubClient, marketId: string, id: string) {
  const first = Promise.withResolvers<SeenOrder>();
  const cancelled = Promise.withResolvers<SeenOrder>();
  // Nobody may be waiting yet, or any more.
  for (const { promise } of [first, cancelled]) promise.catch(() => undefined);
  let current: SeenOrder | undefined;
  const seen = (order: SeenOrder): void => {
    current = order;
    first.resolve(order);
    if (order.status === "CANCELLED") cancelled.resolve(order);
  };
  hub.watch(
    { marketId, kind: "order", id },
    {
      // Cast: the contract's snapshot of an order's stream.
      onSnapshot: (snapshot) => seen(snapshot as SeenOrder),
      onEvent: (event) => current && seen(applyOrderEvent(current, event)),
      onClosed: ({ detail }) => {
        first.reject(new Error(detail));
        cancelled.reject(new Error(detail));
      },
    },
  );
  return { first: first.promise, cancelled: cancelled.promise };
}
