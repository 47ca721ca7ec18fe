import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A refresh token that we once gave: which session, and which of its rotations. */
export interface RefreshToken {
  readonly sessionId: string;
  /** Counts the session's tokens from 0. */
  readonly turn: number;
}

export interface RefreshTokens {
  write(token: RefreshToken): string;
  /** Undefined for text that we never gave, so that a guess can end nobody's session. */
  read(text: string): RefreshToken | undefined;
}

const FORM = /^([0-9a-f-]{36})[.]([0-9]{1,9})[.]([\w-]{43})$/;

/**
 * `session.turn.mac`: an old token is known for one of ours without keeping any, and a token's successor can be written
 * again for the tab that lost the race. [ACC6, ACC7]
 */
export function makeRefreshTokens(secret: string): RefreshTokens {
  const key = createHmac("sha256", secret).update("refresh tokens").digest();
  const macOf = (sessionId: string, turn: number) => createHmac("sha256", key).update(`${sessionId}.${turn}`).digest();
  return {
    write: ({ sessionId, turn }) => `${sessionId}.${turn}.${macOf(sessionId, turn).toString("base64url")}`,
    read: (text) => {
      const [, sessionId, turnText, mac] = FORM.exec(text) ?? [];
      if (sessionId === undefined || turnText === undefined || mac === undefined) return undefined;
      const turn = Number(turnText);
      const given = Buffer.from(mac, "base64url");
      const ours = macOf(sessionId, turn);
      return given.length === ours.length && timingSafeEqual(given, ours) ? { sessionId, turn } : undefined;
    },
  };
}

/** What the store keeps of a refresh token. */
export function hashOfToken(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
