import type { BoardCourier, BoardOrder } from "../contracts/board.ts";
import type { Position } from "../contracts/streams.ts";
import { zoneOf } from "../domain/geo/cells.ts";
import type { LoadedOrder } from "../domain/order/records.ts";
import type { SimCases, SimDeps } from "./cases.ts";
import type { SimCourier } from "./store.ts";

/** How long a delivered order stays on the board. */
const DELIVERED_STAYS_MS = 30 * 60_000;

/** What operators look at first. It is answered whole, as to an asker whose version is not known. */
export function opsCases(deps: SimDeps, lastPlace: (courierId: string) => Position | undefined): SimCases {
  const { store, life, nowMs } = deps;
  return {
    "ops.board": (_caller, { marketId }) => {
      life.market(marketId);
      const open = [...store.orders(store.openOrders)].filter(({ order }) => order.marketId === marketId);
      const shown = open.filter(({ order }) => (order.deliveredAtMs ?? Infinity) > nowMs() - DELIVERED_STAYS_MS);
      const counts: Record<string, number> = {};
      for (const { order } of open) counts[order.status] = (counts[order.status] ?? 0) + 1;
      const restaurants = new Map(shown.map(({ restaurant }) => [restaurant.id, restaurant]));
      return {
        atMs: nowMs(),
        version: String(store.events.length),
        whole: true,
        counts,
        restaurants: [...restaurants.values()].map(({ id, name, lat, lng }) => ({ id, name, point: { lat, lng } })),
        orders: shown.map(orderOn),
        goneOrderIds: [],
        couriers: [...store.onDuty]
          .filter(({ row }) => row.active && row.marketId === marketId)
          .map((courier) => courierOn(courier, lastPlace(courier.row.id))),
        goneCourierIds: [],
      };
    },
  };
}

function orderOn({ order, delivery, courier, customerName }: LoadedOrder): BoardOrder {
  const { id, code, status, kind, restaurantId, placedAtMs, deliveredAtMs, dropLat, dropLng } = order;
  return {
    id,
    code,
    status,
    kind,
    restaurantId,
    customerName,
    placedAtMs,
    deliveredAtMs,
    promisedAtMs: order.promisedP90AtMs,
    drop: dropLat === null || dropLng === null ? null : { lat: dropLat, lng: dropLng },
    deliveryStatus: delivery?.status ?? null,
    courierId: delivery?.courierId ?? null,
    courierName: courier?.name ?? null,
    stopOrder: delivery?.stopOrder ?? null,
  };
}

function courierOn({ row, held, openOffer }: SimCourier, newest: Position | undefined): BoardCourier {
  const { lastLat, lastLng } = row;
  const written = lastLat === null || lastLng === null ? null : { lat: lastLat, lng: lastLng };
  const place = newest ? { lat: newest.lat, lng: newest.lng } : written;
  return {
    courierId: row.id,
    name: row.name,
    vehicle: row.vehicle,
    point: place,
    fixAtMs: newest?.takenAtMs ?? row.lastFixAtMs,
    zone: newest?.zone ?? (place && zoneOf(place)),
    holding: held.size,
    hasOffer: openOffer !== undefined,
  };
}
