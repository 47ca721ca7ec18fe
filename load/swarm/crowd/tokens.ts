import { createSecretKey } from "node:crypto";

import jwt from "jsonwebtoken";

import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

/** As long as those that a sign-in gives. */
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
export function makeTokenMint(secret: string, nowMs: () => number = Date.now): (holder: Holder) => string {
  const key = createSecretKey(Buffer.from(secret));
  return ({ personId, roles }) => {
    const iat = Math.floor(nowMs() / 1000);
    const claims = { sub: personId, sid: personId, roles, iat, exp: iat + LIFE_S, iss: NAME, aud: NAME };
    return jwt.sign(claims, key, { algorithm: "HS256" });
  };
}
