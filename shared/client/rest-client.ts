import type { CommandInput, CommandName, CommandOutput } from "../contracts/catalogue/catalogue.ts";
import { ERRORS, Refusal, type ErrorCode } from "../contracts/errors.ts";
import { newKey } from "./new-key.ts";
import { ROUTES } from "./routes.ts";

export interface ApiOptions {
  /** Of the hub, without a path: `https://host`; empty for the page's own. */
  readonly baseUrl: string;
  /** The access token, when there is one. */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  /** Names the intention of a command; repeated, it gets the stored answer. A fresh one when left out. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

export interface Api {
  /**
   * Calls one entry of the catalogue over REST. It is sent once: whoever tries again gives the same `key`.
   *
   * @throws Refusal with the hub's code; `hub.overloaded` when nothing or nothing understandable came back
   */
  call<N extends CommandName>(name: N, input: CommandInput<N>, options?: CallOptions): Promise<CommandOutput<N>>;
}

export function makeApi(options: ApiOptions): Api {
  const send = options.fetch ?? fetch;
  return {
    async call<N extends CommandName>(
      name: N,
      input: CommandInput<N>,
      call: CallOptions = {},
    ): Promise<CommandOutput<N>> {
      const [method, template, needsKey] = ROUTES[name];
      const { path, rest } = filled(template, input);
      const hasBody = method !== "GET" && method !== "DELETE";
      const token = await options.token?.();
      const headers: Record<string, string> = { accept: "application/json" };
      if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
      if (needsKey) headers["idempotency-key"] = call.key ?? newKey();
      if (hasBody) headers["content-type"] = "application/json";
      const response = await answered(() =>
        send(options.baseUrl + path + (hasBody ? "" : queryOf(rest)), {
          method,
          headers,
          ...(hasBody ? { body: JSON.stringify(rest) } : {}),
          ...(call.signal ? { signal: call.signal } : {}),
        }),
      );
      const body: unknown = response.status === 204 ? {} : await response.json().catch(() => undefined);
      if (!response.ok || body === undefined) throw refusalOf(body, response.status);
      return body as CommandOutput<N>; // Cast: the hub answers this route with this command's output.
    },
  };
}

async function answered(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new Refusal("hub.overloaded", "the hub cannot be reached", { cause: error });
  }
}

/** Puts the input's fields that the path names into it; the others are left for query or body. */
function filled(template: string, input: object): { path: string; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = { ...input };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(textOf(value));
  });
  return { path, rest };
}

function queryOf(rest: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== null) query.set(name, textOf(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function refusalOf(body: unknown, status: number): Refusal {
  if (typeof body === "object" && body !== null && "code" in body && isCode(body.code)) {
    return new Refusal(body.code, "detail" in body ? textOf(body.detail) : "");
  }
  return new Refusal(status === 429 ? "rate.limited" : "hub.overloaded", `the hub answered ${status}`);
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}
