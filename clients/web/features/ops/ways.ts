import type { Point } from "#shared/contracts/geo.ts";

import { heldBy, type Board } from "./board.ts";

const PICKED: readonly (string | null)[] = [
  "ORDER_PICKED",
  "DELIVERY_ONGOING",
  "ARRIVED_AT_CUSTOMER",
  "RETURNING_TO_MERCHANT",
];

/** The stops that a courier still has: the restaurants of what is not in hand yet, then the doors, in their order. */
export function stopsOf(board: Board, courierId: string): Point[] {
  const held = heldBy(board, courierId);
  const kitchens = new Map(
    held
      .filter((order) => !PICKED.includes(order.deliveryStatus))
      .flatMap((order) => {
        const restaurant = board.restaurants.get(order.restaurantId);
        return restaurant ? [[restaurant.id, restaurant.point] as const] : [];
      }),
  );
  return [...kitchens.values(), ...held.flatMap((order) => order.drop ?? [])];
}

/** What is to be drawn for what is selected: the courier's way to all stops; for an order nobody has, kitchen to door. */
export function wayOf(
  board: Board,
  selected: { readonly orderId: string | undefined; readonly courierId: string | undefined },
  placeOf: (courierId: string) => Point | undefined,
): Point[] {
  if (selected.courierId !== undefined) return ridden(board, selected.courierId, placeOf);
  const order = board.orders.get(selected.orderId ?? "");
  if (!order || order.deliveredAtMs !== null) return [];
  if (order.courierId !== null) return ridden(board, order.courierId, placeOf);
  const kitchen = board.restaurants.get(order.restaurantId)?.point;
  return kitchen && order.drop ? [kitchen, order.drop] : [];
}

/** From where the courier is to all of his stops; nothing while nobody knows where he is. */
function ridden(board: Board, courierId: string, placeOf: (courierId: string) => Point | undefined): Point[] {
  const place = placeOf(courierId);
  return place ? [place, ...stopsOf(board, courierId)] : [];
}

/** Straight from place to place: which streets will be taken, the courier decides. */
export function lineOf(points: readonly Point[]) {
  return {
    type: "Feature" as const,
    properties: {},
    geometry: { type: "LineString" as const, coordinates: points.map(({ lat, lng }) => [lng, lat]) },
  };
}
