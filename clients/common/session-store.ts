import type { CommandInput, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import type { Api, MakeApi } from "./api.ts";
import { codeOf } from "./failure.ts";

type OpenedSession = CommandOutput<"session.open">;

/** Renew this long before the access token ends, wall ms: clocks differ and requests take time. */
const RENEW_BEFORE_MS = 90_000;

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
  const anonymous: Api = deps.makeApi({ baseUrl: deps.baseUrl });
  const kept = keep(deps);
  const renew = makeRenew(kept, anonymous);
  const opened = (session: OpenedSession) => {
    kept.set(session);
    return session;
  };
  return {
    current: kept.get,
    subscribe: kept.subscribe,
    open: async (input) => opened(await anonymous.call("session.open", input)),
    register: async (input) => opened(await anonymous.call("account.register", input)),
    async close() {
      const token = kept.get()?.accessToken;
      kept.set(undefined);
      if (!token) return;
      const api = deps.makeApi({ baseUrl: deps.baseUrl, token: () => token });
      // The hub forgets the session by itself when its refresh token ends: a failure here needs no repair.
      await api.call("session.close", {}).catch(() => undefined);
    },
    async token() {
      const session = kept.get();
      if (!session) return "";
      const lasts = session.accessExpiresAtMs - RENEW_BEFORE_MS > deps.nowMs();
      return lasts ? session.accessToken : await renew(session.refreshToken);
    },
    expire() {
      const session = kept.get();
      if (session) kept.set({ ...session, accessExpiresAtMs: 0 });
    },
  };
}

/** The session in memory and in the browser's storage, one for all tabs of the screen. */
function keep({ screen, storage, onStorage }: SessionStoreDeps) {
  const key = `tiffin.session.${screen}`;
  const listeners = new Set<() => void>();
  let session = read(storage, key);
  const tell = () => {
    for (const listener of listeners) listener();
  };
  onStorage?.((changed) => {
    if (changed !== key && changed !== null) return;
    session = read(storage, key);
    tell();
  });
  return {
    get: () => session,
    set: (next: OpenedSession | undefined) => {
      session = next;
      if (next) storage.setItem(key, JSON.stringify(next));
      else storage.removeItem(key);
      tell();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Renews once for all who ask at the same time. An ended session signs out; a lost network does not. */
function makeRenew(kept: ReturnType<typeof keep>, anonymous: Api) {
  let renewing: Promise<string> | undefined;
  const renew = async (refreshToken: string) => {
    // Signed out, or another session, while the answer was under way: then it is not ours any more.
    const isOurs = () => kept.get()?.refreshToken === refreshToken;
    try {
      const next = await anonymous.call("session.refresh", { refreshToken });
      if (isOurs()) kept.set(next);
      return kept.get()?.accessToken ?? "";
    } catch (error) {
      const code = codeOf(error);
      if ((code === "auth.session-ended" || code === "payload.invalid") && isOurs()) kept.set(undefined);
      throw error;
    }
  };
  return (refreshToken: string) => {
    renewing ??= renew(refreshToken).finally(() => {
      renewing = undefined;
    });
    return renewing;
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
