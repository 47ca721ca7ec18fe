import type { z } from "zod";
import { createMethod, confirmIntent } from "./confirm.ts";
import type { Attempt, Caller } from "./confirm.ts";
import { invalidRequest, missing, StripeFailure } from "./failure.ts";
import { newId } from "./ids.ts";
import { cancelIntent, captureIntent, createIntent } from "./intents.ts";
import { page } from "./page.ts";
import { INTENT_CREATE_BEFORE, PARAMS, TYPES_REMOVED_IN } from "./params.ts";
import type { EndpointRecord, IntentRecord, RecordOf, StoredRecord } from "./records.ts";
import { createRefund } from "./refunds.ts";
import type { Show, Shown } from "./show.ts";
import type { Store } from "./store.ts";
import type { Work } from "./work.ts";

/** What an operation is given: parsed parameters, the id of the path, and the right to read and change. */
interface Call<P> {
  readonly params: P;
  readonly id: string;
  readonly work: Work;
  readonly store: Store;
  readonly show: Show;
  readonly caller: Caller;
}

/** One operation of the API. A returned StripeFailure is an attempt that counts: it is answered and kept. */
export interface Operation {
  readonly method: "GET" | "POST" | "DELETE";
  /** With `:id` where the path holds one. */
  readonly path: string;
  readonly params: z.ZodType;
  /** What callers of versions before `date` may send. */
  readonly before?: { readonly date: string; readonly params: z.ZodType };
  /** Whether a browser may call it, with a publishable key. */
  readonly browser: boolean;
  /** `params` are as `params` above parsed them. */
  run(call: Call<unknown>): Shown | StripeFailure;
}

function operation<K extends keyof typeof PARAMS>(
  route: `${Operation["method"]} ${string}`,
  params: K,
  run: (call: Call<z.output<(typeof PARAMS)[K]>>) => Shown | StripeFailure,
  browser = false,
): Operation {
  const [method, path] = route.split(" ");
  return {
    // Cast: the template type of `route` holds a method and a path.
    method: method as Operation["method"],
    path: path ?? "",
    params: PARAMS[params],
    browser,
    // Cast: the pipeline parses with PARAMS[params] before it runs.
    run: (call) => run(call as Call<z.output<(typeof PARAMS)[K]>>),
  };
}

/** Every operation of Stripe's API that the sandbox speaks. */
export const OPERATIONS: readonly Operation[] = [
  {
    ...operation("POST /v1/payment_intents", "intentCreate", (call) =>
      attempted(call, createIntent(call.work, call.params, call.caller)),
    ),
    before: { date: TYPES_REMOVED_IN, params: INTENT_CREATE_BEFORE },
  },
  operation("GET /v1/payment_intents", "intentList", ({ store, params, show }) =>
    page(store.all("payment_intent"), params, "/v1/payment_intents", always, show.show),
  ),
  operation("GET /v1/payment_intents/:id", "intentRetrieve", (call) => call.show.show(authorisedIntent(call)), true),
  operation(
    "POST /v1/payment_intents/:id/confirm",
    "intentConfirm",
    (call) => attempted(call, confirmIntent(call.work, authorisedIntent(call), call.params, call.caller)),
    true,
  ),
  operation("POST /v1/payment_intents/:id/capture", "intentCapture", (call) =>
    call.show.show(captureIntent(call.work, existing(call, "payment_intent"), call.params)),
  ),
  operation("POST /v1/payment_intents/:id/cancel", "intentCancel", (call) =>
    call.show.show(cancelIntent(call.work, existing(call, "payment_intent"), call.params)),
  ),
  operation("POST /v1/refunds", "refundCreate", ({ work, params, show }) => show.show(createRefund(work, params))),
  operation("GET /v1/refunds", "refundList", ({ store, params, show }) => {
    const intent = params.payment_intent === undefined ? undefined : store.get("payment_intent", params.payment_intent);
    const chargeId = params.charge ?? intent?.latest_charge ?? "";
    const filtered = params.charge !== undefined || params.payment_intent !== undefined;
    return page(filtered ? store.refundsOf(chargeId) : store.all("refund"), params, "/v1/refunds", always, show.show);
  }),
  operation("GET /v1/refunds/:id", "retrieve", (call) => call.show.show(existing(call, "refund"))),
  operation("GET /v1/charges", "chargeList", ({ store, params, show }) =>
    page(
      store.all("charge"),
      params,
      "/v1/charges",
      (charge) => params.payment_intent === undefined || charge.payment_intent === params.payment_intent,
      show.show,
    ),
  ),
  operation("GET /v1/charges/:id", "retrieve", (call) => call.show.show(existing(call, "charge"))),
  operation(
    "POST /v1/payment_methods",
    "methodCreate",
    ({ work, params, show, caller }) =>
      show.show(createMethod(work, params.card, params.metadata ?? {}, caller.fromBrowser)),
    true,
  ),
  operation("GET /v1/payment_methods/:id", "retrieve", (call) => call.show.show(existing(call, "payment_method"))),
  operation("GET /v1/events", "eventList", ({ store, params, show }) => {
    const types = params.type === undefined ? params.types : [params.type];
    return page(store.all("event"), params, "/v1/events", ({ type }) => types?.includes(type) ?? true, show.show);
  }),
  operation("GET /v1/events/:id", "retrieve", (call) => call.show.show(existing(call, "event"))),
  operation("POST /v1/webhook_endpoints", "endpointCreate", ({ work, params, show }) => {
    const endpoint: EndpointRecord = {
      kind: "webhook_endpoint",
      id: newId("we_"),
      created: work.nowS,
      url: params.url,
      secret: newId("whsec_", 32),
      enabled_events: params.enabled_events,
      api_version: params.api_version ?? null,
      description: params.description ?? null,
      metadata: params.metadata ?? {},
    };
    // The secret is shown this once only.
    return { ...show.show(work.put(endpoint)), secret: endpoint.secret };
  }),
  operation("GET /v1/webhook_endpoints", "endpointList", ({ store, params, show }) =>
    page(store.all("webhook_endpoint"), params, "/v1/webhook_endpoints", always, show.show),
  ),
  operation("GET /v1/webhook_endpoints/:id", "retrieve", (call) => call.show.show(existing(call, "webhook_endpoint"))),
  operation("DELETE /v1/webhook_endpoints/:id", "none", (call) => {
    const { id, kind } = existing(call, "webhook_endpoint");
    call.store.removeEndpoint(id);
    return { id, object: kind, deleted: true };
  }),
];

const always = () => true;

function existing<K extends StoredRecord["kind"]>({ work, id }: Call<unknown>, kind: K): RecordOf<K> {
  const record = work.get(kind, id);
  if (record === undefined) throw missing(kind, id, kind === "payment_intent" ? "intent" : "id");
  return record;
}

/** A browser proves with the client secret that the intent is its own. */
function authorisedIntent(call: Call<{ client_secret?: string | undefined }>): IntentRecord {
  const intent = existing(call, "payment_intent");
  const secret = call.params.client_secret;
  if (secret === undefined && call.caller.fromBrowser)
    throw invalidRequest("Missing required param: client_secret.", {
      code: "parameter_missing",
      param: "client_secret",
    });
  if (secret !== undefined && secret !== intent.client_secret)
    throw invalidRequest(
      "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
      { code: "payment_intent_invalid_parameter", param: "client_secret" },
    );
  return intent;
}

function attempted({ show, work }: Call<unknown>, { intent, failure }: Attempt): Shown | StripeFailure {
  if (failure === undefined) return show.show(intent);
  const method = intent.last_payment_error && work.get("payment_method", intent.last_payment_error.payment_method);
  return new StripeFailure(
    failure.status,
    { ...failure.body, payment_intent: show.show(intent), ...(method && { payment_method: show.show(method) }) },
    failure.kept,
  );
}
