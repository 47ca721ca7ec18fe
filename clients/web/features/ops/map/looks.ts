import type { BoardOrder } from "#shared/contracts/board.ts";

import { isLate, waitsForCourier } from "../board.ts";

/** How an order's door is drawn: by what an operator must do about it. */
export const ORDER_LOOKS = ["late", "waiting", "kitchen", "riding"] as const;
export type OrderLook = (typeof ORDER_LOOKS)[number];

export const LOOK_WORDS: Readonly<Record<OrderLook, string>> = {
  late: "past its promise",
  waiting: "without courier",
  kitchen: "in the kitchen",
  riding: "on the way",
};

export function lookOf(order: BoardOrder, nowMs: number): OrderLook {
  if (isLate(order, nowMs)) return "late";
  if (order.status === "IN_DELIVERY") return "riding";
  return waitsForCourier(order) ? "waiting" : "kitchen";
}

/** The doors of the orders that are not delivered, as GeoJSON; the urgent ones last, so that they lie on top. */
export function doorsOf(orders: Iterable<BoardOrder>, nowMs: number, selected: string | undefined) {
  const features = [...orders].flatMap((order) => {
    const { drop, id, code } = order;
    if (!drop || order.deliveredAtMs !== null) return [];
    const look = lookOf(order, nowMs);
    const rank = id === selected ? ORDER_LOOKS.length : ORDER_LOOKS.length - 1 - ORDER_LOOKS.indexOf(look);
    return {
      type: "Feature" as const,
      properties: { id, code, look, rank, icon: `door-${look}`, selected: id === selected },
      geometry: { type: "Point" as const, coordinates: [drop.lng, drop.lat] },
    };
  });
  return { type: "FeatureCollection" as const, features };
}
