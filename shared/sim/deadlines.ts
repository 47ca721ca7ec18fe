import { concludeEntries } from "../domain/money/ledger.ts";
import { concludeChange, LATE_ENDS, nextOrderStatus, PLATFORM } from "../domain/order/change.ts";
import type { SimDeps } from "./cases.ts";
import { bookEntries } from "./settle.ts";

/** What deadlines do: each looks again before it acts, so one that comes late or twice does nothing. */
export function makeSimDeadlines(deps: SimDeps) {
  const { store, life, run } = deps;
  return {
    /** A deadline of an order has come. */
    order(orderId: string): void {
      run((w) => {
        const loaded = store.order(orderId);
        if (!loaded) return;
        const { payByAtMs, confirmByAtMs, concludeAtMs } = loaded.order;
        const isDue = (atMs: number | null) => atMs !== null && atMs <= w.nowMs;
        const end = isDue(payByAtMs) ? LATE_ENDS.unpaid : isDue(confirmByAtMs) ? LATE_ENDS.unconfirmed : undefined;
        if (end && nextOrderStatus(loaded, "expire", PLATFORM) === end.status) {
          life.endUndelivered(w, loaded, PLATFORM, end);
        } else if (isDue(concludeAtMs) && nextOrderStatus(loaded, "conclude", PLATFORM) !== undefined) {
          const { price } = loaded.order;
          if (loaded.delivery?.courierId) {
            const entries = concludeEntries(price, loaded.delivery.courierId, price.deliveryMinor);
            bookEntries(store, loaded, { kind: "conclude", reference: `conclude/${orderId}`, entries }, w.nowMs);
          }
          life.apply(w, loaded, PLATFORM, concludeChange(w.nowMs));
        }
      });
    },

    /** Nobody answered an offer: its courier is not asked again for these deliveries, others are. */
    offer(offerId: string): void {
      const offer = store.offers.get(offerId);
      if (offer?.row.status !== "offered" || offer.row.expiresAtMs > deps.nowMs()) return;
      run((w) => {
        if (life.closeOffer(w, offerId, "expired", PLATFORM)) life.excludeCourier(offerId);
      });
      deps.hintRound(offer.row.marketId);
    },
  };
}
