import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";
import { useMemo } from "react";
import { Layer, Source } from "react-map-gl/maplibre";

import type { BlackBox, BlackBoxFix } from "#shared/contracts/black-box.ts";
import type { Point } from "#shared/contracts/geo.ts";

import { CityMap } from "../../../common/map/city-map.tsx";
import { useMapColors } from "../../../common/map/map-colors.ts";
import { Pin } from "../../../common/map/pin.tsx";
import type { Frame } from "./frames.ts";
import { riddenUntil } from "./ridden.ts";

export interface ReplayMapProps {
  readonly box: BlackBox;
  readonly frame: Frame;
}

/** Kitchen, door, and the courier's way up to the moment that is shown; what the customer could see of it is thick. */
export function ReplayMap({ box, frame }: ReplayMapProps) {
  const colors = useMapColors();
  const { restaurantPoint, restaurantName, drop } = box.order;
  const { place } = frame;
  const ridden = useMemo(() => riddenUntil(box, frame.atMs), [box, frame.atMs]);
  const [fit, center] = useMemo(() => viewOf(box), [box.order.id]);
  if (!center) return null;
  return (
    <Card component="section" aria-label="Way of the courier" sx={{ display: "flex", flexDirection: "column" }}>
      <CityMap marketId={box.order.marketId} center={center} fit={fit} label="Map of the delivery" height={300}>
        <Source id="replay-hidden" type="geojson" data={linesOf(ridden.hidden)}>
          <Layer
            id="replay-hidden"
            type="line"
            paint={{ "line-color": colors.ink, "line-width": 2.5, "line-dasharray": [1, 1.4] }}
          />
        </Source>
        <Source id="replay-shown" type="geojson" data={linesOf(ridden.shown)}>
          <Layer
            id="replay-shown"
            type="line"
            layout={{ "line-cap": "round", "line-join": "round" }}
            paint={{ "line-color": colors.primary, "line-width": 5 }}
          />
        </Source>
        {restaurantPoint && <Pin at={restaurantPoint} kind="restaurant" label={restaurantName ?? "Restaurant"} small />}
        {drop && <Pin at={drop.point} kind="drop" label="Door" small />}
        {place && <Pin at={place.fix} kind="courier" label={place.name} small />}
      </CityMap>
      <Typography variant="body2" color="textSecondary" sx={{ px: 1.5, py: 0.75 }}>
        {noteOf(box)}
      </Typography>
    </Card>
  );
}

function noteOf(box: BlackBox): string {
  const fixes = box.paths.reduce((sum, path) => sum + path.fixes.length, 0);
  if (box.paths.length === 0) return "No courier has held this order.";
  if (fixes === 0) return "No position of the courier was written down while the order was held.";
  const thinned = box.paths.some((path) => path.everyNth > 1) ? " A long ride is drawn by a part of its fixes." : "";
  return `Thick: where the customer could see the courier. Dashed: the office alone. ${fixes} fixes.${thinned}`;
}

function viewOf(box: BlackBox): readonly [Point[], Point | undefined] {
  const { restaurantPoint, drop } = box.order;
  const fit = [restaurantPoint, drop?.point].filter((point) => point !== undefined);
  return [fit, fit[0]];
}

function linesOf(lines: readonly (readonly BlackBoxFix[])[]) {
  return {
    type: "Feature" as const,
    properties: {},
    geometry: {
      type: "MultiLineString" as const,
      coordinates: lines.filter((line) => line.length > 1).map((line) => line.map(({ lat, lng }) => [lng, lat])),
    },
  };
}
