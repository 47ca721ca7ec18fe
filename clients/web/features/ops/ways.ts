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
  const order = selected.orderId === undefined ? undefined : board.orders.get(selected.orderId);
  const courierId = selected.courierId ?? order?.courierId ?? undefined;
  const place = courierId === undefined ? undefined : placeOf(courierId);
  const rides = order === undefined || order.deliveredAtMs === null;
  if (courierId !== undefined && place && rides) return [place, ...stopsOf(board, courierId)];
  const kitchen = order && board.restaurants.get(order.restaurantId)?.point;
  return kitchen && order.drop ? [kitchen, order.drop] : [];
}

/** Straight from place to place: which streets will be taken, the courier decides. */
export function lineOf(points: readonly Point[]) {
  return {
    type: "Feature" as const,
    properties: {},
    geometry: { type: "LineString" as const, coordinates: points.map(({ lat, lng }) => [lng, lat]) },
  };
}
