import { wallClock } from "#shared/client/wall-clock.ts";
import { Refusal } from "#shared/contracts/errors.ts";

/** How this deployment takes money, as `GET /v1/config` says. */
export interface PaymentsConfig {
  readonly publishableKey: string;
  /** Where a browser confirms a payment, without a slash at the end. */
  readonly paymentApiBase: string;
}

/**
 * Pays an order with a card, as a customer's browser does.
 *
 * @throws Refusal `payment.refused` with the provider's words when the card is not taken
 */
export type Pay = (clientSecret: string, card: string) => Promise<void>;

const TRIES = 8;

/** Asks any of the hubs how to pay. */
export async function readPaymentsConfig(
  hubUrls: readonly string[],
  send: typeof fetch = fetch,
): Promise<PaymentsConfig> {
  return await persistently(async (attempt) => {
    const response = await send(`${hubUrls[attempt % hubUrls.length]}/v1/config`);
    if (!response.ok) throw new Error(`the hub answered ${response.status}`);
    // Cast: the hub's own answer to this route.
    return (await response.json()) as PaymentsConfig;
  });
}

/**
 * Confirms a payment as a customer's browser does: with the publishable key and the order's client secret.
 *
 * @throws Refusal `payment.refused` with the provider's words when the card is not taken
 */
export async function payByCard(
  config: PaymentsConfig,
  clientSecret: string,
  card: string,
  send: typeof fetch = fetch,
): Promise<void> {
  const [intentId] = clientSecret.split("_secret_");
  const body = new URLSearchParams({ client_secret: clientSecret, payment_method: card });
  const response = await persistently(async () => {
    const answer = await send(`${config.paymentApiBase}/v1/payment_intents/${intentId}/confirm`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${config.publishableKey}`,
        "content-type": "application/x-www-form-urlencoded",
        "idempotency-key": `confirm-${intentId}-${card}`,
      },
      body,
    });
    if (answer.status === 429 || answer.status >= 500) throw new Error(`the provider answered ${answer.status}`);
    return answer;
  });
  if (!response.ok) throw new Refusal("payment.refused", await response.text());
}

async function persistently<T>(task: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await task(attempt);
    } catch (error) {
      if (attempt + 1 >= TRIES) throw error;
      await new Promise<void>((done) => void wallClock.after(100 * 2 ** attempt, done));
    }
  }
}
