import { useMemo } from "react";

import type { Point } from "#shared/contracts/geo.ts";
import type { PositionFrame } from "#shared/contracts/streams.ts";

import { CityMap } from "../../../common/map/city-map.tsx";
import { Pin } from "../../../common/map/pin.tsx";

export interface TrackMapProps {
  readonly marketId: string | undefined;
  readonly restaurant: Point;
  readonly restaurantName: string;
  readonly drop: Point | undefined;
  /** Only while the courier carries this order. */
  readonly courier: PositionFrame | undefined;
  readonly courierName: string;
}

/** From the kitchen to the door, with the courier while the food is on the way. */
export function TrackMap({ marketId, restaurant, restaurantName, drop, courier, courierName }: TrackMapProps) {
  const fit = useMemo(() => (drop ? [restaurant, drop] : [restaurant]), [restaurant, drop]);
  return (
    <CityMap marketId={marketId} center={restaurant} fit={fit} label="Map of your order" height="100%">
      <Pin at={restaurant} kind="restaurant" label={restaurantName} />
      {drop && <Pin at={drop} kind="drop" label="You" />}
      {courier && <Pin at={courier} motion={courier} kind="courier" label={courierName} />}
    </CityMap>
  );
}
