import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import CardActionArea from "@mui/material/CardActionArea";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { MenuItem } from "#shared/contracts/views.ts";

import { formatMoney } from "../../../common/format.ts";
import { inStock } from "./choices.ts";

export interface MenuItemCardProps {
  readonly item: MenuItem;
  readonly currency: string;
  readonly onPick: () => void;
}

/** One dish on the menu; what is sold out stays to be read. */
export function MenuItemCard({ item, currency, onPick }: MenuItemCardProps) {
  const available = inStock(item);
  const few = available && item.stock !== null && item.stock <= 5;
  return (
    <Card sx={{ opacity: available ? 1 : 0.6 }}>
      <CardActionArea
        disabled={!available}
        onClick={onPick}
        aria-label={`${item.name}, ${formatMoney(item.priceMinor, currency)}${available ? "" : ", sold out"}`}
        sx={{ height: "100%", p: 2 }}
      >
        <Stack direction="row" sx={{ justifyContent: "space-between", gap: 2 }}>
          <Box sx={{ minWidth: 0 }}>
            <Typography variant="h5" component="h3">
              {item.name}
            </Typography>
            <Typography variant="body2" color="textSecondary" sx={{ mt: 0.5 }}>
              {item.description}
            </Typography>
          </Box>
          <Box sx={{ textAlign: "right", flex: "none" }}>
            <Typography sx={{ fontWeight: 700 }}>{formatMoney(item.priceMinor, currency)}</Typography>
            {!available && (
              <Typography variant="body2" color="error">
                Sold out
              </Typography>
            )}
            {few && (
              <Typography variant="body2" color="warning">
                {item.stock} left
              </Typography>
            )}
          </Box>
        </Stack>
      </CardActionArea>
    </Card>
  );
}
