import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { Link } from "react-router";

import { formatMoney } from "../../../common/format.ts";
import { useAppDispatch } from "../../app/store.ts";
import { Stepper } from "../browse/item-dialog.tsx";
import { quantitySet, type BasketLine } from "./basket.ts";
import { useBasketQuote } from "./use-quote.ts";

/** The basket beside the menu. */
export function BasketPanel() {
  const { basket, quote, failure } = useBasketQuote();
  if (basket.lines.length === 0) {
    return <Typography color="textSecondary">Your basket is empty. Pick something from the menu.</Typography>;
  }
  return (
    <Stack spacing={1.5}>
      <Typography variant="h4" component="h2">
        {basket.restaurantName}
      </Typography>
      <BasketLines lines={basket.lines} />
      {failure && <Alert severity="warning">{failure.title}</Alert>}
      <Button component={Link} to="/checkout" variant="contained" size="large">
        {quote ? `Checkout · ${formatMoney(quote.price.totalMinor, quote.currency)}` : "Checkout"}
      </Button>
    </Stack>
  );
}

/** The lines, to be changed. */
export function BasketLines({ lines }: { readonly lines: readonly BasketLine[] }) {
  const dispatch = useAppDispatch();
  return (
    <Stack component="ul" spacing={1} sx={{ listStyle: "none", p: 0, m: 0 }}>
      {lines.map((line, at) => (
        <Stack
          component="li"
          direction="row"
          key={`${line.itemId} ${line.choices} ${line.note}`}
          sx={{ alignItems: "center", justifyContent: "space-between", gap: 1 }}
        >
          <div>
            <Typography sx={{ fontWeight: 600 }}>{line.name}</Typography>
            <Typography variant="body2" color="textSecondary">
              {[line.choices, line.note].filter(Boolean).join(" · ")}
            </Typography>
          </div>
          <Stepper
            name={line.name}
            quantity={line.quantity}
            onChange={(quantity) => dispatch(quantitySet({ at, quantity }))}
          />
        </Stack>
      ))}
    </Stack>
  );
}
