import { createContext, use, useSyncExternalStore } from "react";

/** How a deployment takes money. */
export interface PaymentsConfig {
  readonly paymentsMode: "sandbox" | "stripe";
  readonly publishableKey: string;
  /** Where the browser confirms a payment, without a slash at the end. */
  readonly paymentApiBase: string;
}

/** What every screen must know of a deployment, before anybody signs in (`GET /v1/config`). */
export interface DeploymentConfig extends PaymentsConfig {
  /** Deployment seconds in a wall second. */
  readonly clockRate: number;
  /** The deployment's clock when it answered, epoch ms. */
  readonly nowMs: number;
}

/** The deployment that a page belongs to: how it takes money, and what time it is there. */
export interface Deployment {
  /** The last answer; undefined before any. */
  readonly current: () => DeploymentConfig | undefined;
  /** Asks the hub; rejects when it cannot be reached. */
  readonly read: () => Promise<DeploymentConfig>;
  /** Deployment time, epoch ms; this machine's until the hub has told its own. */
  readonly nowMs: () => number;
  /** Deployment time at a moment of this machine's clock. */
  readonly timeAt: (wallMs: number) => number;
  readonly subscribe: (listener: () => void) => () => void;
}

export interface DeploymentDeps {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly storage: Storage;
  readonly wallNowMs: () => number;
}

/** An answer, and when it came by this machine's clock. */
interface Heard {
  readonly config: DeploymentConfig;
  readonly heardAtMs: number;
}

const KEY = "tiffin.deployment.1";

/** Nothing is asked before `read`; what an earlier page heard is known at once, also offline. [DMO9] */
export function makeDeployment({ baseUrl, fetch, storage, wallNowMs }: DeploymentDeps): Deployment {
  let heard = keptIn(storage);
  const listeners = new Set<() => void>();
  const timeAt = (wallMs: number): number =>
    heard ? Math.round(heard.config.nowMs + (wallMs - heard.heardAtMs) * heard.config.clockRate) : wallMs;
  return {
    current: () => heard?.config,
    nowMs: () => timeAt(wallNowMs()),
    timeAt,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async read() {
      const askedAtMs = wallNowMs();
      const response = await fetch(`${baseUrl}/v1/config`);
      if (!response.ok) throw new Error(`the hub answered ${response.status}`);
      // Cast: the hub's own answer to this route.
      const config = (await response.json()) as DeploymentConfig;
      // It was read about half-way between asking and hearing.
      heard = { config, heardAtMs: (askedAtMs + wallNowMs()) / 2 };
      storage.setItem(KEY, JSON.stringify(heard));
      for (const listener of listeners) listener();
      return config;
    },
  };
}

function keptIn(storage: Storage): Heard | undefined {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "null") as Heard | null; // Cast: written above, nowhere else.
    return typeof kept?.config.nowMs === "number" && typeof kept.heardAtMs === "number" ? kept : undefined;
  } catch {
    return undefined; // Not ours: the hub is asked in any case.
  }
}

/** A clock that was set, a deployment that was started again: asked anew so often, wall ms. */
const ASK_EVERY_MS = 60_000;
const ASK_AGAIN_MS = 5_000;

/** Keeps a page's knowledge of its deployment fresh for as long as the page is open. */
export function keepAsking(deployment: Deployment): void {
  const ask = (): void => {
    deployment.read().then(
      () => setTimeout(ask, ASK_EVERY_MS),
      () => setTimeout(ask, ASK_AGAIN_MS),
    );
  };
  ask();
}

export const DeploymentContext = createContext<Deployment | undefined>(undefined);

export function useDeployment(): Deployment {
  const deployment = use(DeploymentContext);
  if (!deployment) throw new Error("useDeployment stands outside DeploymentContext");
  return deployment;
}

/** The last answer of the hub, as it changes; undefined before any. */
export function useDeploymentConfig(): DeploymentConfig | undefined {
  const { subscribe, current } = useDeployment();
  return useSyncExternalStore(subscribe, current);
}
