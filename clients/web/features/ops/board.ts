import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { ZoneFrame } from "#shared/contracts/streams.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { ORDER_STATUSES, type OrderStatus } from "#shared/contracts/states.ts";
import type { Point } from "#shared/contracts/geo.ts";

export type Board = CommandOutput<"ops.board">;
export type BoardCourier = Board["couriers"][number];

/** Where a courier was last seen. */
export interface Seen {
  readonly point: Point;
  readonly takenAtMs: number;
}

/** Newest position by courier, with those of one frame taken in; an older one changes nothing. */
export function withFrame(seen: ReadonlyMap<string, Seen>, frame: ZoneFrame): ReadonlyMap<string, Seen> {
  const next = new Map(seen);
  for (const { courierId, lat, lng, takenAtMs } of frame.couriers) {
    const before = next.get(courierId);
    if (!before || before.takenAtMs < takenAtMs) next.set(courierId, { point: { lat, lng }, takenAtMs });
  }
  return next;
}

/** Where to draw a courier: by zone frame or by board, whichever is newer; undefined when never seen. */
export function placeOf(courier: BoardCourier, seen: ReadonlyMap<string, Seen>): Point | undefined {
  const live = seen.get(courier.courierId);
  const isNewer = live !== undefined && live.takenAtMs >= (courier.fixAtMs ?? 0);
  return isNewer ? live.point : (courier.point ?? undefined);
}

/** States with how many orders stand in them, in the order of an order's life; those without any are left out. */
export function countsInOrder(counts: Board["counts"]): { readonly status: OrderStatus; readonly count: number }[] {
  return ORDER_STATUSES.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count === 0 ? [] : [{ status, count }];
  });
}

/** `IN_DELIVERY` as "In delivery". */
export function statusWords(status: string): string {
  const words = status.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The restaurants of the open orders, each once. */
export function restaurantsOf(
  orders: readonly SeenOrder[],
): { readonly id: string; readonly name: string; readonly point: Point }[] {
  const found = new Map<string, { id: string; name: string; point: Point }>();
  for (const { restaurantId, restaurantName, restaurantPoint } of orders) {
    if (restaurantId && restaurantPoint)
      found.set(restaurantId, { id: restaurantId, name: restaurantName ?? "", point: restaurantPoint });
  }
  return [...found.values()];
}

/** Orders in a state, and with a text in code, restaurant, customer or courier; delivered ones last. */
export function filtered(orders: readonly SeenOrder[], status: OrderStatus | undefined, text: string): SeenOrder[] {
  const wanted = text.trim().toLowerCase();
  const found = orders.filter((order) => {
    if (status !== undefined && order.status !== status) return false;
    const words = [order.code, order.restaurantName, order.customerName, order.delivery?.courierName];
    return wanted === "" || words.some((word) => word?.toLowerCase().includes(wanted));
  });
  return found.toSorted((a, b) => Number(a.status === "DELIVERED") - Number(b.status === "DELIVERED"));
}
