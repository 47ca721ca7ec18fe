import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert } from "#shared/lib/assert.ts";
import { startSandbox } from "./start.ts";
import type { Sandbox, SandboxOptions } from "./start.ts";

export const KEYS = {
  secretKey: "sk_test_sandbox",
  publishableKey: "pk_test_sandbox",
  webhookSecret: "whsec_sandbox_secret",
} as const;

/** One answer of the sandbox, with its JSON parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown> & { error?: Record<string, unknown> };
}

export interface Running extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly dir: string;
  /** Sends one request as a server would; `form` is a form body, or the query of a GET. */
  call(route: string, form?: string, headers?: Record<string, string>): Promise<Answer>;
  faults(plan: object): Promise<void>;
  /** Stops the sandbox and starts it again over the same journal. */
  restart(options?: Partial<SandboxOptions>): Promise<void>;
}

/** A sandbox in its own folder, removed with it. */
export async function runSandbox(options: Partial<SandboxOptions> = {}): Promise<Running> {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  const start = (more: Partial<SandboxOptions>) =>
    startSandbox({ port: 0, dir, webhookUrls: [], retryMs: () => 5, ...KEYS, ...options, ...more });
  let sandbox = await start({});
  const call: Running["call"] = (route, form, headers) => request(sandbox.url, route, form, headers);
  return {
    get sandbox() {
      return sandbox;
    },
    dir,
    call,
    async faults(plan) {
      const answer = await call("POST /sandbox/faults", JSON.stringify(plan), { "content-type": "application/json" });
      assert(answer.status === 200, answer.text);
    },
    async restart(more = {}) {
      await sandbox.stop();
      sandbox = await start(more);
    },
    async [Symbol.asyncDispose]() {
      await sandbox.stop();
      rmSync(dir, { recursive: true });
    },
  };
}

/** One request to a server that speaks Stripe's HTTP, with the secret key unless `headers` say otherwise. */
export async function request(
  url: string,
  route: string,
  form = "",
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [method = "", path = ""] = route.split(" ");
  const bodied = method === "POST";
  const response = await fetch(`${url}${path}${bodied || form === "" ? "" : `?${form}`}`, {
    method,
    ...(bodied && { body: form }),
    headers: {
      authorization: `Bearer ${KEYS.secretKey}`,
      ...(bodied && { "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
  });
  const text = await response.text();
  // Cast: every answer of the sandbox's API is a JSON object; one that is not fails here.
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Answer["body"] };
}

/** A webhook as it arrived. */
export interface Hook {
  readonly body: string;
  readonly signature: string;
  readonly event: { id: string; type: string; data: { object: Record<string, unknown> } };
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly hooks: readonly Hook[];
  /** Decides the status of the next answers; 200 by default. */
  answerWith(status: (hook: Hook) => number): void;
  /** Resolves when `holds` is true of what arrived so far. */
  until(holds: (hooks: readonly Hook[]) => boolean): Promise<void>;
}

/** A webhook endpoint that keeps what it hears. */
export async function runReceiver(): Promise<Receiver> {
  const hooks: Hook[] = [];
  const waiting = new Set<() => void>();
  let status: (hook: Hook) => number = () => 200;
  const server = createServer((incoming, outgoing) => {
    void textOf(incoming).then((body) => {
      // Cast: the sandbox is what sends here; the contract test checks the form of its events.
      const hook = {
        body,
        signature: String(incoming.headers["stripe-signature"]),
        event: JSON.parse(body) as Hook["event"],
      };
      hooks.push(hook);
      outgoing.writeHead(status(hook)).end();
      for (const check of waiting) check();
    });
  });
  const url = await listen(server);
  return {
    url,
    hooks,
    answerWith(next) {
      status = next;
    },
    until: (holds) =>
      new Promise((resolve) => {
        const check = () => {
          if (!holds(hooks)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    [Symbol.asyncDispose]: () => close(server),
  };
}

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly form: string;
  readonly status: number;
  readonly body: string;
}

/** A proxy before the sandbox that keeps every request and its answer. */
export async function runRecorder(
  target: () => string,
): Promise<{ url: string; exchanges: Exchange[] } & AsyncDisposable> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const form = await textOf(incoming);
      const { authorization = "", "idempotency-key": key, "stripe-version": version } = incoming.headers;
      const response = await fetch(`${target()}${incoming.url}`, {
        method: incoming.method ?? "GET",
        headers: {
          authorization,
          ...(key !== undefined && { "idempotency-key": String(key) }),
          ...(version !== undefined && { "stripe-version": String(version) }),
          "content-type": "application/x-www-form-urlencoded",
        },
        ...(form !== "" && { body: form }),
      });
      const body = await response.text();
      const [path = "", query = ""] = (incoming.url ?? "").split("?");
      exchanges.push({ method: incoming.method ?? "", path, query, form, status: response.status, body });
      outgoing.writeHead(response.status, { "content-type": "application/json" }).end(body);
    })();
  });
  const url = await listen(server);
  return { url, exchanges, [Symbol.asyncDispose]: () => close(server) };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // Cast: without an encoding a request yields buffers.
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // Cast: a server that listens on a TCP port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
