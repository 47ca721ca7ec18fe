import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import { useEffect, useRef, useState } from "react";

import type { PaymentsConfig } from "../../../common/deployment.ts";

/** What we use of Stripe.js, which Stripe wants to be loaded from its own address. */
interface StripeCard {
  mount(element: HTMLElement): void;
  destroy(): void;
}
interface StripeJs {
  elements(): { create(type: "card"): StripeCard };
  confirmCardPayment(
    secret: string,
    data: { payment_method: { card: StripeCard } },
  ): Promise<{ error?: { message?: string } }>;
}
declare global {
  interface Window {
    Stripe?: (publishableKey: string) => StripeJs;
  }
}

export interface StripeFormProps {
  readonly config: PaymentsConfig;
  readonly secret: string;
  readonly onConfirmed: () => Promise<void>;
}

/** Card entry by Stripe itself: the card never passes through this page. */
export function StripeForm({ config, secret, onConfirmed }: StripeFormProps) {
  const box = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState<{ stripe: StripeJs; card: StripeCard }>();
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState("");

  useEffect(() => {
    let card: StripeCard | undefined;
    let gone = false;
    loadStripe(config.publishableKey).then(
      (stripe) => {
        if (gone || !box.current) return;
        card = stripe.elements().create("card");
        card.mount(box.current);
        setReady({ stripe, card });
      },
      () => setMessage("Stripe cannot be reached. Nothing was charged; reload to try again."),
    );
    return () => {
      gone = true;
      card?.destroy();
    };
  }, [config.publishableKey]);

  const pay = async () => {
    if (!ready) return;
    setBusy(true);
    setMessage("");
    const { error } = await ready.stripe.confirmCardPayment(secret, { payment_method: { card: ready.card } });
    if (error) setMessage(error.message ?? "The card was refused.");
    else await onConfirmed();
    setBusy(false);
  };

  return (
    <Stack spacing={2}>
      <Box ref={box} sx={{ p: 2, border: 1, borderColor: "divider", borderRadius: 1, bgcolor: "#fff" }} />
      {message && <Alert severity="error">{message}</Alert>}
      <Button size="large" variant="contained" disabled={!ready} loading={busy} onClick={() => void pay()}>
        Pay now
      </Button>
    </Stack>
  );
}

function loadStripe(publishableKey: string): Promise<StripeJs> {
  if (window.Stripe) return Promise.resolve(window.Stripe(publishableKey));
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "https://js.stripe.com/v3/";
    script.addEventListener("load", () =>
      window.Stripe ? done(window.Stripe(publishableKey)) : failed(new Error("no Stripe")),
    );
    script.addEventListener("error", () => failed(new Error("Stripe.js did not load")));
    document.head.append(script);
  });
}
