import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";

import type { OfferView, SeenOrder } from "#shared/contracts/views.ts";

import { formatClock, formatDistance, formatMoney, formatSpan } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import { statusWords } from "../ops/board.ts";
import { headline } from "../track/stages.ts";
import type { CourierFrame, Frame } from "./frames.ts";

export interface PanelsProps {
  readonly frame: Frame;
}

/** Side by side: what each was shown at this moment, and what was true. */
export function Panels({ frame }: PanelsProps) {
  const timeZone = useMarketZone();
  const { customer, shown, ticket, couriers, truth } = frame;
  return (
    <Box
      sx={{
        display: "grid",
        gap: 1,
        gridTemplateColumns: { xs: "1fr", sm: "repeat(2, minmax(0, 1fr))", lg: "repeat(4, minmax(0, 1fr))" },
      }}
    >
      <Panel name="Customer saw">
        {customer ? (
          <>
            <Title>{headline(customer)}</Title>
            <Facts
              rows={[
                ["Arrival told", etaWords(customer, timeZone)],
                ["Courier", customer.delivery?.courierName],
                ["Courier on the map", shown ? `yes, place of ${formatClock(shown.fix.takenAtMs, timeZone)}` : "no"],
                ["Payment", customer.payment && statusWords(customer.payment.status)],
                ["Why it ended", customer.endReason],
              ]}
            />
          </>
        ) : (
          <Nothing>Nothing yet.</Nothing>
        )}
      </Panel>
      <Panel name="Kitchen saw">
        {ticket ? <Ticket order={ticket} /> : <Nothing>No ticket of this order on the board.</Nothing>}
      </Panel>
      <Panel name="Courier saw">
        {couriers.length === 0 && <Nothing>No courier had been asked.</Nothing>}
        {couriers.map((each) => (
          <CourierScreen key={each.courierId} courier={each} atMs={frame.atMs} />
        ))}
      </Panel>
      <Panel name="What was true">{truth && <Truth frame={frame} truth={truth} />}</Panel>
    </Box>
  );
}

function Panel({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Card component="section" aria-label={name} sx={{ p: 1.5, minHeight: { sm: 168 } }}>
      <Typography variant="overline" color="textSecondary" component="h3">
        {name}
      </Typography>
      <Stack spacing={1}>{children}</Stack>
    </Card>
  );
}

function Title({ children }: { readonly children: ReactNode }) {
  return (
    <Typography variant="h5" component="p">
      {children}
    </Typography>
  );
}

function Nothing({ children }: { readonly children: ReactNode }) {
  return <Typography color="textSecondary">{children}</Typography>;
}

function Facts({ rows }: { readonly rows: readonly (readonly [string, string | null | undefined])[] }) {
  return (
    <Box
      component="dl"
      sx={{
        display: "grid",
        gridTemplateColumns: "auto 1fr",
        columnGap: 1.5,
        rowGap: 0.25,
        m: 0,
        fontSize: 14,
        "& dt": { color: "text.secondary" },
        "& dd": { m: 0 },
      }}
    >
      {rows.map(
        ([name, value]) =>
          value && (
            <Box key={name} sx={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Box>
          ),
      )}
    </Box>
  );
}

function Ticket({ order }: { readonly order: SeenOrder }) {
  const timeZone = useMarketZone();
  return (
    <>
      <Title>
        {order.code} · {statusWords(order.status)}
      </Title>
      <Typography variant="body2">
        {order.lines?.map((line) => `${line.quantity} × ${line.name}`).join(", ")}
      </Typography>
      <Facts
        rows={[
          ["Ready at", order.readyEstimateAtMs ? formatClock(order.readyEstimateAtMs, timeZone) : undefined],
          ["Courier", courierWords(order)],
          ["Note", order.note],
        ]}
      />
    </>
  );
}

function CourierScreen({ courier, atMs }: { readonly courier: CourierFrame; readonly atMs: number }) {
  const { state, work, name } = courier;
  return (
    <Box>
      <strong>{name}</strong>
      {state.offer && <Offer offer={state.offer} atMs={atMs} />}
      {work && (
        <Facts
          rows={[
            ["Step", work.delivery && statusWords(work.delivery.status)],
            ["Order", `${work.code ?? ""}, ${statusWords(work.status)}`],
            ["From", work.restaurantName],
            ["To", work.drop ? `${work.customerName ?? ""}, ${work.drop.line || "a place on the map"}` : undefined],
          ]}
        />
      )}
      {!state.offer && !work && <Nothing>Nothing of this order any more.</Nothing>}
    </Box>
  );
}

function Offer({ offer, atMs }: { readonly offer: OfferView; readonly atMs: number }) {
  const [drop] = offer.drops;
  return (
    <Facts
      rows={[
        ["Offer", `${formatSpan(offer.expiresAtMs - atMs)} left to answer`],
        ["From", offer.restaurantName],
        ["Pays", formatMoney(offer.payMinor, offer.currency)],
        ["To", drop ? `an area ${formatDistance(drop.distanceM)} away` : undefined],
        ["Orders", offer.drops.map((each) => each.orderCode).join(", ")],
      ]}
    />
  );
}

function Truth({ frame, truth }: { readonly frame: Frame; readonly truth: SeenOrder }) {
  const timeZone = useMarketZone();
  const { place, openOffer, atMs } = frame;
  const agreed = frame.customer?.status === truth.status;
  return (
    <>
      <Title>{statusWords(truth.status)}</Title>
      <Facts
        rows={[
          ["Delivery", courierWords(truth)],
          ["Asked", openOffer && `${openOffer.courierName}, until ${formatClock(openOffer.expiresAtMs, timeZone)}`],
          [
            "Courier's place",
            place && `known, ${formatSpan(atMs - place.fix.takenAtMs)} old, ±${Math.round(place.fix.accuracyM)} m`,
          ],
          ["Promise", truth.promise ? `by ${formatClock(truth.promise.p90AtMs, timeZone)}` : undefined],
          ["Delivered", truth.deliveredAtMs ? formatClock(truth.deliveredAtMs, timeZone) : undefined],
          ["Payment", truth.payment && statusWords(truth.payment.status)],
        ]}
      />
      {!agreed && <Alert severity="warning">The customer was told another state.</Alert>}
    </>
  );
}

function courierWords({ delivery }: SeenOrder): string | undefined {
  if (!delivery) return undefined;
  return [statusWords(delivery.status), delivery.courierName].filter(Boolean).join(", ");
}

/** Nobody is told an arrival that has been. */
function etaWords({ eta, status }: SeenOrder, timeZone: string | undefined): string | undefined {
  return eta && status !== "DELIVERED" && status !== "CONCLUDED"
    ? `${formatClock(eta.p50AtMs, timeZone)}–${formatClock(eta.p90AtMs, timeZone)}`
    : undefined;
}
