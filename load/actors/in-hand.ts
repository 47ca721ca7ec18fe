import type { DeliveryStatus } from "#shared/contracts/states.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { carriedOf, rank, type Carried } from "./courier-moves.ts";

/** What a courier has in hand: a step counts as soon as it was acknowledged, also before its event comes. */
export class InHand {
  readonly #acknowledged = new Map<string, DeliveryStatus>();

  acknowledge(deliveryId: string, status: DeliveryStatus): void {
    this.#acknowledged.set(deliveryId, status);
  }

  /** Each delivery as far as the stream or an acknowledgement has said, in stop order. */
  of(seen: readonly SeenOrder[]): Carried[] {
    const work = seen.map(carriedOf);
    for (const id of this.#acknowledged.keys()) {
      if (!work.some((each) => each.deliveryId === id)) this.#acknowledged.delete(id);
    }
    return work.map((each) => {
      const acknowledged = this.#acknowledged.get(each.deliveryId);
      return acknowledged && rank(acknowledged) > rank(each.status) ? { ...each, status: acknowledged } : each;
    });
  }
}
