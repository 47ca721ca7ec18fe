import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";

/** More than this nobody asks about. */
const SHOWN = 12;

/** What has left the house: with whom it is, and what has arrived, newest first. Nothing while there is none. */
export function GoneOut({ orders }: { readonly orders: readonly SeenOrder[] }) {
  const out = goneOut(orders);
  if (out.length === 0) return null;
  return (
    <Stack component="section" aria-label="Gone out" sx={{ gap: 0.75 }}>
      <Typography variant="h5" component="h2">
        Gone out
      </Typography>
      <Stack component="ul" direction="row" useFlexGap sx={{ m: 0, p: 0, gap: 1, flexWrap: "wrap", listStyle: "none" }}>
        {out.map((order) => (
          <li key={order.id}>
            <Chip
              label={goneWords(order)}
              color={order.status === "DELIVERED" ? "success" : "default"}
              variant="outlined"
            />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

/** Orders that a courier has, or whose customer has them, the ones that left last first. */
export function goneOut(orders: readonly SeenOrder[]): SeenOrder[] {
  return orders
    .filter((order) => order.status === "IN_DELIVERY" || order.status === "DELIVERED")
    .toSorted((a, b) => leftAtMs(b) - leftAtMs(a))
    .slice(0, SHOWN);
}

function leftAtMs(order: SeenOrder): number {
  return order.deliveredAtMs ?? order.pickedUpAtMs ?? 0;
}

/** "76C3 · with Courier 1", "76C3 · delivered 18:42". */
export function goneWords({ code = "", status, deliveredAtMs, delivery }: SeenOrder): string {
  if (status === "DELIVERED") return `${code} · delivered ${deliveredAtMs ? formatClock(deliveredAtMs) : ""}`.trimEnd();
  return `${code} · with ${delivery?.courierName ?? "the courier"}`;
}
