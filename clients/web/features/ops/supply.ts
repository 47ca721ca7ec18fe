import type { BoardOrder } from "#shared/contracts/board.ts";
import type { Point } from "#shared/contracts/geo.ts";
import { balanceOf, type CellBalance, type SupplyCourier } from "#shared/domain/dispatch/supply.ts";
import { cellCentre, cellOutline } from "#shared/domain/geo/cells.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import { waitsForCourier, type Board } from "./board.ts";

/** Food is in these hands: when it is handed over, so is the courier's time. */
const CARRYING: readonly (string | null)[] = ["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"];

/** H3 resolution that is read well at a zoom: cells of some 0.7 km2 in the city, larger ones from afar. */
export function resolutionAt(zoom: number): number {
  return zoom >= 11.25 ? 8 : zoom >= 9.5 ? 7 : 6;
}

/** Supply and demand of the board, cell by cell. */
export function supplyOf(board: Board, placeOf: (courierId: string) => Point | undefined, res: number): CellBalance[] {
  const lastOf = lastDrops(board);
  const couriers = [...board.couriers.values()].flatMap((courier): SupplyCourier[] => {
    const at = placeOf(courier.courierId) ?? courier.point;
    if (!at) return [];
    if (courier.holding === 0) return [{ at, free: courier.hasOffer ? "no" : "now", freeAt: undefined }];
    const freeAt = lastOf.get(courier.courierId);
    return [{ at, free: freeAt ? "soon" : "no", freeAt }];
  });
  const orders = [...board.orders.values()].flatMap((order) => {
    const at = board.restaurants.get(order.restaurantId)?.point;
    return at && order.kind === "delivery" && order.status !== "PENDING_PAYMENT"
      ? [{ at, waits: waitsForCourier(order), placedAtMs: order.placedAtMs }]
      : [];
  });
  return balanceOf(couriers, orders, res, board.atMs);
}

/** Where each courier goes with the last that he holds, of those who carry nothing else and wait for nothing. */
function lastDrops(board: Board): Map<string, Point> {
  const held = new Map<string, BoardOrder[]>();
  for (const order of board.orders.values()) {
    const { courierId, deliveredAtMs } = order;
    if (courierId === null || deliveredAtMs !== null) continue;
    held.set(courierId, [...(held.get(courierId) ?? []), order]);
  }
  return new Map(
    [...held].flatMap(([courierId, orders]) => {
      const [only] = orders;
      const drop = orders.length === 1 && CARRYING.includes(only?.deliveryStatus ?? null) ? only?.drop : undefined;
      return drop ? [[courierId, drop] as const] : [];
    }),
  );
}

/** The cells as GeoJSON; `pressure` colours them. */
export function cellsOf(balances: readonly CellBalance[]) {
  return {
    type: "FeatureCollection" as const,
    features: balances.map(({ cell, pressure }) => {
      const ring = cellOutline(cell).map(({ lat, lng }) => [lng, lat]);
      return {
        type: "Feature" as const,
        properties: { cell, pressure },
        geometry: { type: "Polygon" as const, coordinates: [[...ring, ...ring.slice(0, 1)]] },
      };
    }),
  };
}

/** The cells that are shortest of couriers, the worst first. */
export function shortest(balances: readonly CellBalance[], most: number): CellBalance[] {
  return balances
    .filter((each) => each.pressure >= 1 && each.demand - each.supply >= 0.5)
    .toSorted((a, b) => b.demand - b.supply - (a.demand - a.supply))
    .slice(0, most);
}

/** A cell has no name: the restaurant that is nearest to its middle says where it is. */
export function nearWhat(board: Board, cell: string): string {
  const middle = cellCentre(cell);
  let [name, best] = ["", Infinity];
  for (const restaurant of board.restaurants.values()) {
    const away = distanceM(middle, restaurant.point);
    if (away < best) [name, best] = [restaurant.name, away];
  }
  return name;
}

/** "3 free, 1 soon; 4 waiting, 9 placed lately". */
export function balanceWords({ free, soonFree, waiting, placedLately }: CellBalance): string {
  return `${free} free, ${soonFree} soon free · ${waiting} without courier, ${placedLately} placed in 30 min`;
}
