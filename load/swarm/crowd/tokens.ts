import { createHmac } from "node:crypto";

import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";

/** As long as those that a sign-in gives. */
const LIFE_S = 15 * 60;

/** Whose token it is, and what they may be. */
export interface Holder {
  readonly personId: string;
  readonly roles: readonly HeldRole[];
}

/**
 * Access tokens as the hubs sign them (JWT, HS256), with the deployment's own secret: signing in 100,000 people would measure
 * password hashes.
 */
export function makeTokenMint(secret: string, nowMs: () => number = Date.now): (holder: Holder) => string {
  const head = encoded({ alg: "HS256", typ: "JWT" });
  return ({ personId, roles }) => {
    const iat = Math.floor(nowMs() / 1000);
    const claims = { sub: personId, sid: personId, roles, iat, exp: iat + LIFE_S, iss: "tiffin", aud: "tiffin" };
    const signed = `${head}.${encoded(claims)}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
