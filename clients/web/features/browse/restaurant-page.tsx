import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Card from "@mui/material/Card";
import Paper from "@mui/material/Paper";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { Link, useParams } from "react-router";

import type { MenuItem, MenuView, RestaurantView } from "#shared/contracts/views.ts";

import { formatMoney } from "../../../common/format.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useNow } from "../../../common/use-now.ts";
import { useMenuQuery, useRestaurantQuery } from "../../app/data.ts";
import { queryFailure } from "../../app/query-failure.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { countOf, lineAdded, type BasketLine } from "../basket/basket.ts";
import { BasketPanel } from "../basket/basket-panel.tsx";
import { ItemDialog } from "./item-dialog.tsx";
import { MenuItemCard } from "./menu-item-card.tsx";
import { openText } from "./open-text.ts";
import { TinBand } from "./tin-band.tsx";
import { useMarket, type Market } from "./use-place.ts";

/** Prices and what is sold out are asked again so often while a menu is open, wall ms. */
const REFRESH = { pollingInterval: 20_000, skipPollingIfUnfocused: true };

/** `/r/:restaurantId`: the menu, and the basket beside it. */
export function RestaurantPage() {
  const { restaurantId = "" } = useParams();
  const { market } = useMarket();
  const ask = { marketId: market?.id ?? "", restaurantId };
  const restaurant = useRestaurantQuery(ask, { skip: !market, ...REFRESH });
  const menu = useMenuQuery(ask, { skip: !market, ...REFRESH });
  const error = restaurant.data ? (menu.data ? undefined : menu.error) : restaurant.error;
  if (error) {
    const again = () => void Promise.all([restaurant.refetch(), menu.refetch()]);
    return <Failed failure={queryFailure(error)} onRetry={again} />;
  }
  if (!market || !restaurant.data || !menu.data) return <Loading what="Fetching the menu…" />;
  return <MenuPage market={market} restaurant={restaurant.data} menu={menu.data} />;
}

interface MenuPageProps {
  readonly market: Market;
  readonly restaurant: RestaurantView;
  readonly menu: MenuView;
}

function MenuPage({ market, restaurant, menu }: MenuPageProps) {
  const [picked, setPicked] = useState<MenuItem>();
  const dispatch = useAppDispatch();
  const add = (line: BasketLine) => {
    dispatch(lineAdded({ marketId: market.id, restaurantId: restaurant.id, restaurantName: restaurant.name, line }));
    setPicked(undefined);
  };
  const categories = menu.categories.filter((category) => category.items.length > 0);
  return (
    <Box
      sx={{
        display: "grid",
        gap: 4,
        gridTemplateColumns: { md: "minmax(0, 1fr) 340px" },
        alignItems: "start",
        pb: { xs: 10, md: 0 },
      }}
    >
      <Stack spacing={3} sx={{ minWidth: 0 }}>
        <Head restaurant={restaurant} timeZone={market.timeZone} />
        {categories.length === 0 && (
          <Empty title="The menu is empty">This kitchen has not put anything on its menu yet.</Empty>
        )}
        {categories.map((category) => (
          <Box component="section" key={category.id} aria-labelledby={`c-${category.id}`}>
            <Typography variant="h3" component="h2" id={`c-${category.id}`} sx={{ mb: 1.5 }}>
              {category.name}
            </Typography>
            <Box sx={{ display: "grid", gap: 1.5, gridTemplateColumns: { sm: "1fr 1fr" } }}>
              {category.items.map((item) => (
                <MenuItemCard key={item.id} item={item} currency={menu.currency} onPick={() => setPicked(item)} />
              ))}
            </Box>
          </Box>
        ))}
      </Stack>
      <Card
        component="aside"
        aria-label="Basket"
        sx={{ position: "sticky", top: 88, p: 2.5, display: { xs: "none", md: "block" } }}
      >
        <BasketPanel />
      </Card>
      <BasketBar />
      {picked && <ItemDialog item={picked} currency={menu.currency} onAdd={add} onClose={() => setPicked(undefined)} />}
    </Box>
  );
}

function Head({ restaurant, timeZone }: { readonly restaurant: RestaurantView; readonly timeZone: string }) {
  const nowMs = useNow(30_000);
  const facts = [restaurant.cuisine, restaurant.addressLine, `about ${restaurant.prepMinutes} min to cook`];
  if (restaurant.minimumMinor > 0)
    facts.push(`orders from ${formatMoney(restaurant.minimumMinor, restaurant.currency)}`);
  return (
    <Box>
      <Box sx={{ borderRadius: 1.5, overflow: "hidden", mb: 2 }}>
        <TinBand name={restaurant.name} quiet={!restaurant.open} height={120} />
      </Box>
      <Typography variant="h1">{restaurant.name}</Typography>
      <Typography color="textSecondary" sx={{ mt: 0.5 }}>
        {facts.join(" · ")}
      </Typography>
      {restaurant.description && <Typography sx={{ mt: 1 }}>{restaurant.description}</Typography>}
      {!restaurant.open && (
        <Alert severity="info" sx={{ mt: 2 }}>
          {openText(restaurant, timeZone, nowMs)}. You can look at the menu, not order.
        </Alert>
      )}
    </Box>
  );
}

/** On small screens the basket is one touch away. */
function BasketBar() {
  const count = useAppSelector((state) => countOf(state.basket));
  if (count === 0) return null;
  return (
    <Paper
      elevation={8}
      sx={{
        display: { md: "none" },
        position: "fixed",
        insetInline: 0,
        bottom: 0,
        p: 1.5,
        pb: "calc(12px + env(safe-area-inset-bottom))",
        zIndex: "appBar",
      }}
    >
      <Button component={Link} to="/checkout" variant="contained" size="large" fullWidth>
        Basket · {count} {count === 1 ? "item" : "items"}
      </Button>
    </Paper>
  );
}
