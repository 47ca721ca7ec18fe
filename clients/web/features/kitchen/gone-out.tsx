import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useRef } from "react";

import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatClock } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";

export interface GoneOutProps {
  /** The kitchen's open orders. */
  readonly orders: readonly SeenOrder[];
  /** Since the board was opened. */
  readonly events: readonly SeenEvent[];
}

/** What has left the house: with whom it is, and what has arrived since the board was opened. Nothing while there is none. */
export function GoneOut({ orders, events }: GoneOutProps) {
  const timeZone = useMarketZone();
  // An order that is delivered is no longer the kitchen's; its number is what this board has seen.
  const codes = useRef(new Map<string, string>());
  for (const { id, code } of orders) if (code !== undefined) codes.current.set(id, code);
  const out = goneOut(orders, events, codes.current, timeZone);
  if (out.length === 0) return null;
  return (
    <Stack component="section" aria-label="Gone out" sx={{ gap: 0.75 }}>
      <Typography variant="h5" component="h2">
        Gone out
      </Typography>
      <Stack component="ul" direction="row" useFlexGap sx={{ m: 0, p: 0, gap: 1, flexWrap: "wrap", listStyle: "none" }}>
        {out.map(({ id, words, arrived }) => (
          <li key={id}>
            <Chip label={words} color={arrived ? "success" : "default"} variant="outlined" />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

interface Gone {
  readonly id: string;
  /** "76C3 · with Mara", "76C3 · delivered 18:42". */
  readonly words: string;
  readonly arrived: boolean;
}

/** More than this nobody asks about. */
const SHOWN = 12;

/** What couriers have now, then what has arrived, newest first. */
export function goneOut(
  orders: readonly SeenOrder[],
  events: readonly SeenEvent[],
  codes: ReadonlyMap<string, string>,
  timeZone: string | undefined,
): Gone[] {
  const riding = orders
    .filter((order) => order.status === "IN_DELIVERY")
    .map(({ id, code, delivery }) => ({
      id,
      words: `${code ?? ""} · with ${delivery?.courierName ?? "the courier"}`,
      arrived: false,
    }));
  const arrived = events
    .filter((event) => event.type === "order.delivered")
    .toReversed()
    .map(({ orderId, atMs }) => ({
      id: orderId ?? "",
      words: `${codes.get(orderId ?? "") ?? ""} · delivered ${formatClock(atMs, timeZone)}`,
      arrived: true,
    }));
  return [...riding, ...arrived].slice(0, SHOWN);
}
