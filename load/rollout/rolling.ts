import type { RunningSystem } from "../../deploy/local/system.ts";
import type { FrontDoor } from "./front-door.ts";

/** Every hub and worker replaced while it is used, as docs/runbooks/deploy.md says. */
export interface Rolling {
  /** So many processes were replaced. */
  readonly replaced: number;
  /** One worker and one hub: the first that a new version is tried on. */
  first(): Promise<void>;
  /** Those that came last, which it was tried on. */
  last(): Promise<void>;
  /** All that run now, one after the other: first workers, then hubs. */
  all(): Promise<void>;
}

/** @param tell hears of each that was replaced */
export function makeRolling(
  system: RunningSystem,
  door: FrontDoor,
  tell: (sentence: string) => void,
  signal?: AbortSignal,
): Rolling {
  const hubs = new Map(system.hubUrls.map((url, index) => [`hub-${index}`, url]));
  let replaced = 0;
  const named = (kind: string) => system.names.filter((name) => name.startsWith(`${kind}-`));

  /** The new one takes work before the old one is told to end. */
  async function replace(kind: "hub" | "worker", old: string): Promise<void> {
    const beganAtMs = performance.now();
    const fresh = await system.join(kind);
    if (kind === "hub") {
      door.lead([...hubs.set(fresh.name, fresh.url).values()]);
      await door.until(fresh.url, true, signal);
    }
    await system.retire(old);
    if (hubs.delete(old)) door.lead([...hubs.values()]);
    replaced += 1;
    tell(`${fresh.name} for ${old} in ${((performance.now() - beganAtMs) / 1000).toFixed(1)} s`);
  }
  const each = async (which: (names: readonly string[]) => readonly string[]): Promise<void> => {
    for (const kind of ["worker", "hub"] as const) {
      for (const old of which(named(kind))) {
        signal?.throwIfAborted();
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what rolling means
        await replace(kind, old);
      }
    }
  };
  return {
    get replaced() {
      return replaced;
    },
    first: () => each((names) => names.slice(0, 1)),
    last: () => each((names) => names.slice(-1)),
    all: () => each((names) => names),
  };
}
