import Box from "@mui/material/Box";
import Divider from "@mui/material/Divider";
import Stack from "@mui/material/Stack";

import type { PriceBreakdown } from "#shared/contracts/money.ts";

import { formatDistance, formatMoney } from "../../../common/format.ts";

/** What is paid and why. */
export function PriceLines({ price, currency }: { readonly price: PriceBreakdown; readonly currency: string }) {
  const rows: [string, number][] = [["Dishes", price.itemsMinor]];
  if (price.deliveryMinor > 0 || price.distanceM > 0)
    rows.push([`Delivery, ${formatDistance(price.distanceM)}`, price.deliveryMinor]);
  if (price.serviceFeeMinor > 0) rows.push(["Service fee", price.serviceFeeMinor]);
  if (price.tipMinor > 0) rows.push(["Tip for the courier", price.tipMinor]);
  return (
    <Box component="dl" aria-label="Price" sx={{ m: 0, "& dt, & dd": { m: 0 } }}>
      {rows.map(([name, amountMinor]) => (
        <Row key={name} name={name} value={formatMoney(amountMinor, currency)} />
      ))}
      <Divider sx={{ my: 1 }} />
      <Row name="Total" value={formatMoney(price.totalMinor, currency)} strong />
      {price.taxMinor > 0 && <Row name="of it tax" value={formatMoney(price.taxMinor, currency)} quiet />}
    </Box>
  );
}

interface RowProps {
  readonly name: string;
  readonly value: string;
  readonly strong?: boolean;
  readonly quiet?: boolean;
}

function Row({ name, value, strong = false, quiet = false }: RowProps) {
  return (
    <Stack
      direction="row"
      sx={{
        justifyContent: "space-between",
        py: 0.4,
        fontWeight: strong ? 700 : 400,
        fontSize: strong ? "1.15rem" : quiet ? ".875rem" : "1rem",
        color: quiet ? "text.secondary" : "text.primary",
        fontVariantNumeric: "tabular-nums",
      }}
    >
      <dt>{name}</dt>
      <dd>{value}</dd>
    </Stack>
  );
}
