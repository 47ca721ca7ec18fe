import NavigationIcon from "@mui/icons-material/NavigationOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { Point } from "#shared/contracts/geo.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";

import { formatDistance } from "../../common/format.ts";
import { useAppSelector } from "../app/store.ts";
import { geoLink } from "../map/geo-link.ts";
import { LazyRideMap } from "../map/lazy-ride-map.tsx";
import { pointOf, type Stop } from "./next-step.ts";
import { stopTitle } from "./words.ts";

/** Where to: name, address, how far, on the map, and in the phone's own navigation. */
export function PlaceCard({ stop }: { readonly stop: Stop }) {
  const here = useAppSelector((state) => state.place.point);
  const place = placeOf(stop);
  return (
    <Card sx={{ overflow: "hidden", flex: "none" }}>
      {place.point && (
        <LazyRideMap
          here={here}
          place={{ point: place.point, kind: stop.at === "customer" ? "drop" : "restaurant", label: place.name }}
          label={`Map to ${place.name}`}
          height={190}
        />
      )}
      <Stack direction="row" sx={{ p: 2, gap: 2, alignItems: "center" }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Typography variant="overline" component="p">
            {stopTitle(stop)}
          </Typography>
          <Typography variant="h2" component="h1" sx={{ overflowWrap: "anywhere" }}>
            {place.name}
          </Typography>
          <Typography sx={{ fontSize: "1.1875rem", mt: 0.5 }}>{place.line}</Typography>
          {here && place.point && (
            <Typography color="text.secondary" sx={{ fontSize: "1.0625rem" }}>
              {awayWords(distanceM(here, place.point))}
            </Typography>
          )}
        </Box>
        {place.point && (
          <Button
            variant="contained"
            color="secondary"
            href={geoLink(place.point, place.name)}
            aria-label={`Navigate to ${place.name}`}
            sx={{ minWidth: 72, height: 72, borderRadius: 4, flex: "none" }}
          >
            <NavigationIcon sx={{ fontSize: 34 }} />
          </Button>
        )}
      </Stack>
    </Card>
  );
}

interface Place {
  readonly name: string;
  readonly line: string;
  readonly point: Point | undefined;
}

function placeOf(stop: Stop): Place {
  const {
    at,
    orders: [order],
  } = stop;
  const point = pointOf(stop);
  if (at !== "customer") {
    return { name: order?.restaurantName ?? "", line: order?.restaurantLine ?? "", point };
  }
  const line = order?.drop?.line ?? "";
  return { name: order?.customerName ?? "Customer", line: line || (point ? coordinates(point) : ""), point };
}

/** Nearer than this is there: GPS knows it no better, metres. */
const THERE_M = 40;

function awayWords(awayM: number): string {
  return awayM < THERE_M ? "You are here" : `${formatDistance(awayM)} as the crow flies`;
}

function coordinates({ lat, lng }: Point): string {
  return `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
}
