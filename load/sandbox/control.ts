import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { authenticate } from "./access.ts";
import type { Keys } from "./access.ts";
import { authenticateIntent } from "./confirm.ts";
import { invalidRequest, missing } from "./failure.ts";
import { faultPlan } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { parseForm, parseParams } from "./params.ts";
import { API_VERSION } from "./pipeline.ts";
import type { IntentRecord } from "./records.ts";
import type { Store } from "./store.ts";
import type { Webhooks } from "./webhooks.ts";
import { startWork } from "./work.ts";

interface ControlDeps {
  readonly store: Store;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
  readonly nowMs: () => number;
}

const forms = {
  ask: z.strictObject({ client_secret: z.string() }),
  decide: z.strictObject({ client_secret: z.string(), outcome: z.enum(["approve", "refuse"]) }),
};

/** What is not Stripe's: faults (with the secret key), and the page where a customer authenticates a payment. */
export function controlRoutes(app: FastifyInstance, deps: ControlDeps): void {
  const { faults, webhooks } = deps;
  app.get("/sandbox/faults", (request) => {
    authenticate(deps.keys, false, request.headers.authorization, undefined);
    return faults.plan();
  });
  app.post("/sandbox/faults", (request) => {
    authenticate(deps.keys, false, request.headers.authorization, undefined);
    const parsed = faultPlan.safeParse(jsonOf(request.body));
    if (!parsed.success) throw invalidRequest(z.prettifyError(parsed.error));
    faults.replace(parsed.data);
    webhooks.release();
    return faults.plan();
  });
  app.get<{ Params: { id: string } }>("/sandbox/authenticate/:id", (request, reply) => {
    const asked = parseParams(forms.ask, parseForm(request.url.split("?")[1] ?? ""));
    const intent = intentOf(deps.store, request.params.id, asked.client_secret);
    return reply.type("text/html; charset=utf-8").send(askingPage(intent));
  });
  app.post<{ Params: { id: string } }>("/sandbox/authenticate/:id", (request, reply) => {
    const decided = parseParams(forms.decide, parseForm(String(request.body)));
    const before = intentOf(deps.store, request.params.id, decided.client_secret);
    const approved = decided.outcome === "approve";
    const work = startWork(deps.store, deps.nowMs(), {
      requestId: null,
      idempotencyKey: null,
      apiVersion: API_VERSION,
    });
    const { intent } = authenticateIntent(work, before, approved);
    for (const event of work.commit(undefined)) webhooks.send(event);
    if (intent.return_url === null) return reply.type("text/plain").send(approved ? "Approved." : "Refused.");
    const back = new URL(intent.return_url);
    back.searchParams.set("payment_intent", intent.id);
    back.searchParams.set("payment_intent_client_secret", intent.client_secret);
    back.searchParams.set("redirect_status", approved ? "succeeded" : "failed");
    return reply.redirect(back.href, 303);
  });
}

function intentOf(store: Store, id: string, clientSecret: string): IntentRecord {
  const intent = store.get("payment_intent", id);
  if (intent?.client_secret !== clientSecret) throw missing("payment_intent", id, "intent");
  return intent;
}

function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(typeof body === "string" && body !== "" ? body : "{}");
  } catch {
    throw invalidRequest("The body is not JSON.");
  }
}

/** Every value in it is made of letters, digits and `_` by the sandbox itself: nothing needs escaping. */
function askingPage(intent: IntentRecord): string {
  const button = (outcome: string, label: string) => `<button name="outcome" value="${outcome}">${label}</button>`;
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Payment sandbox</title>
<style>body{font:18px system-ui;max-width:28em;margin:4em auto;padding:0 1em}button{font:inherit;padding:.6em 1em;margin-right:1em}</style>
<h1>Payment sandbox</h1><p>In place of the bank: is this payment of ${intent.amount} ${intent.currency.toUpperCase()} (minor units) yours?</p>
<form method="post"><input type="hidden" name="client_secret" value="${intent.client_secret}">${button("approve", "Approve")}${button("refuse", "Refuse")}</form></html>`;
}
