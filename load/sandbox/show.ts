import { assert, unreachable } from "#shared/lib/assert.ts";
import { invalidRequest } from "./failure.ts";
import type {
  ChargeRecord,
  EndpointRecord,
  EventRecord,
  IntentRecord,
  LastPaymentError,
  PaymentMethodRecord,
  RefundRecord,
  StoredRecord,
} from "./records.ts";
import type { Store } from "./store.ts";

/** A Stripe object ready for JSON. */
export type Shown = Record<string, unknown>;

/** Where shown records find the others: the store, or a unit of work with what it has not kept yet. */
type Source = Pick<Store, "get" | "endpointsWaitingFor">;

/** Shows records as Stripe's API does. `baseUrl` is where the sandbox's own pages are. */
export function makeShow(store: Source, baseUrl: () => string) {
  function show(record: StoredRecord): Shown {
    switch (record.kind) {
      case "payment_intent":
        return showIntent(record, store, baseUrl());
      case "charge":
        return showCharge(record);
      case "refund":
        return showRefund(record);
      case "payment_method":
        return showPaymentMethod(record);
      case "webhook_endpoint":
        return showEndpoint(record);
      case "event":
        return showEvent(record);
      default:
        return unreachable(record);
    }
  }

  function showEvent(event: EventRecord): Shown {
    const { kind, subject, ...rest } = event;
    return {
      ...rest,
      object: kind,
      data: { object: show(subject) },
      livemode: false,
      pending_webhooks: store.endpointsWaitingFor(event.id).length,
    };
  }

  /** Replaces ids by objects where `expand` asks; refuses what cannot be expanded (400). */
  function expand(shown: Shown, paths: readonly string[]): Shown {
    for (const path of paths) open(shown, path.split("."), path);
    return shown;
  }

  function open(shown: Shown, [head = "", ...rest]: readonly string[], path: string): void {
    const value = shown[head];
    if (Array.isArray(value) && rest.length > 0) {
      for (const item of value) open(item, rest, path);
      return;
    }
    const kind = EXPANDABLE[head];
    if (kind === undefined || value === undefined)
      throw invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
    if (value === null) return;
    // Cast: an expandable field holds null, an id or an object that was shown.
    const opened = typeof value === "string" ? byId(kind, value) : (value as Shown);
    if (rest.length > 0) open(opened, rest, path);
    Object.assign(shown, { [head]: opened });
  }

  function byId(kind: (typeof EXPANDABLE)[string], id: string): Shown {
    const record = store.get(kind, id);
    assert(record, `${kind} ${id} is kept as long as what names it`);
    return show(record);
  }

  return { show, expand };
}
export type Show = ReturnType<typeof makeShow>;

/** Fields that hold the id of another object. */
const EXPANDABLE: Readonly<Record<string, "payment_intent" | "payment_method" | "charge">> = {
  charge: "charge",
  latest_charge: "charge",
  payment_intent: "payment_intent",
  payment_method: "payment_method",
};

function showIntent(intent: IntentRecord, store: Source, baseUrl: string): Shown {
  const {
    kind,
    automatic_payment_methods: automatic,
    return_url: returnUrl,
    last_payment_error: error,
    ...rest
  } = intent;
  return {
    ...rest,
    object: kind,
    amount_details: { tip: {} },
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automatic,
    customer: null,
    last_payment_error: error && showError(error, store),
    livemode: false,
    next_action: intent.status === "requires_action" ? nextAction(intent, baseUrl, returnUrl) : null,
    on_behalf_of: null,
    payment_method_options: { card: { installments: null, network: null, request_three_d_secure: "automatic" } },
    processing: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    transfer_data: null,
  };
}

/** An error shows the payment method itself, not its id. */
function showError(error: LastPaymentError, store: Source): Shown {
  const method = store.get("payment_method", error.payment_method);
  const { decline_code: declineCode, charge, ...rest } = error;
  return {
    ...rest,
    doc_url: `https://stripe.com/docs/error-codes/${error.code.replaceAll("_", "-")}`,
    ...(declineCode !== null && { decline_code: declineCode }),
    ...(charge !== null && { charge }),
    ...(method && { payment_method: showPaymentMethod(method) }),
  };
}

function nextAction(intent: IntentRecord, baseUrl: string, returnUrl: string | null): Shown {
  return {
    type: "redirect_to_url",
    redirect_to_url: {
      return_url: returnUrl,
      url: `${baseUrl}/sandbox/authenticate/${intent.id}?client_secret=${intent.client_secret}`,
    },
  };
}

function showCharge(charge: ChargeRecord): Shown {
  const { kind, card, decline_code: declineCode, ...rest } = charge;
  const failed = charge.status === "failed";
  return {
    ...rest,
    object: kind,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: BILLING,
    calculated_statement_descriptor: charge.statement_descriptor ?? "SANDBOX",
    customer: null,
    disputed: false,
    failure_balance_transaction: null,
    fraud_details: {},
    livemode: false,
    on_behalf_of: null,
    outcome: {
      network_status: failed ? "declined_by_network" : "approved_by_network",
      reason: declineCode,
      risk_level: "normal",
      seller_message: failed ? "The bank did not return any further details with this decline." : "Payment complete.",
      type: failed ? "issuer_declined" : "authorized",
    },
    paid: !failed,
    payment_method_details: {
      card: {
        ...card,
        checks: CHECKS,
        installments: null,
        mandate: null,
        network: card.brand,
        three_d_secure: null,
        wallet: null,
      },
      type: "card",
    },
    radar_options: {},
    receipt_number: null,
    receipt_url: null,
    refunded: !failed && charge.amount_refunded === charge.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    transfer_data: null,
  };
}

function showRefund({ kind, ...rest }: RefundRecord): Shown {
  return {
    ...rest,
    object: kind,
    balance_transaction: null,
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
  };
}

function showPaymentMethod({ kind, id, created, metadata, card }: PaymentMethodRecord): Shown {
  return {
    id,
    created,
    metadata,
    object: kind,
    type: "card",
    billing_details: BILLING,
    customer: null,
    livemode: false,
    card: {
      ...card,
      checks: CHECKS,
      generated_from: null,
      networks: { available: [card.brand], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
  };
}

/** The secret is not shown: only the answer to its making holds it. */
function showEndpoint(endpoint: EndpointRecord): Shown {
  const { kind, id, created, url, enabled_events, api_version, description, metadata } = endpoint;
  return {
    object: kind,
    id,
    created,
    url,
    enabled_events,
    api_version,
    description,
    metadata,
    application: null,
    livemode: false,
    status: "enabled",
  };
}

const CHECKS = { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" } as const;
const BILLING = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
} as const;
