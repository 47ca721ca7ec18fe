import type { OpenedSession } from "#shared/contracts/catalogue/accounts.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Db, Tx } from "#shared/server/db/connect.ts";
import {
  changeSession,
  insertSession,
  lockSession,
  personById,
  rolesOf,
  type PersonRow,
  type SessionRow,
} from "#shared/server/db/people.ts";
import { newId } from "#shared/server/new-id.ts";

import { hashOfToken, type RefreshToken, type RefreshTokens } from "../../auth/refresh-tokens.ts";
import type { Tokens } from "../../auth/tokens.ts";

/** A session that is not used for so long is over. */
export const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
/** How long the token before the newest still gets the newest: two tabs, a reply that was lost. */
export const GRACE_MS = 10_000;

export interface SessionDeps {
  readonly db: Db;
  readonly tokens: Tokens;
  readonly refreshTokens: RefreshTokens;
  /** Sessions live in wall time. */
  readonly wallNowMs: () => number;
}

export interface Sessions {
  open(tx: Tx, person: PersonRow): Promise<OpenedSession>;
  /** @throws {Refusal} `auth.session-ended` */
  refresh(refreshToken: string): Promise<OpenedSession>;
  close(tx: Tx, sessionId: string): Promise<void>;
}

/** Sign-ins: one family of rotating refresh tokens each. [ACC5-ACC9] */
export function makeSessions(deps: SessionDeps): Sessions {
  const { db, tokens, refreshTokens, wallNowMs } = deps;

  async function answer(tx: Tx, person: PersonRow, refresh: RefreshToken): Promise<OpenedSession> {
    const roles = await rolesOf(tx, person.id);
    const access = tokens.sign({ personId: person.id, sessionId: refresh.sessionId, roles });
    return {
      person: { id: person.id, name: person.name, email: person.email, roles },
      accessToken: access.token,
      accessExpiresAtMs: access.expiresAtMs,
      refreshToken: refreshTokens.write(refresh),
    };
  }

  return {
    async open(tx, person) {
      const nowMs = wallNowMs();
      const refresh = { sessionId: newId(), turn: 0 };
      await insertSession(tx, {
        id: refresh.sessionId,
        personId: person.id,
        tokenHash: hashOfToken(refreshTokens.write(refresh)),
        previousTokenHash: null,
        rotatedAtMs: nowMs,
        expiresAtMs: nowMs + SESSION_LIFE_MS,
        endedAtMs: null,
        createdAtMs: nowMs,
      });
      return answer(tx, person, refresh);
    },

    async refresh(text) {
      const given = refreshTokens.read(text);
      // The refusal is thrown after the commit: what it ends stays ended.
      const opened =
        given &&
        (await db.orm.transaction(async (tx) => {
          const nowMs = wallNowMs();
          const session = await lockSession(tx, given.sessionId);
          if (!session || session.endedAtMs !== null || session.expiresAtMs <= nowMs) return undefined;
          const person = await personById(tx, session.personId);
          const hash = hashOfToken(text);
          if (!person || person.disabled || !isGood(session, hash, nowMs)) {
            await changeSession(tx, session.id, { endedAtMs: nowMs });
            return undefined;
          }
          const next = { sessionId: session.id, turn: given.turn + 1 };
          if (hash === session.tokenHash) {
            await changeSession(tx, session.id, {
              tokenHash: hashOfToken(refreshTokens.write(next)),
              previousTokenHash: hash,
              rotatedAtMs: nowMs,
              expiresAtMs: nowMs + SESSION_LIFE_MS,
            });
          }
          return answer(tx, person, next);
        }));
      if (!opened) throw new Refusal("auth.session-ended", "this session is over; sign in again");
      return opened;
    },

    close: (tx, sessionId) => changeSession(tx, sessionId, { endedAtMs: wallNowMs() }),
  };
}

/** The newest token, or the one before it for a short while. Any older one was used twice: somebody copied it. */
function isGood(session: SessionRow, hash: string, nowMs: number): boolean {
  return hash === session.tokenHash || (hash === session.previousTokenHash && nowMs - session.rotatedAtMs < GRACE_MS);
}
