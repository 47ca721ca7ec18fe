import { createSecretKey } from "node:crypto";

import jwt from "jsonwebtoken";

import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

/** Those that a sign-in gives live so long. */
const LIFE_S = 15 * 60;
const NAME = "tiffin";

/** Whose token it is, and what they may be. */
export interface Holder {
  readonly personId: string;
  readonly roles: readonly HeldRole[];
}

/**
 * Access tokens as the hubs sign them, with the deployment's own secret: signing in 100,000 people would measure password
 * hashes.
 */
export function makeTokenMint(
  secret: string,
  nowMs: () => number = Date.now,
  random: () => number = Math.random,
): (holder: Holder) => string {
  const key = createSecretKey(Buffer.from(secret));
  return ({ personId, roles }) => {
    const iat = Math.floor(nowMs() / 1000);
    // Somebody who has been here for a while: else those who came together would renew together.
    const exp = iat + Math.round(LIFE_S * (0.5 + random() / 2));
    const claims = { sub: personId, sid: personId, roles, iat, exp, iss: NAME, aud: NAME };
    return jwt.sign(claims, key, { algorithm: "HS256" });
  };
}
