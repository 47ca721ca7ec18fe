import Card from "@mui/material/Card";
import CardActionArea from "@mui/material/CardActionArea";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { Link } from "react-router";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { formatDay, formatMoney } from "../../../common/format.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { SignInForm } from "../../../common/sign-in-form.tsx";
import { useSession } from "../../../common/use-session.ts";
import { useMyOrdersQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useServices } from "../../app/services.ts";
import { headline, isOver } from "./stages.ts";

/** `/orders`: what was ordered before, newest first. */
export function OrdersPage() {
  const { sessions } = useServices();
  const signedIn = useSession(sessions.customer);
  if (!signedIn) {
    return (
      <Card sx={{ p: 3, maxWidth: 420, mx: "auto" }}>
        <SignInForm session={sessions.customer} title="Sign in to see your orders" canRegister />
      </Card>
    );
  }
  return (
    <Stack spacing={2} sx={{ maxWidth: 720, mx: "auto" }}>
      <Typography variant="h1">My orders</Typography>
      <OrdersFrom cursor={undefined} />
    </Stack>
  );
}

/** One page of orders, and on request the next one under it. */
function OrdersFrom({ cursor }: { readonly cursor: string | undefined }) {
  const [more, setMore] = useState(false);
  const { data, error, isLoading, refetch } = useMyOrdersQuery(cursor === undefined ? {} : { cursor });
  if (isLoading) return <Loading what="Looking for your orders…" />;
  if (!data) return <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />;
  if (data.orders.length === 0 && cursor === undefined) {
    return (
      <Empty title="Nothing ordered yet">
        <Button component={Link} to="/" variant="contained">
          Look at the restaurants
        </Button>
      </Empty>
    );
  }
  return (
    <>
      {data.orders.map((order) => (
        <OrderRow key={order.id} order={order} />
      ))}
      {data.nextCursor && !more && <Button onClick={() => setMore(true)}>Older orders</Button>}
      {data.nextCursor && more && <OrdersFrom cursor={data.nextCursor} />}
    </>
  );
}

function OrderRow({ order }: { readonly order: SeenOrder }) {
  const dishes = order.lines?.map((line) => `${line.quantity} × ${line.name}`).join(", ");
  return (
    <Card sx={isOver(order) ? {} : { borderColor: "secondary.main", borderWidth: 2 }}>
      <CardActionArea component={Link} to={`/orders/${order.id}?market=${order.marketId ?? ""}`} sx={{ p: 2 }}>
        <Stack direction="row" sx={{ justifyContent: "space-between", gap: 2 }}>
          <div>
            <Typography variant="h4" component="h2">
              {order.restaurantName}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {dishes}
            </Typography>
            <Typography variant="body2" sx={{ mt: 0.5, fontWeight: 600 }}>
              {headline(order)}
            </Typography>
          </div>
          <Stack sx={{ textAlign: "right", flex: "none" }}>
            {order.price && order.currency && (
              <Typography sx={{ fontWeight: 700 }}>{formatMoney(order.price.totalMinor, order.currency)}</Typography>
            )}
            {order.placedAtMs && (
              <Typography variant="body2" color="textSecondary">
                {formatDay(order.placedAtMs)}
              </Typography>
            )}
          </Stack>
        </Stack>
      </CardActionArea>
    </Card>
  );
}
