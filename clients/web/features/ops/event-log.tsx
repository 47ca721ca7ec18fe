import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";

import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

type StoryEvent = CommandOutput<"order.story">["events"][number];

/** Every event of the order, newest first; each opens to what it changed and, for dispatch, to why. */
export function EventLog({ events }: { readonly events: readonly StoryEvent[] }) {
  return (
    <Box component="section" aria-label="Event log">
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>
        What happened
      </Typography>
      <Stack component="ol" spacing={0.5} sx={{ listStyle: "none", p: 0, m: 0 }}>
        {events
          .toSorted((a, b) => b.seq - a.seq)
          .map((event) => (
            <Event key={event.id} event={event} />
          ))}
      </Stack>
    </Box>
  );
}

function Event({ event }: { readonly event: StoryEvent }) {
  const { reason, ...rest } = event.payload;
  const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
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
            {event.type}
          </Typography>
          <Typography component="span" variant="body2" color="textSecondary">
            {event.actorRole} · {time.format(event.atMs)}
          </Typography>
        </Box>
        <Json value={rest} />
      </details>
      {reason !== undefined && (
        <Box sx={{ mt: 0.5 }}>
          <Typography variant="body2" color="textSecondary">
            Why
          </Typography>
          <Json value={reason} />
        </Box>
      )}
    </Box>
  );
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
