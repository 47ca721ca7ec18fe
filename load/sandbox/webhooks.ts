import { createHmac } from "node:crypto";
import type { Faults } from "./faults.ts";
import type { EndpointRecord, EventRecord } from "./records.ts";
import type { Show } from "./show.ts";
import type { Store } from "./store.ts";

/** Stripe keeps trying for three days. */
const GIVE_UP_MS = 3 * 24 * 3_600_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
/** At once to one endpoint; more wait in line. */
const IN_FLIGHT = 32;

export interface Webhooks {
  /** Sends an event to every endpoint that waits for it. */
  send(event: EventRecord): void;
  /** Lets paused deliveries go, if the faults no longer hold them. */
  release(): void;
  /** Ends all attempts; what was not answered with 2xx waits in the store for the next start. */
  stop(): void;
}

interface Delivery {
  readonly event: EventRecord;
  readonly endpointId: string;
  copiesLeft: number;
}

interface WebhookDeps {
  readonly store: Store;
  readonly show: Show;
  readonly faults: Faults;
  readonly nowMs: () => number;
  /** Wait before attempt 2, 3, … given the number of the attempt that failed, from 1. */
  readonly retryMs: (attempt: number) => number;
}

/**
 * Delivers events at least once: an answer other than 2xx, or none within 10 s, is tried again with back-off. Order is
 * never promised. Twice: a copy, or an attempt whose answer was lost. Late: the body still shows the object as it was.
 */
export function makeWebhooks({ store, show, faults, nowMs, retryMs }: WebhookDeps): Webhooks {
  const stopping = new AbortController();
  const later = makeLater(stopping.signal);
  const lines = makeLines(stopping.signal);
  let paused: Delivery[] = [];

  const dispatch = (delivery: Delivery): void => {
    const delays = faults.forDelivery();
    delivery.copiesLeft = delays.length;
    if (delays.length === 0) store.delivered(delivery.event.id, delivery.endpointId);
    for (const delayMs of delays) {
      if (delayMs === 0) enqueue(delivery, 1);
      else later(delayMs, () => enqueue(delivery, 1));
    }
  };

  const enqueue = (delivery: Delivery, attempt: number): void =>
    lines.push(delivery.endpointId, () => deliver(delivery, attempt));

  const deliver = async (delivery: Delivery, attempt: number): Promise<void> => {
    const endpoint = store.get("webhook_endpoint", delivery.endpointId);
    const arrived = endpoint === undefined || (await post(endpoint, delivery.event));
    if (stopping.signal.aborted) return;
    if (!arrived && nowMs() - delivery.event.created * 1000 < GIVE_UP_MS) {
      later(retryMs(attempt), () => enqueue(delivery, attempt + 1));
      return;
    }
    delivery.copiesLeft -= 1;
    if (delivery.copiesLeft === 0) store.delivered(delivery.event.id, delivery.endpointId);
  };

  const post = async ({ url, secret }: EndpointRecord, event: EventRecord): Promise<boolean> => {
    const body = JSON.stringify(show.show(event));
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    try {
      const headers = { ...HEADERS, "stripe-signature": signature(body, secret, Math.floor(nowMs() / 1000)) };
      const response = await fetch(url, { method: "POST", body, redirect: "manual", headers, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      // No connection, a broken one or no answer in time: each is an attempt that failed.
      return false;
    }
  };

  return {
    send(event) {
      for (const endpointId of store.endpointsWaitingFor(event.id)) {
        const delivery: Delivery = { event, endpointId, copiesLeft: 1 };
        if (faults.plan().webhooks.pause) paused.push(delivery);
        else dispatch(delivery);
      }
    },
    release() {
      if (faults.plan().webhooks.pause) return;
      const held = paused;
      paused = [];
      for (const delivery of faults.plan().webhooks.release === "reversed" ? held.toReversed() : held)
        dispatch(delivery);
    },
    stop: () => stopping.abort(),
  };
}

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
} as const;

/** Timers that end with `signal`. */
function makeLater(signal: AbortSignal): (delayMs: number, task: () => void) => void {
  const timers = new Set<NodeJS.Timeout>();
  signal.addEventListener("abort", () => {
    for (const timer of timers) clearTimeout(timer);
  });
  return (delayMs, task) => {
    if (signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      task();
    }, delayMs);
    timers.add(timer);
  };
}

interface Line {
  running: number;
  readonly queue: (() => Promise<void>)[];
}

/** One line for each endpoint, at most IN_FLIGHT of its tasks at once; none is begun after `signal`. */
function makeLines(signal: AbortSignal) {
  const lines = new Map<string, Line>();
  const run = async (line: Line): Promise<void> => {
    line.running += 1;
    for (let next = line.queue.shift(); next && !signal.aborted; next = line.queue.shift()) await next();
    line.running -= 1;
  };
  return {
    push(endpointId: string, task: () => Promise<void>): void {
      const line = lines.get(endpointId) ?? { running: 0, queue: [] };
      lines.set(endpointId, line);
      line.queue.push(task);
      if (line.running < IN_FLIGHT) void run(line);
    },
  };
}

/** `Stripe-Signature`: HMAC-SHA256 over `t.body` (https://docs.stripe.com/webhooks#verify-manually). */
export function signature(body: string, secret: string, atS: number): string {
  return `t=${atS},v1=${createHmac("sha256", secret).update(`${atS}.${body}`).digest("hex")}`;
}
