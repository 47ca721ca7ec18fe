import { Layer, Source } from "react-map-gl/maplibre";

import type { OfferView } from "#shared/contracts/views.ts";

import { circleAround } from "../../common/map/grid.ts";
import { Pin } from "../../common/map/pin.tsx";
import { PlainMap, useMapColors } from "../../common/map/plain-map.tsx";
import { useAppSelector } from "../app/store.ts";

/** About the inradius of a zone: before acceptance a drop is known no better, metres. */
const AREA_M = 1_000;

/** From here to the restaurant, and where about it goes. */
export function OfferMap({ offer }: { readonly offer: OfferView }) {
  const here = useAppSelector((state) => state.place.point);
  const colors = useMapColors();
  const areas = offer.drops.map((drop) => drop.areaPoint);
  const fit = [offer.pickupPoint, ...areas, ...(here ? [here] : [])];
  const data = {
    type: "FeatureCollection" as const,
    features: areas.map((area) => ({
      type: "Feature" as const,
      properties: {},
      geometry: { type: "Polygon" as const, coordinates: [circleAround(area, AREA_M).map(([lng, lat]) => [lng, lat])] },
    })),
  };
  return (
    <PlainMap center={offer.pickupPoint} zoom={12} fit={fit} label="Where the offer goes" height="100%">
      <Source id="areas" type="geojson" data={data}>
        <Layer id="areas-fill" type="fill" paint={{ "fill-color": colors.secondary, "fill-opacity": 0.25 }} />
        <Layer id="areas-line" type="line" paint={{ "line-color": colors.secondary, "line-width": 2.5 }} />
      </Source>
      <Pin at={offer.pickupPoint} kind="restaurant" label={`Pick up at ${offer.restaurantName}`} />
      {here && <Pin at={here} kind="courier" label="You" />}
    </PlainMap>
  );
}
