import { createSecretKey } from "node:crypto";

import jwt from "jsonwebtoken";

import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

/** Those that a sign-in gives live so long. */
const LIFE_S = 15 * 60;
const NAME = "tiffin";
/** A token that ends sooner is not kept: a hub asks for a longer one a minute before the end. */
const SPARE_MS = 2 * 60_000;

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

/**
 * Signs anew only when the token of before is about to end: a phone keeps the one that it was given, and a whole swarm that comes back at
 * once would measure signatures. [SWM10]
 */
export function keptToken(sign: () => string, nowMs: () => number = Date.now): () => string {
  let kept = "";
  let untilMs = -Infinity;
  return () => {
    if (nowMs() < untilMs) return kept;
    kept = sign();
    const [, claims = ""] = kept.split(".");
    // Cast: what `makeTokenMint` has signed.
    const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp: number };
    untilMs = exp * 1000 - SPARE_MS;
    return kept;
  };
}
