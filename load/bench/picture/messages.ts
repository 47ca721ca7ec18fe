import type { Identity } from "#shared/domain/rights/identity.ts";

import { idOf, type IdKind, type SwarmPlan } from "../../swarm/plan.ts";
import { SWARM_MARKET } from "../../swarm/run/seed.ts";

/** Which hubs a process is one of, or knows. */
export type Kind = "ours" | "plain";

/** What a hub's process is started with. */
export interface HubAsked {
  readonly kind: Kind;
  readonly redisUrl: string;
  readonly databaseUrl: string;
}

/** What a process of phones or of watchers is started with. */
export interface CrowdAsked {
  readonly kind: Kind;
  readonly ports: readonly number[];
  readonly couriers: number;
  /** Of each courier's order. */
  readonly watchersEach: number;
  /** A table of traces; made-up ones without. */
  readonly traces: string | undefined;
}

/** A hub's process tells where it listens, and what it has done whenever it is asked. */
export type HubTold =
  | { readonly port: number }
  | {
      readonly cpuUs: number;
      /** Positions that Redis gave our hub; 0 at the other. */
      readonly arrived: number;
    };
/** Phones are told to go or to stand, and say what they have asked of the hubs since they began. */
export type PhonesTold =
  | { readonly ready: true }
  | { readonly fixes: number; readonly motions: number; readonly traces: number };
/** Watchers say how many positions they were shown since they began. */
export type WatchersTold = { readonly ready: true } | { readonly shown: number };

export const MARKET = SWARM_MARKET.id;

/** A courier each with one order in their hands, and the order's customer. */
export function planOfCouriers(couriers: number): SwarmPlan {
  // The swarm's order `j` is that of customer `3 j`.
  const customers = couriers * 3;
  return {
    connections: couriers + customers,
    customers,
    couriers,
    kitchens: 1,
    operators: 1,
    orders: couriers,
    carried: couriers,
  };
}

/** Hubs in the bench take an identity for a token: nobody signs in while it is measured. */
export function tokenOf(kind: Extract<IdKind, "courier" | "customer" | "operator">, index: number): string {
  const role = kind === "operator" ? "support" : kind;
  const identity: Identity = {
    personId: idOf(kind, index),
    sessionId: idOf(kind, index),
    roles: [{ role, marketId: kind === "customer" ? null : MARKET, restaurantId: null }],
    expiresAtMs: Date.UTC(2100, 0),
  };
  return JSON.stringify(identity);
}

/** Which hub somebody is at: a courier's first watcher at the courier's own, the next at the next, and so on. */
export function portOf(ports: readonly number[], index: number): number {
  const port = ports[index % ports.length];
  if (port === undefined) throw new Error("there is no hub");
  return port;
}
