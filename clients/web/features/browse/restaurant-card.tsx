import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import CardActionArea from "@mui/material/CardActionArea";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { Link } from "react-router";

import type { RestaurantView } from "#shared/contracts/views.ts";

import { formatDistance, formatMoney } from "../../../common/format.ts";
import { useNow } from "../../../common/use-now.ts";
import { deliveryFromMinor, openText } from "./open-text.ts";
import { TinBand } from "./tin-band.tsx";

export interface RestaurantCardProps {
  readonly restaurant: RestaurantView & { readonly distanceM: number | null };
  readonly timeZone: string;
}

/** One restaurant in the list, closed ones plainly so. */
export function RestaurantCard({ restaurant, timeZone }: RestaurantCardProps) {
  const nowMs = useNow(30_000);
  const { distanceM, currency } = restaurant;
  const facts = [
    distanceM === null ? undefined : formatDistance(distanceM),
    distanceM === null ? undefined : `${formatMoney(deliveryFromMinor(restaurant, distanceM), currency)} delivery`,
    restaurant.minimumMinor > 0 ? `from ${formatMoney(restaurant.minimumMinor, currency)}` : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <Card component="li" sx={{ opacity: restaurant.open ? 1 : 0.72 }}>
      <CardActionArea component={Link} to={`/r/${restaurant.id}?market=${restaurant.marketId}`} sx={{ height: "100%" }}>
        <TinBand name={restaurant.name} quiet={!restaurant.open} />
        <Box sx={{ p: 2 }}>
          <Typography variant="h4" component="h2" noWrap>
            {restaurant.name}
          </Typography>
          <Typography color="textSecondary" variant="body2">
            {restaurant.cuisine} · about {restaurant.prepMinutes} min to cook
          </Typography>
          <Typography variant="body2" sx={{ mt: 0.5 }}>
            {facts.join(" · ")}
          </Typography>
          <Stack direction="row" sx={{ mt: 1.5 }}>
            <Chip
              size="small"
              color={restaurant.open ? "success" : "default"}
              variant={restaurant.open ? "filled" : "outlined"}
              label={openText(restaurant, timeZone, nowMs)}
            />
          </Stack>
        </Box>
      </CardActionArea>
    </Card>
  );
}
