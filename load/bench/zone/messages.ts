import type { Identity } from "#shared/domain/rights/identity.ts";

/** Which hub a process is or watches; each has a market of its own, as they share a Redis. */
export type Kind = "ours" | "plain";
export const marketOf = (kind: Kind): string => `bench-${kind}`;

/** Who watches ours. */
export const OFFICE: Identity = {
  personId: "0190a000-0000-7000-8000-000000000001",
  sessionId: "0190a000-0000-7000-8000-000000000002",
  roles: [{ role: "dispatcher", marketId: marketOf("ours"), restaurantId: null }],
  expiresAtMs: Date.UTC(2100, 0),
};

/** A hub's process tells where it listens, and how long its processors have worked whenever it is asked. */
export type HubTold = { readonly port: number } | { readonly cpuUs: number };
/** A process of operators tells when all watch, and what they were given since it began whenever it is asked. */
export type OperatorsTold = { readonly watching: number } | { readonly positions: number };
