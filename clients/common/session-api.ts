import type { Api, MakeApi } from "./api.ts";
import { codeOf } from "./failure.ts";
import type { SessionStore } from "./session-store.ts";

/**
 * An {@link Api} that speaks for whoever is signed in, or for nobody. A token that the hub does not take any more is
 * renewed and the request sent once again, with the same key.
 */
export function makeSessionApi(deps: {
  readonly makeApi: MakeApi;
  readonly baseUrl: string;
  readonly session: SessionStore;
  readonly newKey: () => string;
}): Api {
  const api = deps.makeApi({
    baseUrl: deps.baseUrl,
    token: async () => (await deps.session.token()) || undefined,
  });
  return {
    async call(name, input, options) {
      const keyed = { ...options, key: options?.key ?? deps.newKey() };
      try {
        return await api.call(name, input, keyed);
      } catch (error) {
        if (codeOf(error) !== "auth.expired") throw error;
        deps.session.expire();
        return await api.call(name, input, keyed);
      }
    },
  };
}
