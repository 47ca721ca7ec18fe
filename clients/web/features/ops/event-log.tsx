import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";

import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import { formatSpan } from "../../../common/format.ts";
import { weighedOf } from "./weighed.ts";

type StoryEvent = CommandOutput<"order.story">["events"][number];

export interface EventLogProps {
  readonly events: readonly StoryEvent[];
  /** A courier's name, where it is known. */
  readonly nameOf: (courierId: string) => string | undefined;
}

/** Every event of the order, newest first; each opens to what it changed and, for dispatch, to why. */
export function EventLog({ events, nameOf }: EventLogProps) {
  return (
    <Box component="section" aria-label="Event log">
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>
        What happened
      </Typography>
      <Stack component="ol" spacing={0.5} sx={{ listStyle: "none", p: 0, m: 0 }}>
        {events
          .toSorted((a, b) => b.seq - a.seq)
          .map((event) => (
            <Event key={event.id} event={event} nameOf={nameOf} />
          ))}
      </Stack>
    </Box>
  );
}

function Event({ event, nameOf }: Pick<EventLogProps, "nameOf"> & { readonly event: StoryEvent }) {
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
      {reason !== undefined && <Why reason={reason} nameOf={nameOf} />}
    </Box>
  );
}

/** Why dispatch chose as it did: who was weighed, with what numbers. */
function Why({ reason, nameOf }: Pick<EventLogProps, "nameOf"> & { readonly reason: unknown }) {
  const weighed = weighedOf(reason);
  if (weighed.length === 0) return <Json value={wordsOf(reason) ?? reason} />;
  return (
    <Table size="small" aria-label="Why this courier" sx={{ mt: 0.5 }}>
      <TableHead>
        <TableRow>
          <TableCell>Weighed</TableCell>
          <TableCell align="right">Rides</TableCell>
          <TableCell align="right">Waits</TableCell>
          <TableCell align="right">Food waits</TableCell>
          <TableCell align="right">Cost</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {weighed.map((row) => (
          <TableRow key={row.courierId} selected={row.chosen}>
            <TableCell sx={{ fontWeight: row.chosen ? 700 : 400 }}>
              {nameOf(row.courierId) ?? `…${row.courierId.slice(-6)}`}
              {row.chosen && " ✓"}
            </TableCell>
            <TableCell align="right">{formatSpan(row.travelMs)}</TableCell>
            <TableCell align="right">{formatSpan(row.idleMs)}</TableCell>
            <TableCell align="right">{formatSpan(row.delayMs)}</TableCell>
            <TableCell align="right">{Math.round(row.cost / 1000)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
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
