import Place from "@mui/icons-material/PlaceOutlined";
import Search from "@mui/icons-material/Search";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import FormControlLabel from "@mui/material/FormControlLabel";
import InputAdornment from "@mui/material/InputAdornment";
import MenuItem from "@mui/material/MenuItem";
import Stack from "@mui/material/Stack";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useDeferredValue, useState } from "react";

import { queryFailure } from "../../app/query-failure.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useRestaurantsQuery } from "../../app/data.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { marketChosen } from "./place.ts";
import { RestaurantCard } from "./restaurant-card.tsx";
import { useMarket, usePoint, type Market } from "./use-place.ts";

const PlaceDialog = lazy(async () => ({ default: (await import("./place-dialog.tsx")).PlaceDialog }));

/** `/`: who cooks near the customer. */
export function BrowsePage() {
  const { market, markets, error, isLoading, refetch } = useMarket();
  if (isLoading) return <Loading what="Looking up the cities…" />;
  if (error && !market) return <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />;
  if (!market) return <Empty title="No city is served here yet">An administrator can open a market.</Empty>;
  return <MarketView market={market} markets={markets} />;
}

function MarketView({ market, markets }: { readonly market: Market; readonly markets: readonly Market[] }) {
  const [search, setSearch] = useState("");
  const [openNow, setOpenNow] = useState(false);
  const [cuisine, setCuisine] = useState<string>();
  const dispatch = useAppDispatch();
  const choose = (marketId: string) => {
    setCuisine(undefined);
    dispatch(marketChosen(marketId));
  };
  return (
    <Stack spacing={3}>
      <Stack spacing={1.5}>
        <Typography variant="h1">What shall we bring you?</Typography>
        <Where market={market} markets={markets} onMarket={choose} />
      </Stack>
      <Stack direction={{ xs: "column", sm: "row" }} spacing={2} sx={{ alignItems: { sm: "center" } }}>
        <TextField
          type="search"
          label="Search restaurants, cuisines, dishes"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          slotProps={{
            htmlInput: { maxLength: 80 },
            input: {
              startAdornment: (
                <InputAdornment position="start">
                  <Search />
                </InputAdornment>
              ),
            },
          }}
        />
        <FormControlLabel
          sx={{ flex: "none" }}
          control={<Switch checked={openNow} onChange={(event) => setOpenNow(event.target.checked)} />}
          label="Open now"
        />
      </Stack>
      <Restaurants market={market} search={search} openNow={openNow} cuisine={cuisine} onCuisine={setCuisine} />
    </Stack>
  );
}

interface WhereProps {
  readonly market: Market;
  readonly markets: readonly Market[];
  readonly onMarket: (marketId: string) => void;
}

function Where({ market, markets, onMarket }: WhereProps) {
  const [picking, setPicking] = useState(false);
  const line = useAppSelector((state) => state.place.line);
  const { chosen } = usePoint(market);
  return (
    <Stack direction="row" useFlexGap sx={{ flexWrap: "wrap", alignItems: "center", gap: 1.5 }}>
      {markets.length > 1 && (
        <TextField
          select
          size="small"
          label="City"
          value={market.id}
          onChange={(event) => onMarket(event.target.value)}
          sx={{ width: 200 }}
        >
          {markets.map((each) => (
            <MenuItem key={each.id} value={each.id}>
              {each.name}
            </MenuItem>
          ))}
        </TextField>
      )}
      <Button
        variant="outlined"
        startIcon={<Place />}
        onClick={() => setPicking(true)}
        aria-label="Choose where to deliver"
      >
        {chosen ? line || "Your place on the map" : `Centre of ${market.name}: choose your place`}
      </Button>
      {picking && (
        <Suspense fallback={null}>
          <PlaceDialog market={market} onClose={() => setPicking(false)} />
        </Suspense>
      )}
    </Stack>
  );
}

interface RestaurantsProps {
  readonly market: Market;
  readonly search: string;
  readonly openNow: boolean;
  readonly cuisine: string | undefined;
  readonly onCuisine: (cuisine: string | undefined) => void;
}

function Restaurants({ market, search, openNow, cuisine, onCuisine }: RestaurantsProps) {
  const { point } = usePoint(market);
  const wanted = useDeferredValue(search.trim());
  const { data, error, isLoading, isFetching, refetch } = useRestaurantsQuery(
    {
      marketId: market.id,
      limit: 100,
      openNow: openNow ? "true" : "false",
      ...(wanted ? { search: wanted } : {}),
      ...(point ? { lat: point.lat, lng: point.lng } : {}),
    },
    { pollingInterval: 60_000, skipPollingIfUnfocused: true },
  );
  if (isLoading) return <Loading what="Looking for kitchens near you…" />;
  if (!data) return <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />;
  const cuisines = [...new Set(data.restaurants.map((each) => each.cuisine))].toSorted();
  const shown = cuisine === undefined ? data.restaurants : data.restaurants.filter((each) => each.cuisine === cuisine);
  return (
    <Stack spacing={2} aria-busy={isFetching}>
      {error && <Failed failure={queryFailure(error)} onRetry={() => void refetch()} />}
      {cuisines.length > 1 && (
        <Stack direction="row" role="group" aria-label="Cuisines" sx={{ gap: 1, overflowX: "auto", pb: 0.5 }}>
          {cuisines.map((each) => (
            <Chip
              key={each}
              label={each}
              clickable
              aria-pressed={each === cuisine}
              color={each === cuisine ? "primary" : "default"}
              variant={each === cuisine ? "filled" : "outlined"}
              onClick={() => onCuisine(each === cuisine ? undefined : each)}
            />
          ))}
        </Stack>
      )}
      {shown.length === 0 ? (
        <Empty title="Nobody found">No restaurant here fits that. Try other words, or look at closed ones too.</Empty>
      ) : (
        <Box
          component="ul"
          aria-label="Restaurants"
          sx={{
            display: "grid",
            gap: 2,
            p: 0,
            m: 0,
            listStyle: "none",
            gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 300px), 1fr))",
          }}
        >
          {shown.map((restaurant) => (
            <RestaurantCard key={restaurant.id} restaurant={restaurant} timeZone={market.timeZone} />
          ))}
        </Box>
      )}
    </Stack>
  );
}
