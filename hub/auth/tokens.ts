import { createSecretKey, type KeyObject } from "node:crypto";

import jwt from "jsonwebtoken";
import { z } from "zod";

import { heldRole, type HeldRole } from "#shared/contracts/catalogue/accounts.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { uuid } from "#shared/contracts/ids.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

/** How long an access token is good for. Roles that are taken away end with it at the latest. */
export const ACCESS_LIFE_S = 15 * 60;
const NAME = "tiffin";
/** So many that were found good are remembered: who browses asks several times in a row, and checking a signature
 * costs more than reading a small answer's form. */
const REMEMBERED = 1_000;

const claims = z.object({ sub: uuid, sid: uuid, roles: z.array(heldRole).max(200), exp: z.int() });

export interface Tokens {
  /** Signs an access token. `expiresAtMs` is wall time, epoch ms. */
  sign(who: { readonly personId: string; readonly sessionId: string; readonly roles: readonly HeldRole[] }): {
    readonly token: string;
    readonly expiresAtMs: number;
  };
  /**
   * What the token says, once its signature and time were checked.
   *
   * @throws {Refusal} `auth.expired` for one of ours that is over, `auth.missing` for anything else
   */
  verify(token: string): Identity;
}

/**
 * Access tokens: JWT, HS256 and nothing else, 15 minutes. [ACC4]
 *
 * @param wallNowMs tokens live in wall time, whatever the deployment's clock says
 */
export function makeTokens(secret: string, wallNowMs: () => number): Tokens {
  // Given as text it would be tried as a public key first, with every token.
  const key = createSecretKey(Buffer.from(secret));
  const good = new Map<string, Identity>();
  return {
    sign({ personId, sessionId, roles }) {
      const iat = Math.floor(wallNowMs() / 1000);
      const exp = iat + ACCESS_LIFE_S;
      const token = jwt.sign({ sub: personId, sid: sessionId, roles, iat, exp, iss: NAME, aud: NAME }, key, {
        algorithm: "HS256",
      });
      return { token, expiresAtMs: exp * 1000 };
    },
    verify(token) {
      const nowMs = wallNowMs();
      const known = good.get(token);
      if (known && known.expiresAtMs > nowMs) return known;
      good.delete(token);
      const { sub, sid, roles, exp } = claimsOf(token, key, nowMs);
      const identity = { personId: sub, sessionId: sid, roles, expiresAtMs: exp * 1000 };
      const [oldest] = good.size < REMEMBERED ? [] : good.keys();
      if (oldest !== undefined) good.delete(oldest);
      good.set(token, identity);
      return identity;
    },
  };
}

function claimsOf(token: string, key: KeyObject, nowMs: number): z.output<typeof claims> {
  try {
    const payload = jwt.verify(token, key, {
      algorithms: ["HS256"],
      issuer: NAME,
      audience: NAME,
      clockTimestamp: Math.floor(nowMs / 1000),
    });
    return claims.parse(payload);
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new Refusal("auth.expired", "the access token is over; renew it");
    throw new Refusal("auth.missing", "this is not an access token of ours", { cause: error });
  }
}
