import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import { eventWords } from "../../../common/event-words.ts";
import { formatClockSeconds } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { statusWords } from "./board.ts";
import { decisionOf } from "./decision-of.ts";
import { WhyCourier } from "./why-courier.tsx";

type StoryEvent = CommandOutput<"order.story">["events"][number];

interface Where {
  readonly hub: HubClient | undefined;
  readonly marketId: string;
}

export interface EventLogProps extends Where {
  readonly events: readonly StoryEvent[];
}

/** Every event of the order, newest first; each opens to what it changed and, for dispatch, to why. */
export function EventLog({ events, hub, marketId }: EventLogProps) {
  return (
    <Box component="section" aria-label="Event log">
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>
        What happened
      </Typography>
      <Stack component="ol" spacing={0.5} sx={{ listStyle: "none", p: 0, m: 0 }}>
        {events
          .toSorted((a, b) => b.seq - a.seq)
          .map((event) => (
            <Event key={event.id} event={event} hub={hub} marketId={marketId} />
          ))}
      </Stack>
    </Box>
  );
}

function Event({ event, hub, marketId }: Where & { readonly event: StoryEvent }) {
  const { reason, ...rest } = event.payload;
  const timeZone = useMarketZone();
  return (
    <Box component="li" sx={{ border: 1, borderColor: "divider", borderRadius: 1, px: 1.5, py: 0.75 }}>
      <details>
        <Box
          component="summary"
          sx={{ cursor: "pointer", display: "flex", gap: 1.5, alignItems: "baseline", minHeight: 28 }}
        >
          <Typography component="span" variant="body2" color="textSecondary" sx={{ minWidth: 28 }}>
            #{event.seq}
          </Typography>
          <Typography component="span" sx={{ fontWeight: 600, flex: 1 }}>
            {eventWords(event.type, "office")}
            <Typography component="small" variant="caption" color="textSecondary" sx={{ display: "block" }}>
              {event.type}
            </Typography>
          </Typography>
          <Typography component="span" variant="body2" color="textSecondary">
            {statusWords(event.actorRole)} · {formatClockSeconds(event.atMs, timeZone)}
          </Typography>
        </Box>
        <Json value={rest} />
      </details>
      {reason !== undefined && <Why reason={reason} hub={hub} marketId={marketId} />}
    </Box>
  );
}

/** A person's reason in words, dispatch's by its decision. */
function Why({ reason, hub, marketId }: Where & { readonly reason: unknown }) {
  const ids = decisionOf(reason);
  return ids ? <WhyCourier hub={hub} decision={{ marketId, ...ids }} /> : <Json value={wordsOf(reason) ?? reason} />;
}

/** A person's reason, without the numbers that stand beside it. */
function wordsOf(reason: unknown): string | undefined {
  if (typeof reason !== "object" || reason === null || !("reason" in reason)) return undefined;
  return typeof reason.reason === "string" ? `“${reason.reason}”` : undefined;
}

function Json({ value }: { readonly value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <Box
      component="pre"
      sx={{ m: 0, fontSize: 12, overflowX: "auto", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
    >
      {text}
    </Box>
  );
}
