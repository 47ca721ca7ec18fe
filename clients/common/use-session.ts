import { useSyncExternalStore } from "react";

import type { SessionStore } from "./session-store.ts";

/** Who is signed in, live; undefined for nobody. */
export function useSession(store: SessionStore) {
  return useSyncExternalStore(store.subscribe, store.current);
}
