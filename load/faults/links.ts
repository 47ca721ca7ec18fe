import type { Rng } from "#shared/lib/rng.ts";

import type { StageLinks } from "../replay/stage.ts";
import type { LinkFault } from "./link-fault.ts";
import { startProxy, type FaultProxy } from "./proxy.ts";

/** Who speaks to a hub, by the beginning of their names in the cast; strangers live among the customers. */
const PEOPLE: readonly (readonly [named: RegExp, link: string])[] = [
  [/^kitchen/u, "kitchens"],
  [/^courier/u, "couriers"],
  [/^operator/u, "office"],
  [/./u, "customers"],
];

/** Settings that lead a process to what it leans on, and what the link is called. */
const STORES: readonly (readonly [setting: string, store: string])[] = [
  ["DATABASE_URL", "postgres"],
  ["REDIS_LIVE_URL", "redis-live"],
  ["REDIS_QUEUE_URL", "redis-queue"],
];

/** The links of one deployment: `hub-0>postgres`, `worker-0>redis-live`, `couriers>hub-1`, … */
export interface Links extends StageLinks {
  readonly names: readonly string[];
  /** A fault, or none, on every link whose name fits. */
  set(which: RegExp, fault: LinkFault | undefined): Promise<void>;
  /** Resets every connection of the links whose name fits; the answer is how many. */
  reset(which: RegExp): number;
  close(): Promise<void>;
}

/** Puts a {@link FaultProxy} on every link of a stage. [FLT5] */
export function makeLinks(rng: Rng): Links {
  const proxies = new Map<string, FaultProxy>();
  const through = async (name: string, url: string): Promise<string> => {
    const target = new URL(url);
    const to = { host: target.hostname, port: Number(target.port) };
    await proxies.get(name)?.close();
    const proxy = await startProxy({ to, rng });
    proxies.set(name, proxy);
    // By hand: of other protocols than its own a URL's host and port are not to be changed everywhere.
    return url.replace(`${to.host}:${to.port}`, `${proxy.host}:${proxy.port}`);
  };
  const fitting = (which: RegExp): FaultProxy[] => {
    const found = [...proxies].filter(([name]) => which.test(name)).map(([, proxy]) => proxy);
    if (found.length === 0) throw new Error(`no link fits ${which}; there are ${[...proxies.keys()].join(", ")}`);
    return found;
  };
  return {
    get names() {
      return [...proxies.keys()];
    },
    async hubsFor(hubUrls) {
      const urls = new Map<string, readonly string[]>();
      for (const [, link] of PEOPLE) {
        // oxlint-disable-next-line no-await-in-loop -- a dozen, once
        urls.set(link, await Promise.all(hubUrls.map((url, index) => through(`${link}>hub-${index}`, url))));
      }
      return (name) => urls.get(PEOPLE.find(([named]) => named.test(name))?.[1] ?? "") ?? hubUrls;
    },
    async envOf(name, env) {
      const own: Record<string, string> = {};
      for (const [setting, store] of STORES) {
        const url = env[setting];
        // oxlint-disable-next-line no-await-in-loop -- three, once
        if (url !== undefined) own[setting] = await through(`${name}>${store}`, url);
      }
      return own;
    },
    async set(which, fault) {
      await Promise.all(fitting(which).map((proxy) => proxy.set(fault)));
    },
    reset: (which) => fitting(which).reduce((sum, proxy) => sum + proxy.reset(), 0),
    async close() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}
