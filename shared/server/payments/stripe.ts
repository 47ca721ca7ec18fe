import { randomUUID } from "node:crypto";
import { Stripe } from "stripe";
import { PaymentProviderError } from "./provider.ts";
import type {
  NewIntent,
  PaymentIntentView,
  PaymentProvider,
  PaymentProviderErrorCode,
  RefundRequest,
  RefundView,
} from "./provider.ts";
import { toProviderError } from "./stripe-error.ts";
import { intentIdOf, METADATA, viewOfIntent, viewOfRefund } from "./stripe-view.ts";

interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Where the API is, such as `http://127.0.0.1:12111` for the sandbox; Stripe itself by default. */
  readonly apiBase?: string;
  /** Limit for one attempt; with its retries a call may take three times as long. */
  readonly timeoutMs: number;
}

/** Retries inside one call, for connections, 409 and 5xx; every POST carries an idempotency key. */
const NETWORK_RETRIES = 2;
const EXPAND = ["latest_charge"];

/** The payment provider behind Stripe's official client. Throws if `apiBase` is no URL. */
export function makeStripeProvider(options: StripeOptions): PaymentProvider {
  const stripe = new Stripe(options.secretKey, {
    ...addressOf(options.apiBase),
    timeout: options.timeoutMs,
    maxNetworkRetries: NETWORK_RETRIES,
    telemetry: false,
  });

  const retrieve = async (intentId: string): Promise<PaymentIntentView> =>
    ours(await asking(stripe.paymentIntents.retrieve(intentId, { expand: EXPAND })));

  return {
    async createIntent(order) {
      const key = `intent:${order.marketId}:${order.orderId}`;
      const create = (idempotencyKey: string) =>
        asking(stripe.paymentIntents.create(paramsOf(order), { idempotencyKey }));
      try {
        return ours(await create(key));
      } catch (error) {
        // Should the first have been made after all, nobody has its secret: it takes no money and expires.
        if (!isRemembered(error, "unavailable")) throw error;
        return ours(await create(`${key}:2`));
      }
    },
    retrieve,
    capture: (intentId, amountMinor, key) =>
      settled(
        key,
        (idempotencyKey) =>
          stripe.paymentIntents.capture(
            intentId,
            { amount_to_capture: amountMinor, expand: EXPAND },
            { idempotencyKey },
          ),
        () => retrieve(intentId),
        (view) => view.status === "succeeded" && view.amountReceivedMinor === amountMinor,
      ),
    cancel: (intentId, key) =>
      settled(
        key,
        (idempotencyKey) => stripe.paymentIntents.cancel(intentId, { expand: EXPAND }, { idempotencyKey }),
        () => retrieve(intentId),
        (view) => view.status === "canceled",
      ),
    refund: (request) => refundOnce(stripe, request),
    list: (createdFromMs) => listOurs(stripe, createdFromMs),
    parseWebhook(rawBody, signature) {
      try {
        const event = stripe.webhooks.constructEvent(rawBody, signature, options.webhookSecret);
        return { eventId: event.id, type: event.type, intentId: intentIdOf(event.data.object) };
      } catch (error) {
        if (error instanceof Stripe.errors.StripeError) throw toProviderError(error);
        throw new PaymentProviderError("unexpected_answer", "a signed webhook is no event", { cause: error });
      }
    },
  };
}

/** Held first, captured later; no payment method that leads the customer away from the page. */
function paramsOf({ orderId, marketId, amountMinor, currency }: NewIntent): Stripe.PaymentIntentCreateParams {
  return {
    amount: amountMinor,
    currency: currency.toLowerCase(),
    capture_method: "manual",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    metadata: { [METADATA.order]: orderId, [METADATA.market]: marketId },
    transfer_group: `order_${orderId}`,
    expand: EXPAND,
  };
}

/**
 * One refund per `refundId`: the idempotency key sees to it for a day, the refund's metadata after that, so that a job
 * which runs again next week finds what it did. The metadata are looked at again before the second key.
 */
async function refundOnce(stripe: Stripe, { intentId, amountMinor, refundId }: RefundRequest): Promise<RefundView> {
  const params = { payment_intent: intentId, amount: amountMinor, metadata: { [METADATA.refund]: refundId } };
  const attempt = async (idempotencyKey: string): Promise<RefundView> => {
    for await (const earlier of listing(stripe.refunds.list({ payment_intent: intentId, limit: 100 })))
      if (earlier.metadata?.[METADATA.refund] === refundId) return viewOfRefund(earlier);
    return viewOfRefund(await asking(stripe.refunds.create(params, { idempotencyKey })));
  };
  try {
    return await attempt(`refund:${refundId}`);
  } catch (error) {
    if (!isRemembered(error, "unavailable")) throw error;
    return attempt(`refund:${refundId}:2`);
  }
}

/**
 * Whether this failure is the memory of an earlier one: Stripe answers a key for a day with whatever it answered first,
 * a 500 of its own or a state that has passed included. Only another key can ask again.
 */
function isRemembered(error: unknown, ...codes: readonly PaymentProviderErrorCode[]): error is PaymentProviderError {
  return (
    error instanceof PaymentProviderError &&
    codes.includes(error.code) &&
    error.cause instanceof Stripe.errors.StripeError &&
    error.cause.headers?.["idempotent-replayed"] === "true"
  );
}

async function* listOurs(stripe: Stripe, createdFromMs: number): AsyncGenerator<PaymentIntentView> {
  const gte = Math.floor(createdFromMs / 1000);
  const all = stripe.paymentIntents.list({ created: { gte }, limit: 100, expand: ["data.latest_charge"] });
  for await (const intent of listing(all)) {
    const view = viewOfIntent(intent);
    if (view) yield view;
  }
}

async function* listing<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* pages;
  } catch (error) {
    throw toProviderError(error);
  }
}

async function asking<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toProviderError(error);
  }
}

/**
 * Captures or cancels. A repetition of what has been done is refused by the payment's state: then what is there is the
 * answer. The state guards these calls better than any key, so a remembered failure is asked again under a fresh one.
 */
async function settled(
  key: string,
  call: (idempotencyKey: string) => Promise<Stripe.PaymentIntent>,
  retrieve: () => Promise<PaymentIntentView>,
  isDone: (view: PaymentIntentView) => boolean,
): Promise<PaymentIntentView> {
  const attempt = async (idempotencyKey: string): Promise<PaymentIntentView> => {
    try {
      return ours(await asking(call(idempotencyKey)));
    } catch (error) {
      if (!(error instanceof PaymentProviderError) || error.code !== "unexpected_state") throw error;
      const view = await retrieve();
      if (!isDone(view)) throw error;
      return view;
    }
  };
  try {
    return await attempt(key);
  } catch (error) {
    if (!isRemembered(error, "unavailable", "unexpected_state")) throw error;
    return attempt(`${key}:${randomUUID()}`);
  }
}

function ours(intent: Stripe.PaymentIntent): PaymentIntentView {
  const view = viewOfIntent(intent);
  if (view === undefined)
    throw new PaymentProviderError("foreign_intent", `payment ${intent.id} was not made by the platform`);
  return view;
}

function addressOf(apiBase: string | undefined): Stripe.StripeConfig {
  if (apiBase === undefined) return {};
  const { protocol, hostname, port } = new URL(apiBase);
  const secure = protocol === "https:";
  return {
    host: hostname,
    port: port === "" ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? "https" : "http",
  };
}
