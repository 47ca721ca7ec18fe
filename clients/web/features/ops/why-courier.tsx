import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Table from "@mui/material/Table";
import TableBody from "@mui/material/TableBody";
import TableCell from "@mui/material/TableCell";
import TableHead from "@mui/material/TableHead";
import TableRow from "@mui/material/TableRow";
import Typography from "@mui/material/Typography";
import { useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { DispatchDecision } from "#shared/contracts/dispatch.ts";

import type { Failure } from "../../../common/failure.ts";
import { formatSpan } from "../../../common/format.ts";
import { Empty, Failed, Loading } from "../../../common/notice.tsx";
import { useAnswer } from "../../../common/use-answer.ts";
import { costWords, partsWords } from "./why-words.ts";

/** A delivery in the dispatch round that offered it. */
type DecisionRef = Required<Pick<CommandInput<"dispatch.decision">, "marketId" | "decisionId" | "deliveryId">>;
type Told = NonNullable<DispatchDecision["explained"]>;

interface WhyProps {
  readonly hub: HubClient | undefined;
  readonly decision: DecisionRef;
}

export interface WhyCourierProps extends WhyProps {
  /** What is asked; on the button. */
  readonly question?: string;
}

/** Why dispatch chose this courier and not another: opened when somebody asks. */
export function WhyCourier({ hub, decision, question = "Why this courier" }: WhyCourierProps) {
  const [open, setOpen] = useState(false);
  return (
    <Box>
      <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {question}
      </Button>
      {open && <Why hub={hub} decision={decision} />}
    </Box>
  );
}

function Why({ hub, decision: { marketId, decisionId, deliveryId } }: WhyProps) {
  const ref = { marketId, decisionId, deliveryId };
  const { answer: decision, failure, refetch } = useAnswer(hub, "dispatch.decision", ref);
  if (failure) return <Refused failure={failure} onRetry={refetch} />;
  if (!decision) return <Loading what="Looking up the decision…" />;
  const { explained, version, round } = decision;
  if (!explained) return <Empty title="The round did not know this delivery" />;
  return (
    <Box component="section" aria-label="Why this courier">
      <Typography sx={{ my: 0.5 }}>{explained.words}</Typography>
      {!explained.complete && (
        <Alert severity="info">Another version decided this; only the couriers that it wrote down are shown.</Alert>
      )}
      <Couriers told={explained} decidedAtMs={decision.decidedAtMs} />
      <Typography variant="body2" color="textSecondary">
        Costs are minutes of waiting food, all else weighed against them. Round {round}, version {version}:{" "}
        {decision.openDeliveries} open deliveries, {decision.couriers} couriers.
      </Typography>
      {decision.moves.map((move) => (
        <Typography key={move.courierId} variant="body2" color="textSecondary">
          {move.courierName} was advised to wait near {move.restaurantName}, {formatSpan(move.wayMs)} away.
        </Typography>
      ))}
    </Box>
  );
}

function Refused({ failure, onRetry }: { readonly failure: Failure; readonly onRetry: () => void }) {
  return failure.code === "decision.not-found" ? (
    <Empty title="Kept no longer">Decisions are kept for some days only; the offer&apos;s own numbers stay.</Empty>
  ) : (
    <Failed failure={failure} onRetry={onRetry} />
  );
}

function Couriers({ told, decidedAtMs }: { readonly told: Told; readonly decidedAtMs: number }) {
  if (told.couriers.length === 0) return <Empty title="No courier was on duty" />;
  return (
    <Box sx={{ overflowX: "auto" }}>
      <Table size="small" aria-label="Couriers of the round">
        <TableHead>
          <TableRow>
            <TableCell>Courier</TableCell>
            <TableCell align="right">Way</TableCell>
            <TableCell align="right">Food in hand</TableCell>
            <TableCell align="right">Cost</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {told.couriers.map((courier) => (
            <Courier key={courier.courierId} courier={courier} decidedAtMs={decidedAtMs} />
          ))}
        </TableBody>
      </Table>
    </Box>
  );
}

function Courier({
  courier,
  decidedAtMs,
}: {
  readonly courier: Told["couriers"][number];
  readonly decidedAtMs: number;
}) {
  const goes = courier.verdict === "chosen" || courier.verdict === "counted-on";
  const parts = partsWords(courier.terms);
  return (
    <>
      <TableRow selected={goes} sx={{ "& > td": { borderBottom: 0, pb: 0 } }}>
        <TableCell>
          <strong>{courier.name || `…${courier.courierId.slice(-6)}`}</strong>
          {goes && " ✓"}
        </TableCell>
        <TableCell align="right">{courier.wayMs === null ? "—" : formatSpan(courier.wayMs)}</TableCell>
        <TableCell align="right">
          {courier.numbers ? formatSpan(courier.numbers.pickupAtMs - decidedAtMs) : "—"}
        </TableCell>
        <TableCell align="right">{courier.cost === null ? "—" : costWords(courier.cost)}</TableCell>
      </TableRow>
      {/* Words have the whole width: a phone has no room for them beside figures, and no pointer to hover with. */}
      <TableRow selected={goes}>
        <TableCell colSpan={4} sx={{ pt: 0.25 }}>
          <Typography variant="body2" color="textSecondary">
            {courier.words}
          </Typography>
          {parts !== "" && <Typography variant="caption">Cost: {parts}.</Typography>}
        </TableCell>
      </TableRow>
    </>
  );
}
