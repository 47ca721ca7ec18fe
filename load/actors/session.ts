import { connectHub, type HubClient } from "#shared/client/hub-client.ts";
import { newKey } from "#shared/client/new-key.ts";
import { makeApi, type Api, type CallOptions } from "#shared/client/rest-client.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { ERRORS, Refusal } from "#shared/contracts/errors.ts";
import type { Clock } from "#shared/lib/clock.ts";

type OpenedSession = CommandOutput<"session.open">;

/** Somebody who is signed in and stays so. */
export interface ActorSession {
  readonly personId: string;
  /** An access token that lasts at least a minute and a half more. */
  readonly token: () => Promise<string>;
  /** REST with patience: asks another hub, with the same key, until one answers or the patience is over. */
  readonly api: Api;
  /** Opens a connection of this person; `at` says to which of the hubs, counted round. */
  connect(namespace: Namespace, at?: number): HubClient;
}

export interface ActorSessionOptions {
  /** Of all hubs, `http://host:port`; each answers everything. */
  readonly hubUrls: readonly string[];
  readonly email: string;
  readonly password: string;
  /** Wall ms for one request, tries included. */
  readonly patienceMs?: number;
  readonly fetch?: typeof fetch;
  /** Wall time. */
  readonly clock?: Clock;
}

/** Before the hub asks its sockets for another token, a minute before the end, so that they have another to give. */
const RENEW_BEFORE_MS = 90_000;
const PATIENCE_MS = 60_000;

/** Signs in. A session that the hub has ended is opened again with the password. */
export async function openActorSession(options: ActorSessionOptions): Promise<ActorSession> {
  const clock = options.clock ?? wallClock;
  const first = await patientApi(options, clock).call("session.open", loginOf(options));
  return keepSession(options, first);
}

/** Goes on with a session that was just opened: a registration opens one. */
export function keepSession(options: ActorSessionOptions, opened: OpenedSession): ActorSession {
  const clock = options.clock ?? wallClock;
  const anonymous = patientApi(options, clock);
  let session = opened;
  let renewing: Promise<OpenedSession> | undefined;

  const renew = async (): Promise<OpenedSession> => {
    try {
      return await anonymous.call("session.refresh", { refreshToken: session.refreshToken });
    } catch (error) {
      if (error instanceof Refusal && error.code === "auth.session-ended") {
        return await anonymous.call("session.open", loginOf(options));
      }
      throw error;
    }
  };
  const token = async (): Promise<string> => {
    if (session.accessExpiresAtMs - RENEW_BEFORE_MS > clock.nowMs()) return session.accessToken;
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    session = await renewing;
    return session.accessToken;
  };
  return {
    personId: session.person.id,
    token,
    api: patientApi(options, clock, token),
    connect: (namespace, at = 0) => connectHub({ url: hubAt(options.hubUrls, at), namespace, token }),
  };
}

function loginOf({ email, password }: ActorSessionOptions): CommandInput<"session.open"> {
  return { email, password };
}

/** Which hub somebody is at, counted round. */
function hubAt(hubUrls: readonly string[], at: number): string {
  const url = hubUrls[at % hubUrls.length];
  if (url === undefined) throw new Error("no hub is given");
  return url;
}

/** Whoever comes begins at the next hub, as behind a proxy: else the first one would answer everybody. */
let asked = 0;

/** REST over any of the hubs; what may be tried again is, with the same key. */
export function patientApi(
  options: Pick<ActorSessionOptions, "hubUrls" | "patienceMs" | "fetch">,
  clock: Clock = wallClock,
  token?: () => Promise<string>,
): Api {
  const apis = options.hubUrls.map((baseUrl) =>
    makeApi({ baseUrl, ...(token ? { token } : {}), ...(options.fetch ? { fetch: options.fetch } : {}) }),
  );
  let turn = asked;
  asked += 1;
  return {
    async call<N extends CommandName>(
      name: N,
      input: CommandInput<N>,
      call: CallOptions = {},
    ): Promise<CommandOutput<N>> {
      const endMs = clock.nowMs() + (options.patienceMs ?? PATIENCE_MS);
      const key = call.key ?? newKey();
      for (let attempt = 0; ; attempt += 1) {
        const api = apis[turn % apis.length];
        if (!api) throw new Error("no hub is given");
        try {
          return await api.call(name, input, { ...call, key });
        } catch (error) {
          const again = error instanceof Refusal && ERRORS[error.code].retry === "with-backoff";
          const waitMs = Math.min(2_000, 100 * 2 ** attempt);
          if (!again || clock.nowMs() + waitMs > endMs) throw error;
          turn += 1;
          await new Promise<void>((done) => void clock.after(waitMs, done));
        }
      }
    },
  };
}
