import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

export interface Powers {
  readonly see: boolean;
  /** Give deliveries to couriers by hand, take them away, keep them from rounds. */
  readonly dispatch: boolean;
  readonly cancel: boolean;
  readonly refund: boolean;
}

/** What the office roles may do in a market, so that no button stands there in vain. The hub decides. */
export function mayOf(roles: readonly HeldRole[], marketId: string): Powers {
  const has = (...names: readonly HeldRole["role"][]) =>
    roles.some((held) => names.includes(held.role) && (held.marketId === null || held.marketId === marketId));
  return {
    see: has("dispatcher", "support", "admin"),
    dispatch: has("dispatcher", "admin"),
    cancel: has("support", "admin"),
    refund: has("support", "admin"),
  };
}
