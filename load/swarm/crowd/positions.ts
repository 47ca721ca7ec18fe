import type { HubClient } from "#shared/client/hub-client.ts";
import type { PositionFrame, ZoneFrame } from "#shared/contracts/streams.ts";

import { Histogram } from "../histogram.ts";
import { idOf, orderOf, type SwarmPlan } from "../plan.ts";
import type { Member } from "./members.ts";
import { preciseNowMs } from "./open-loop.ts";

/** The latest position that a customer was shown of an order. */
export interface LastShown {
  readonly personId: string;
  readonly orderId: string;
  readonly takenAtMs: number;
}

/** Watches what screens are shown of couriers. */
export interface Screens {
  follow(member: Member): void;
  /** From now on how long a fix takes to a screen is measured; what was taken before is not. */
  measure(on: boolean): void;
  readonly fixToScreenMs: Histogram;
  readonly lastShown: readonly LastShown[];
}

/**
 * Each position that a screen is shown, from the fix's own time on. A position of an order that is not the viewer's is a leak;
 * whether one came too late is for the checker, which is given the latest of each order.
 */
export function makeScreens(plan: SwarmPlan, onLeak: (what: string) => void): Screens {
  const fixToScreenMs = new Histogram();
  const shown = new Map<string, LastShown>();
  let sinceMs = Number.POSITIVE_INFINITY;
  const sample = (takenAtMs: number): void => {
    if (takenAtMs >= sinceMs) fixToScreenMs.add(preciseNowMs() - takenAtMs);
  };

  function customer(client: HubClient, personId: string, order: number | undefined): void {
    const own = order === undefined ? undefined : idOf("order", order);
    client.onPosition(({ orderId, takenAtMs }: PositionFrame) => {
      if (orderId !== own) onLeak(`a position of order ${orderId} to ${personId}`);
      sample(takenAtMs);
      if ((shown.get(orderId)?.takenAtMs ?? 0) < takenAtMs) shown.set(orderId, { personId, orderId, takenAtMs });
    });
  }

  return {
    fixToScreenMs,
    get lastShown() {
      return [...shown.values()];
    },
    follow({ person, personId, client }) {
      if (person.kind === "customer") customer(client, personId, orderOf(plan, person.index));
      if (person.kind === "operator") {
        client.onZone(({ couriers }: ZoneFrame) => {
          for (const { takenAtMs } of couriers) sample(takenAtMs);
        });
      }
    },
    measure(on) {
      sinceMs = on ? preciseNowMs() : Number.POSITIVE_INFINITY;
    },
  };
}
