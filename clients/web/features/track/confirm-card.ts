import type { PaymentsConfig } from "../../../common/deployment.ts";

export interface Card {
  readonly number: string;
  /** "12/34" or "12 / 2034". */
  readonly expiry: string;
  readonly cvc: string;
}

export type Confirmed =
  /** The provider holds the money, or will tell: ask the hub to settle. */
  | { readonly outcome: "done" }
  /** The card's bank wants to see the customer at this address first. */
  | { readonly outcome: "redirect"; readonly url: string }
  | { readonly outcome: "refused"; readonly message: string };

/**
 * Confirms the payment at the provider from the browser, as Stripe.js does: with the publishable key and the intent's
 * client secret; the card never touches the hub. Run twice, the second time is refused as already confirmed, which is
 * `done` as well.
 *
 * @throws TypeError when the provider cannot be reached
 */
export async function confirmCard(
  send: typeof fetch,
  config: PaymentsConfig,
  clientSecret: string,
  card: Card,
  returnUrl: string,
): Promise<Confirmed> {
  const [intentId = ""] = clientSecret.split("_secret_");
  const response = await send(`${config.paymentApiBase}/v1/payment_intents/${intentId}/confirm`, {
    method: "POST",
    headers: { authorization: `Bearer ${config.publishableKey}`, "content-type": "application/x-www-form-urlencoded" },
    body: confirmForm(clientSecret, card, returnUrl),
  });
  const body: unknown = await response.json().catch(() => undefined);
  return confirmedOf(body);
}

/** The form that Stripe's API takes for a card. */
export function confirmForm(clientSecret: string, card: Card, returnUrl: string): URLSearchParams {
  const [month = "", year = ""] = card.expiry.split("/").map((part) => part.trim());
  return new URLSearchParams({
    client_secret: clientSecret,
    return_url: returnUrl,
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": card.number.replaceAll(/\s/g, ""),
    "payment_method_data[card][exp_month]": month,
    "payment_method_data[card][exp_year]": year.length === 2 ? `20${year}` : year,
    "payment_method_data[card][cvc]": card.cvc.trim(),
  });
}

/** What the provider's answer means for the customer. */
export function confirmedOf(body: unknown): Confirmed {
  const error = field(body, "error");
  if (error !== undefined) {
    const status = field(field(error, "payment_intent"), "status");
    if (field(error, "code") === "payment_intent_unexpected_state" && status !== "canceled") return { outcome: "done" };
    const message = field(error, "message");
    return { outcome: "refused", message: typeof message === "string" ? message : "The card was refused." };
  }
  const status = field(body, "status");
  const url = field(field(field(body, "next_action"), "redirect_to_url"), "url");
  if (status === "requires_action" && typeof url === "string") return { outcome: "redirect", url };
  if (status === "requires_capture" || status === "succeeded" || status === "processing") return { outcome: "done" };
  return { outcome: "refused", message: "The payment provider did not take the card." };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  // Cast: any object may be read by name; what is found is unknown.
  return (value as Record<string, unknown>)[name];
}
