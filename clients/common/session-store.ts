import type { CommandInput, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import type { Api, MakeApi } from "./api.ts";
import { codeOf } from "./failure.ts";

type OpenedSession = CommandOutput<"session.open">;

/** Renew this long before the access token ends, wall ms: clocks differ and requests take time. */
const RENEW_BEFORE_MS = 30_000;

/** Who is signed in on this screen. Kept over reloads and shared by the tabs of one screen, not between screens. */
export interface SessionStore {
  /** The same object until something changes; undefined when nobody is signed in. */
  readonly current: () => OpenedSession | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  open(input: CommandInput<"session.open">): Promise<OpenedSession>;
  register(input: CommandInput<"account.register">): Promise<OpenedSession>;
  /** Signs out here at once, and at the hub if it can be reached. */
  close(): Promise<void>;
  /** An access token that lasts, renewed first when it is about to end; "" when nobody is signed in. */
  token(): Promise<string>;
  /** Forgets the access token: the hub did not take it. The next `token()` renews it. */
  expire(): void;
}

export interface SessionStoreDeps {
  readonly makeApi: MakeApi;
  readonly baseUrl: string;
  /** Names the screen: a customer and a kitchen may be signed in side by side in one browser. */
  readonly screen: string;
  readonly storage: Storage;
  readonly nowMs: () => number;
  /** Tells other tabs' changes; answers how to stop. */
  readonly onStorage?: (listener: (key: string | null) => void) => () => void;
}

export function makeSessionStore(deps: SessionStoreDeps): SessionStore {
  const key = `tiffin.session.${deps.screen}`;
  const anonymous: Api = deps.makeApi({ baseUrl: deps.baseUrl });
  const listeners = new Set<() => void>();
  let session = read(deps.storage, key);
  let renewing: Promise<string> | undefined;

  function set(next: OpenedSession | undefined): void {
    session = next;
    if (next) deps.storage.setItem(key, JSON.stringify(next));
    else deps.storage.removeItem(key);
    for (const listener of listeners) listener();
  }
  deps.onStorage?.((changed) => {
    if (changed !== key && changed !== null) return;
    session = read(deps.storage, key);
    for (const listener of listeners) listener();
  });

  async function renew(refreshToken: string): Promise<string> {
    try {
      const next = await anonymous.call("session.refresh", { refreshToken });
      // Signed out, or another session, while the answer was under way: it is not ours any more.
      if (session?.refreshToken === refreshToken) set(next);
      return session?.accessToken ?? "";
    } catch (error) {
      const code = codeOf(error);
      if ((code === "auth.session-ended" || code === "payload.invalid") && session?.refreshToken === refreshToken)
        set(undefined);
      throw error;
    }
  }

  return {
    current: () => session,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async open(input) {
      const opened = await anonymous.call("session.open", input);
      set(opened);
      return opened;
    },
    async register(input) {
      const opened = await anonymous.call("account.register", input);
      set(opened);
      return opened;
    },
    async close() {
      const token = session?.accessToken;
      set(undefined);
      // The hub forgets the session by itself when its refresh token ends: a failure here needs no repair.
      if (token)
        await deps
          .makeApi({ baseUrl: deps.baseUrl, token: () => token })
          .call("session.close", {})
          .catch(() => undefined);
    },
    async token() {
      if (!session) return "";
      if (session.accessExpiresAtMs - RENEW_BEFORE_MS > deps.nowMs()) return session.accessToken;
      renewing ??= renew(session.refreshToken).finally(() => {
        renewing = undefined;
      });
      return await renewing;
    },
    expire() {
      if (session) set({ ...session, accessExpiresAtMs: 0 });
    },
  };
}

function read(storage: Storage, key: string): OpenedSession | undefined {
  const text = storage.getItem(key);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("refreshToken" in value)) return undefined;
    // Cast: written by `set` above; the hub checks every token in it.
    return value as OpenedSession;
  } catch {
    return undefined;
  }
}
