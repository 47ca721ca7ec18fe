import { Refusal } from "#shared/contracts/errors.ts";
import type { HubClient } from "#shared/client/hub-client.ts";
import { applyRestaurantEvent, type RestaurantState } from "#shared/client/merge.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { mayAskAgain } from "./later.ts";
import { watchRecorded, type Recorder } from "./recorder.ts";
import type { ActorSession } from "./session.ts";

/** What the kitchen will do with an order, in deployment time (epoch ms). */
export interface KitchenPlan {
  readonly confirmAtMs: number;
  /** The order is not taken, for this reason; at the time at which it would have been confirmed. */
  readonly rejectReason?: string;
  readonly prepMinutes: number;
  readonly startAtMs: number;
  readonly readyAtMs: number;
  /** Take-away only: when the customer comes for it. */
  readonly handOutAtMs: number;
}

export interface KitchenActorOptions {
  /** Which of the hubs it is at. */
  readonly at: number;
  readonly marketId: string;
  readonly restaurantId: string;
  readonly session: ActorSession;
  readonly clock: Clock;
  /** Asked once for each order, when the kitchen first sees it; `open` are all that it has to do with then. */
  readonly plan: (order: SeenOrder, open: readonly SeenOrder[]) => KitchenPlan;
  /** Whether so much work is too much for now: the restaurant is paused while it is. Left out: never. */
  readonly tooMuch?: (open: readonly SeenOrder[], paused: boolean) => boolean;
  readonly recorder?: Recorder | undefined;
}

export interface KitchenActor {
  /** Resolves with the first snapshot; rejects with the hub's refusal. */
  readonly watching: Promise<void>;
  readonly hub: HubClient;
  close(): void;
}

type Step = "confirm" | "reject" | "start" | "ready" | "hand-out";

interface Ticket {
  readonly plan: KitchenPlan;
  step: Step | undefined;
  cancel: () => void;
}

/** Wall ms before a step is tried again that got no answer. */
const AGAIN_MS = 1_000;

/**
 * Plays one restaurant's kitchen over its socket: confirms, starts, says ready, each at its planned time. An order that
 * it meets half-way (after a restart) goes on from where it is.
 */
export function startKitchenActor(options: KitchenActorOptions): KitchenActor {
  const { marketId, restaurantId, session, clock } = options;
  const hub = session.connect("kitchen", options.at);
  const tickets = new Map<string, Ticket>();
  let state: RestaurantState = { orders: [], paused: false };
  let closed = false;
  const door = doorOf(hub, { marketId, restaurantId });
  const { promise: watching, resolve: seen, reject: shut } = Promise.withResolvers<void>();
  // Whoever does not wait for it is not ended by it.
  watching.catch(() => undefined);

  const act = async (order: SeenOrder, ticket: Ticket, step: Step): Promise<void> => {
    if (await said(hub, step, { marketId, orderId: order.id }, ticket.plan)) return;
    if (closed || ticket.step !== step) return;
    ticket.cancel = clock.after(AGAIN_MS * clock.rate, () => void act(order, ticket, step));
  };
  const tend = (order: SeenOrder): void => {
    const ticket = tickets.get(order.id) ?? unbegun(options.plan(order, state.orders));
    tickets.set(order.id, ticket);
    const due = stepOf(order, ticket.plan);
    if (due?.step === ticket.step) return;
    ticket.cancel();
    ticket.step = due?.step;
    if (due) {
      ticket.cancel = clock.after(Math.max(0, due.atMs - clock.nowMs()), () => void act(order, ticket, due.step));
    }
  };
  const tendAll = (): void => {
    forgetOthers(tickets, state.orders);
    for (const order of state.orders) tend(order);
    const paused = options.tooMuch?.(state.orders, state.paused) ?? state.paused;
    if (paused !== state.paused) void door.set(paused);
  };
  const watch = watchRecorded(
    hub,
    { marketId, kind: "restaurant", id: restaurantId },
    {
      onSnapshot(snapshot) {
        // Cast: the contract's snapshot of a restaurant's stream.
        state = snapshot as RestaurantState;
        tendAll();
        seen();
      },
      onEvent(event) {
        state = applyRestaurantEvent(state, event);
        tendAll();
      },
      onClosed: ({ code, detail }) => shut(new Refusal(code, detail)),
    },
    { viewer: { as: "kitchen", personId: session.personId }, clock, recorder: options.recorder },
  );
  return {
    watching,
    hub,
    close() {
      closed = true;
      door.leave();
      for (const ticket of tickets.values()) ticket.cancel();
      watch.close();
      hub.close();
    },
  };
}

/** What is not there any more is not tended any more. */
function forgetOthers(tickets: Map<string, Ticket>, orders: readonly SeenOrder[]): void {
  for (const [id, ticket] of tickets) {
    if (orders.some((order) => order.id === id)) continue;
    ticket.cancel();
    tickets.delete(id);
  }
}

function unbegun(plan: KitchenPlan): Ticket {
  return { plan, step: undefined, cancel: () => undefined };
}

/** Stops taking orders or takes them again, one thing at a time. */
function doorOf(hub: HubClient, ref: { readonly marketId: string; readonly restaurantId: string }) {
  let busy = false;
  return {
    async set(paused: boolean): Promise<void> {
      if (busy) return;
      busy = true;
      try {
        await hub.command("restaurant.pause", { ...ref, paused });
      } catch {
        // Looked at again with the next change: the stream tells whether it is paused.
      } finally {
        busy = false;
      }
    },
    leave(): void {
      busy = true;
    },
  };
}

/** Says one step; false without an answer: it is due again, and repeating it is harmless. */
async function said(
  hub: HubClient,
  step: Step,
  ref: { readonly marketId: string; readonly orderId: string },
  { prepMinutes, rejectReason = "" }: KitchenPlan,
): Promise<boolean> {
  try {
    if (step === "confirm") await hub.command("order.confirm", { ...ref, prepMinutes });
    else if (step === "reject") await hub.command("order.reject", { ...ref, reason: rejectReason });
    else await hub.command(`order.${step}`, ref);
    return true;
  } catch (error) {
    // Refused: the stream tells what is true.
    return !mayAskAgain(error);
  }
}

/** What is to be done next with an order, and when. */
export function stepOf(
  order: Pick<SeenOrder, "status" | "kind">,
  plan: KitchenPlan,
): { readonly step: Step; readonly atMs: number } | undefined {
  if (order.status === "CREATED") {
    return { step: plan.rejectReason === undefined ? "confirm" : "reject", atMs: plan.confirmAtMs };
  }
  if (order.status === "CONFIRMED") return { step: "start", atMs: plan.startAtMs };
  if (order.status === "PREPARING") return { step: "ready", atMs: plan.readyAtMs };
  if (order.status === "READY" && order.kind === "takeaway") return { step: "hand-out", atMs: plan.handOutAtMs };
  return undefined;
}
