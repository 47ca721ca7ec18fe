import { authenticate, fingerprintOf, recall } from "./access.ts";
import type { Keys } from "./access.ts";
import type { Caller } from "./confirm.ts";
import type { ApiFaultKind, Faults } from "./faults.ts";
import { OUTAGE_DECLINE } from "./faults.ts";
import { failureBody, invalidRequest, StripeFailure } from "./failure.ts";
import { newId } from "./ids.ts";
import type { Operation } from "./operations.ts";
import { parseForm, parseParams } from "./params.ts";
import { makeShow } from "./show.ts";
import type { Shown } from "./show.ts";
import type { Store } from "./store.ts";
import type { Webhooks } from "./webhooks.ts";
import { startWork } from "./work.ts";
import type { RequestFacts } from "./work.ts";

/** The version that answers when the caller names none: the one that the project's SDK speaks. */
export const API_VERSION = "2026-10-28.endive";

export interface ApiRequest {
  readonly path: string;
  readonly id: string;
  readonly query: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly version: string | undefined;
}

/** "hang" and "lost" are answers that never arrive: the server keeps silent or breaks the connection. */
export type ApiAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    }
  | { readonly kind: "hang" }
  | { readonly kind: "lost" };

interface PipelineDeps {
  readonly store: Store;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
  readonly baseUrl: () => string;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Answers one API request: faults, key, parameters, idempotency, work, journal, webhooks, in this order.
 * Twice with one idempotency key: the first answer again. The effect is kept before the answer leaves.
 */
export function makePipeline(deps: PipelineDeps): (operation: Operation, request: ApiRequest) => Promise<ApiAnswer> {
  const inUse = new Set<string>();

  const carryOut = async (operation: Operation, task: Prepared): Promise<ApiAnswer> => {
    const { fault, key } = task;
    const headers = { ...task.headers, ...(key !== undefined && { "idempotency-key": key }) };
    const earlier = key === undefined ? undefined : recall(deps.store, inUse, key, task.fingerprint);
    if (earlier) return answer(earlier.status, { ...headers, "idempotent-replayed": "true" }, earlier.body);
    const done = await holding(inUse, key, async () => {
      const latencyMs = deps.faults.plan().latencyMs;
      if (latencyMs > 0) await deps.wait(latencyMs);
      return fault === "error_kept" ? fail(deps, task) : perform(deps, operation, task);
    });
    if (fault === "lost_answer") return { kind: "lost" };
    const { status, body } = fault === "error_done" ? fail(deps, task) : done;
    return answer(status, headers, body);
  };

  return async (operation, request) => {
    const fault = deps.faults.forRequest(operation.method, request.path);
    if (fault === "hang") return { kind: "hang" };
    const version = request.version ?? API_VERSION;
    const headers = { "request-id": newId("req_", 14), "stripe-version": version };
    try {
      refuseFaulty(fault);
      return await carryOut(operation, { ...prepare(deps.keys, operation, request, version), headers, fault });
    } catch (error) {
      if (!(error instanceof StripeFailure)) throw error;
      return answer(error.status, headers, failureBody(error));
    }
  };
}

interface Task {
  readonly id: string;
  readonly params: unknown;
  readonly fromBrowser: boolean;
  readonly key: string | undefined;
  readonly fingerprint: string;
  readonly version: string;
}

interface Prepared extends Task {
  readonly headers: { readonly "request-id": string; readonly "stripe-version": string };
  readonly fault: ApiFaultKind | undefined;
}

/** Everything that can be refused before the work begins, in which case an idempotency key stays free. */
function prepare(keys: Keys, operation: Operation, request: ApiRequest, version: string): Task {
  if (!/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) throw invalidRequest(`Invalid Stripe API version: ${version}`);
  const raw = { ...parseForm(request.query), ...parseForm(request.body) };
  const who = authenticate(keys, operation.browser, request.authorization, raw["key"]);
  const { before } = operation;
  return {
    id: request.id,
    params: parseParams(before && version < before.date ? before.params : operation.params, raw),
    fromBrowser: who === "browser",
    key: operation.method === "POST" ? request.idempotencyKey : undefined,
    fingerprint: fingerprintOf(operation.method, request.path, raw),
    version,
  };
}

const ERROR_500 = new StripeFailure(500, { type: "api_error", message: "An unknown error occurred." });

/** An error that the idempotency key remembers, as Stripe's keys remember theirs. */
function fail({ store, nowMs }: PipelineDeps, { key, fingerprint }: Pick<Task, "key" | "fingerprint">): Done {
  const done = { status: 500, body: failureBody(ERROR_500) };
  if (key !== undefined) store.commit({ puts: [], events: [], answer: { key, fingerprint, ...done, atMs: nowMs() } });
  return done;
}

function refuseFaulty(fault: ApiFaultKind | undefined): void {
  if (fault === "error") throw ERROR_500;
  if (fault === "rate_limit")
    throw new StripeFailure(429, {
      type: "invalid_request_error",
      code: "rate_limit",
      message: "Too many requests hit the API too quickly. We recommend an exponential backoff of your requests.",
    });
}

async function holding<T>(inUse: Set<string>, key: string | undefined, task: () => Promise<T>): Promise<T> {
  if (key === undefined) return task();
  inUse.add(key);
  try {
    return await task();
  } finally {
    inUse.delete(key);
  }
}

interface Done {
  readonly status: number;
  readonly body: string;
}

function perform(deps: PipelineDeps, operation: Operation, task: Prepared): Done {
  const { store, webhooks, nowMs } = deps;
  const { params, id, key, fingerprint } = task;
  const facts: RequestFacts = {
    requestId: task.headers["request-id"],
    idempotencyKey: key ?? null,
    apiVersion: task.version,
  };
  const remember = (status: number, body: string) =>
    key === undefined ? undefined : { key, fingerprint, status, body, atMs: nowMs() };
  const work = startWork(store, nowMs(), facts);
  const show = makeShow(
    { get: (kind, at) => work.get(kind, at), endpointsWaitingFor: (eventId) => store.endpointsWaitingFor(eventId) },
    deps.baseUrl,
  );
  const caller: Caller = {
    fromBrowser: task.fromBrowser,
    outage: task.fault === "decline" ? OUTAGE_DECLINE : undefined,
  };
  try {
    const result = operation.run({ id, params, work, store, show, caller });
    const failed = result instanceof StripeFailure;
    const status = failed ? result.status : 200;
    const body = failed ? failureBody(result) : answerBody(show.expand(result, expandOf(params)), caller);
    for (const event of work.commit(remember(status, body))) webhooks.send(event);
    return { status, body };
  } catch (error) {
    if (!(error instanceof StripeFailure) || !error.kept) throw error;
    const body = failureBody(error);
    store.commit({ puts: [], events: [], answer: remember(error.status, body) });
    return { status: error.status, body };
  }
}

/** What a publishable key may see of an intent: https://docs.stripe.com/api/payment_intents/object */
const BROWSER_FIELDS: ReadonlySet<string> = new Set([
  ..."id object amount amount_details automatic_payment_methods canceled_at cancellation_reason capture_method".split(
    " ",
  ),
  ..."client_secret confirmation_method created currency description last_payment_error livemode".split(" "),
  ..."next_action payment_method payment_method_types processing receipt_email setup_future_usage".split(" "),
  ..."shipping source status".split(" "),
]);

function answerBody(shown: Shown, caller: Caller): string {
  if (!caller.fromBrowser || shown["object"] !== "payment_intent") return JSON.stringify(shown);
  return JSON.stringify(Object.fromEntries(Object.entries(shown).filter(([name]) => BROWSER_FIELDS.has(name))));
}

function expandOf(params: unknown): readonly string[] {
  const holds = typeof params === "object" && params !== null && "expand" in params && Array.isArray(params.expand);
  // Cast: every schema that has `expand` makes it a list of texts.
  return holds ? (params as { expand: string[] }).expand : [];
}

/** A remembered error is not worth a retry with the same key, and says so. */
function answer(status: number, headers: Record<string, string>, body: string): ApiAnswer {
  const hopeless = status === 500 && "idempotency-key" in headers;
  return { kind: "answer", status, headers: { ...headers, ...(hopeless && { "stripe-should-retry": "false" }) }, body };
}
