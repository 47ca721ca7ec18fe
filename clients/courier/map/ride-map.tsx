import { Layer, Source } from "react-map-gl/maplibre";

import type { Point } from "#shared/contracts/geo.ts";

import { CityMap } from "../../common/map/city-map.tsx";
import { circleAround } from "../../common/map/grid.ts";
import { useMapColors } from "../../common/map/map-colors.ts";
import { Pin, type PinKind } from "../../common/map/pin.tsx";
import { useMarketId } from "../link/use-market.ts";

export interface RideMapProps {
  readonly here: Point | null;
  readonly place?: { readonly point: Point; readonly kind: PinKind; readonly label: string };
  /** Known only about: centres of the zones in which the drops are. */
  readonly areas?: readonly Point[];
  readonly label: string;
  readonly height: number | string;
}

/** About the inradius of a zone: before acceptance a drop is known no better, metres. */
const AREA_M = 1_000;

/** Where I am and where it goes. */
export function RideMap({ here, place, areas = [], label, height }: RideMapProps) {
  const marketId = useMarketId();
  const around = areas.flatMap((area) => circleAround(area, AREA_M, 4).map(([lng, lat]) => ({ lat, lng })));
  const fit = [...(place ? [place.point] : []), ...around, ...(here ? [here] : [])];
  const [center] = fit;
  if (!center) return null;
  return (
    <CityMap marketId={marketId} center={center} zoom={14} fit={fit} label={label} height={height}>
      {areas.length > 0 && <Areas areas={areas} />}
      {place && <Pin at={place.point} kind={place.kind} label={place.label} />}
      {here && <Pin at={here} kind="courier" label="You" />}
    </CityMap>
  );
}

function Areas({ areas }: { readonly areas: readonly Point[] }) {
  const colors = useMapColors();
  const data = {
    type: "FeatureCollection" as const,
    features: areas.map((area) => ({
      type: "Feature" as const,
      properties: {},
      geometry: { type: "Polygon" as const, coordinates: [circleAround(area, AREA_M).map(([lng, lat]) => [lng, lat])] },
    })),
  };
  return (
    <Source id="areas" type="geojson" data={data}>
      <Layer id="areas-fill" type="fill" paint={{ "fill-color": colors.secondary, "fill-opacity": 0.25 }} />
      <Layer id="areas-line" type="line" paint={{ "line-color": colors.secondary, "line-width": 2.5 }} />
    </Source>
  );
}
