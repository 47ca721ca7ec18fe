import { wallClock } from "#shared/client/wall-clock.ts";
import type { ErrorCode } from "#shared/contracts/errors.ts";

import type { Api, MakeApi } from "./api.ts";
import { codeOf } from "./failure.ts";
import type { SessionStore } from "./session-store.ts";

/** Wall ms, and as much again by chance, before a hub that had too much to do, or goes away, is asked once more. */
const AGAIN_AFTER_MS = 400;

/**
 * An {@link Api} that speaks for whoever is signed in, or for nobody. A token that the hub does not take any more is
 * renewed, a hub that could not answer is given a moment; then the request is sent once again, with the same key. [ROL12]
 */
export function makeSessionApi(deps: {
  readonly makeApi: MakeApi;
  readonly baseUrl: string;
  readonly session: SessionStore;
  readonly newKey: () => string;
  readonly wait?: (ms: number) => Promise<void>;
}): Api {
  const wait = deps.wait ?? ((ms) => new Promise<void>((done) => void wallClock.after(ms, done)));
  const api = deps.makeApi({
    baseUrl: deps.baseUrl,
    token: async () => (await deps.session.token()) || undefined,
  });
  const remedies: Partial<Record<ErrorCode, () => void | Promise<void>>> = {
    "auth.expired": () => deps.session.expire(),
    "hub.overloaded": () => wait(AGAIN_AFTER_MS * (1 + Math.random())),
  };
  return {
    async call(name, input, options) {
      const keyed = { ...options, key: options?.key ?? deps.newKey() };
      try {
        return await api.call(name, input, keyed);
      } catch (error) {
        const remedy = remedies[codeOf(error) ?? "internal"];
        if (remedy === undefined) throw error;
        await remedy();
        return await api.call(name, input, keyed);
      }
    },
  };
}
