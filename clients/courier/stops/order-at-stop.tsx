import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Chip from "@mui/material/Chip";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { isReady, type Stop } from "./next-step.ts";

/** One order at the stop: its number so that it can be read over a counter, what is in it, and what was asked for. */
export function OrderAtStop({ order, at }: { readonly order: SeenOrder; readonly at: Stop["at"] }) {
  const notes = at === "customer" ? [order.drop?.instructions, order.note] : [order.note];
  return (
    <Card component="article" aria-label={`Order ${order.code}`} sx={{ p: 2, flex: "none" }}>
      <Stack direction="row" sx={{ alignItems: "center", gap: 1.5 }}>
        <Typography
          component="p"
          sx={{
            flex: 1,
            fontSize: "3.5rem",
            fontWeight: 800,
            lineHeight: 1,
            letterSpacing: "0.02em",
            fontVariantNumeric: "tabular-nums",
          }}
        >
          {order.code}
        </Typography>
        {at === "merchant" && (
          <Chip
            label={isReady(order) ? "Ready" : "Cooking"}
            color={isReady(order) ? "success" : "default"}
            sx={{ height: 40, fontSize: "1.0625rem", px: 0.5 }}
          />
        )}
      </Stack>
      {at === "merchant" && order.customerName && (
        <Typography sx={{ fontSize: "1.125rem", mt: 1 }}>for {order.customerName}</Typography>
      )}
      {notes.filter(Boolean).map((note) => (
        <Box
          key={note}
          sx={{ mt: 1.5, p: 1.5, borderRadius: 2, bgcolor: "secondary.main", color: "secondary.contrastText" }}
        >
          <Typography sx={{ fontSize: "1.125rem", fontWeight: 600 }}>{note}</Typography>
        </Box>
      ))}
      {order.lines && (
        <Stack component="ul" aria-label="What is in it" sx={{ m: 0, mt: 1.5, p: 0, listStyle: "none", gap: 0.25 }}>
          {order.lines.map((line, index) => (
            <Typography component="li" key={`${line.itemId}-${index}`} sx={{ fontSize: "1.0625rem" }}>
              <strong>{line.quantity} ×</strong> {line.name}
              {line.modifiers.length > 0 && (
                <Typography component="span" color="text.secondary">
                  {" "}
                  {line.modifiers.map((modifier) => modifier.name).join(", ")}
                </Typography>
              )}
            </Typography>
          ))}
        </Stack>
      )}
    </Card>
  );
}
