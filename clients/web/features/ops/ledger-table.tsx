import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";

import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import { formatClock, formatMoney } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";

/** The money that moved: each reference sums to nothing over its accounts. */
export function LedgerTable({ rows }: { readonly rows: CommandOutput<"order.story">["ledger"] }) {
  const timeZone = useMarketZone();
  return (
    <section aria-label="Ledger">
      <Typography variant="h4" component="h3">
        Money
      </Typography>
      {rows.length === 0 && <Typography color="textSecondary">No money has moved yet.</Typography>}
      {rows.length > 0 && (
        <Table size="small" aria-label="Ledger entries">
          <TableHead>
            <TableRow>
              <TableCell>Time</TableCell>
              <TableCell>For</TableCell>
              <TableCell>Account</TableCell>
              <TableCell align="right">Amount</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map((row) => (
              <TableRow key={`${row.reference} ${row.account}`}>
                <TableCell>{formatClock(row.atMs, timeZone)}</TableCell>
                <TableCell title={row.reference}>{row.reference.split("/")[0]}</TableCell>
                <TableCell title={row.account}>{row.account.split(":")[0]}</TableCell>
                <TableCell align="right" sx={{ fontVariantNumeric: "tabular-nums", whiteSpace: "nowrap" }}>
                  {formatMoney(row.amountMinor, row.currency)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </section>
  );
}
