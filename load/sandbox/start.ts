import { setTimeout as wait } from "node:timers/promises";
import type { AddressInfo } from "node:net";
import { assert } from "#shared/lib/assert.ts";
import fastify from "fastify";
import { controlRoutes } from "./control.ts";
import { makeFaults } from "./faults.ts";
import { apiRoutes } from "./api.ts";
import { API_VERSION, makePipeline } from "./pipeline.ts";
import { makeShow } from "./show.ts";
import { openStore } from "./store.ts";
import type { Store } from "./store.ts";
import { makeWebhooks } from "./webhooks.ts";

export interface SandboxOptions {
  /** 0 for a free one. */
  readonly port: number;
  /** Only this machine by default. */
  readonly host?: string;
  /** Folder of the journal; what is in it is carried on. */
  readonly dir: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  /** Endpoints that hear every event of `webhookEvents`; the n-th keeps its undelivered events when its address changes. */
  readonly webhookUrls: readonly string[];
  readonly webhookSecret: string;
  /** Types of events that the endpoints want; all by default, as `*`. */
  readonly webhookEvents?: readonly string[];
  /** Wait before the next attempt of a delivery, given how many failed; by default 0.2 s doubling up to 30 s. */
  readonly retryMs?: (attempt: number) => number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  /** Ends listening and delivering; the journal holds everything for the next start. Again: the same end. */
  stop(): Promise<void>;
}

/** Starts the payment sandbox: Stripe's HTTP for what the platform uses, over a journal in `dir`. Rejects if the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const nowMs = () => Date.now();
  const store = openStore(options.dir, nowMs);
  setEndpoints(store, options, nowMs);
  let url = "";
  const baseUrl = () => url;
  const faults = makeFaults();
  const show = makeShow(store, baseUrl);
  const webhooks = makeWebhooks({
    store,
    show,
    faults,
    nowMs,
    retryMs: options.retryMs ?? ((attempt) => Math.min(30_000, 200 * 2 ** (attempt - 1))),
  });
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    routerOptions: { ignoreTrailingSlash: true },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  const keys = { secretKey: options.secretKey, publishableKey: options.publishableKey };
  apiRoutes(app, makePipeline({ store, faults, webhooks, keys, baseUrl, nowMs, wait: (ms) => wait(ms) }));
  controlRoutes(app, { store, faults, webhooks, keys, nowMs });
  const end = async () => {
    webhooks.stop();
    await app.close();
    store.close();
  };
  try {
    await app.listen({ port: options.port, host: options.host ?? "127.0.0.1" });
  } catch (error) {
    await end();
    throw error;
  }
  // Cast: a server that listens on a TCP port has an AddressInfo.
  const { port } = app.server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  for (const event of store.waiting()) webhooks.send(event);
  let ended: Promise<void> | undefined;
  return { url, port, stop: () => (ended ??= end()) };
}

/** The configured endpoints have fixed ids by place, so that a changed address inherits what waits. */
function setEndpoints(store: Store, options: SandboxOptions, nowMs: () => number): void {
  const configured = options.webhookUrls.map((url, index) => ({ id: `we_configured${index + 1}`, url }));
  for (const { id } of store.all("webhook_endpoint"))
    if (id.startsWith("we_configured") && !configured.some((each) => each.id === id)) store.removeEndpoint(id);
  for (const { id, url } of configured) {
    assert(URL.canParse(url), `a webhook address is a URL: ${url}`);
    store.commit({
      events: [],
      puts: [
        {
          kind: "webhook_endpoint",
          id,
          created: store.get("webhook_endpoint", id)?.created ?? Math.floor(nowMs() / 1000),
          url,
          secret: options.webhookSecret,
          enabled_events: options.webhookEvents ?? ["*"],
          api_version: API_VERSION,
          description: null,
          metadata: {},
        },
      ],
    });
  }
}
