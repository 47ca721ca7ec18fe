import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { useEffect } from "react";

import { Loading } from "../../common/notice.tsx";
import { SignInForm } from "../../common/sign-in-form.tsx";
import { useSession } from "../../common/use-session.ts";
import { DemoRideLine } from "../gps/demo-ride-line.tsx";
import { useLocated } from "../gps/use-located.ts";
import { keepAwake } from "../gps/wake-lock.ts";
import { outboxActions } from "../link/outbox.ts";
import { shownWork } from "../link/shown.ts";
import { LinkContext, useMakeLink } from "../link/use-link.ts";
import { OfferScreen } from "../offer/offer-screen.tsx";
import { OffDuty } from "../shift/off-duty.tsx";
import { Waiting } from "../shift/waiting.tsx";
import { headedFor } from "../stops/next-step.ts";
import { StopScreen } from "../stops/stop-screen.tsx";
import { useServices } from "./services.ts";
import { useAppDispatch, useAppSelector } from "./store.ts";
import { TopBar } from "./top-bar.tsx";

/** The courier's phone: sign in, go on duty, take offers, ride stop by stop. */
export function CourierApp() {
  const { session } = useServices();
  const person = useSession(session)?.person;
  const link = useMakeLink();
  if (!person) {
    return (
      <Page>
        <SignInForm session={session} title="Ride with Tiffin" hint="Sign in with your courier account." />
      </Page>
    );
  }
  if (!person.roles.some((held) => held.role === "courier")) {
    return (
      <Page>
        <Alert severity="info">{person.name}, this account is not a courier's.</Alert>
        <Button variant="outlined" onClick={() => void session.close()}>
          Sign out
        </Button>
      </Page>
    );
  }
  if (!link) return <Loading what="Opening your shift…" />;
  return (
    <LinkContext value={link}>
      <Duty />
    </LinkContext>
  );
}

function Duty() {
  const courier = useAppSelector((state) => state.duty.courier);
  const queue = useAppSelector((state) => state.outbox.queue);
  const onDuty = courier?.shift?.endedAtMs === null;
  const work = courier ? shownWork(courier, queue) : [];
  useLocated(headedFor(work));
  useAwake(onDuty);
  if (!courier) {
    return (
      <Screen>
        <Loading what="Asking for your shift…" />
      </Screen>
    );
  }
  return (
    <Screen>
      {work.length > 0 ? <StopScreen work={work} /> : onDuty ? <Waiting courier={courier} /> : <OffDuty />}
      {courier.offer?.status === "offered" && <OfferScreen key={courier.offer.id} offer={courier.offer} />}
    </Screen>
  );
}

/** The screen stays on in a shift. */
function useAwake(onDuty: boolean): void {
  const { wakeLock } = useServices();
  useEffect(() => (onDuty ? keepAwake(wakeLock, document) : undefined), [onDuty, wakeLock]);
}

function Screen({ children }: { readonly children: React.ReactNode }) {
  const dispatch = useAppDispatch();
  const refused = useAppSelector((state) => state.outbox.refused);
  return (
    <Box sx={{ minHeight: "100dvh", display: "flex", flexDirection: "column" }}>
      <TopBar />
      <DemoRideLine />
      <Box component="main" sx={{ flex: 1, display: "flex", flexDirection: "column", minHeight: 0 }}>
        {children}
      </Box>
      <Snackbar
        key={refused?.commandId}
        open={refused !== null}
        autoHideDuration={8_000}
        onClose={(_, reason) => reason !== "clickaway" && dispatch(outboxActions.read())}
        anchorOrigin={{ vertical: "top", horizontal: "center" }}
      >
        <Alert severity="error" variant="filled" onClose={() => dispatch(outboxActions.read())}>
          {refused?.failure.title}
        </Alert>
      </Snackbar>
    </Box>
  );
}

function Page({ children }: { readonly children: React.ReactNode }) {
  return (
    <Box
      component="main"
      sx={{ minHeight: "100dvh", display: "grid", alignContent: "center", gap: 3, p: 3, maxWidth: 460, mx: "auto" }}
    >
      {children}
    </Box>
  );
}
