import type { Position } from "../contracts/streams.ts";
import { zoneOf } from "../domain/geo/cells.ts";
import { orderViewOf } from "../domain/order/order-view.ts";
import { seeOrder } from "../domain/rights/projection.ts";
import type { SimCases, SimDeps } from "./cases.ts";
import type { SimCourier } from "./store.ts";

/** What operators look at first. */
export function opsCases(deps: SimDeps, lastPlace: (courierId: string) => Position | undefined): SimCases {
  const { store, life, nowMs } = deps;
  return {
    "ops.board": (_caller, { marketId }) => {
      life.market(marketId);
      const open = [...store.orders(store.openOrders)].filter(({ order }) => order.marketId === marketId);
      const counts: Record<string, number> = {};
      for (const { order } of open) counts[order.status] = (counts[order.status] ?? 0) + 1;
      return {
        atMs: nowMs(),
        counts,
        orders: open.map((loaded) => seeOrder("ops", orderViewOf(loaded, store.lines(loaded.order.id), 0))),
        couriers: [...store.onDuty]
          .filter(({ row }) => row.active && row.marketId === marketId)
          .map((courier) => onBoard(courier, lastPlace(courier.row.id) ?? written(courier))),
      };
    },
  };
}

type Place = Pick<Position, "lat" | "lng" | "takenAtMs" | "zone">;

function onBoard({ row, held, openOffer }: SimCourier, place: Place | undefined) {
  return {
    courierId: row.id,
    name: row.name,
    vehicle: row.vehicle,
    point: place ? { lat: place.lat, lng: place.lng } : null,
    fixAtMs: place?.takenAtMs ?? null,
    zone: place?.zone ?? null,
    holding: held.size,
    hasOffer: openOffer !== undefined,
  };
}

function written({ row: { lastLat: lat, lastLng: lng, lastFixAtMs: takenAtMs } }: SimCourier): Place | undefined {
  return lat === null || lng === null || takenAtMs === null
    ? undefined
    : { lat, lng, takenAtMs, zone: zoneOf({ lat, lng }) };
}
