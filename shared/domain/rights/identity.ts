import type { HeldRole } from "../../contracts/catalogue/accounts.ts";
import type { Role } from "../../contracts/roles.ts";

/** Who calls: what the token says, nothing that the caller says. */
export interface Identity {
  readonly personId: string;
  readonly sessionId: string;
  readonly roles: readonly HeldRole[];
  /** Wall time, epoch ms. */
  readonly expiresAtMs: number;
}

/** Whether the identity holds `role` in the market (and in the restaurant, for the roles of one). */
export function holds(identity: Identity, role: Role, marketId?: string, restaurantId?: string): boolean {
  return identity.roles.some(
    (held) =>
      held.role === role &&
      (held.marketId === null || marketId === undefined || held.marketId === marketId) &&
      (held.restaurantId === null || restaurantId === undefined || held.restaurantId === restaurantId),
  );
}
