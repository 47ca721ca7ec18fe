import CheckCircleIcon from "@mui/icons-material/CheckCircleOutlined";
import Button from "@mui/material/Button";
import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { CourierState } from "#shared/contracts/views.ts";

import { formatClock } from "../../common/format.ts";
import { useNow } from "../../common/use-now.ts";
import { useAppSelector } from "../app/store.ts";
import { shownSuggestion } from "../link/shown.ts";
import { useLink } from "../link/use-link.ts";
import { useMarketId } from "../link/use-market.ts";
import { LazyRideMap } from "../map/lazy-ride-map.tsx";
import { SuggestionCard } from "./suggestion-card.tsx";
import { WhyNot } from "./why-not.tsx";

/** On duty and free: where I am, where to wait best, until when, and the way out. */
export function Waiting({ courier }: { readonly courier: CourierState }) {
  const link = useLink();
  const marketId = useMarketId();
  const { point, gps } = useAppSelector((state) => state.place);
  const queue = useAppSelector((state) => state.outbox.queue);
  const ending = queue.some((each) => each.name === "shift.end");
  const nowMs = useNow(15_000);
  const suggestion = shownSuggestion(courier, queue, point, nowMs);
  const place = suggestion && {
    point: suggestion.point,
    kind: "restaurant" as const,
    label: `Orders are expected near ${suggestion.restaurantName}`,
  };
  return (
    <Stack sx={{ flex: 1, minHeight: 0 }}>
      <Box sx={{ flex: 1, minHeight: 260, position: "relative" }}>
        {point ? (
          // A share of the screen has no height of its own that a map could take a share of.
          <Box sx={{ position: "absolute", inset: 0 }}>
            <LazyRideMap
              here={point}
              {...(place ? { place } : {})}
              label={place ? "Where you are, and where orders are expected" : "Where you are"}
              height="100%"
            />
          </Box>
        ) : (
          <Typography sx={{ p: 3 }}>
            {gps === "denied" ? "The location is not allowed." : "Looking for where you are…"}
          </Typography>
        )}
      </Box>
      <Stack sx={{ p: 2.5, gap: 2, borderTop: 1, borderColor: "divider", bgcolor: "background.paper" }}>
        <Done />
        {suggestion && marketId && (
          <SuggestionCard
            key={suggestion.id}
            suggestion={suggestion}
            onStay={() => link.say("suggestion.dismiss", { marketId, suggestionId: suggestion.id })}
          />
        )}
        <Typography variant="h2" component="h1">
          Waiting for an offer
        </Typography>
        <Typography sx={{ fontSize: "1.125rem" }} color="text.secondary">
          {courier.shift && <>On shift until {formatClock(courier.shift.endsAtMs)}. </>}
          The phone rings when there is one.
        </Typography>
        <WhyNot />
        <Button
          variant="outlined"
          size="large"
          loading={ending}
          sx={{ minHeight: 64, fontSize: "1.125rem" }}
          onClick={() => marketId && link.say("shift.end", { marketId })}
        >
          End shift
        </Button>
      </Stack>
    </Stack>
  );
}

/** What was brought, newest first: said by the hub, not by the button. */
function Done() {
  const delivered = useAppSelector((state) => state.duty.delivered);
  if (delivered.length === 0) return null;
  return (
    <Stack component="ul" aria-label="Delivered" sx={{ m: 0, p: 0, listStyle: "none", gap: 0.75 }}>
      {delivered.slice(0, 3).map(({ code, atMs }) => (
        <Stack component="li" direction="row" key={code} sx={{ alignItems: "center", gap: 1, color: "success.main" }}>
          <CheckCircleIcon aria-hidden />
          <Typography sx={{ fontSize: "1.125rem", fontWeight: 650 }}>
            {code} delivered at {formatClock(atMs)}
          </Typography>
        </Stack>
      ))}
    </Stack>
  );
}
