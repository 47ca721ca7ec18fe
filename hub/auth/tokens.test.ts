import jwt from "jsonwebtoken";
import { expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";

import { ACCESS_LIFE_S, makeTokens } from "./tokens.ts";

const SECRET = "a secret of tests, long enough to sign";
const SUBJECT = "0198c0de-0000-7000-8000-000000000001";
const ROLE = { role: "kitchen" as const, marketId: "mvd", restaurantId: SUBJECT };
let nowMs = Date.UTC(2027, 0, 1);
const tokens = makeTokens(SECRET, () => nowMs);
const claims = { sub: SUBJECT, sid: SUBJECT, roles: [ROLE], iss: "tiffin", aud: "tiffin" };

function codeOf(token: string): string {
  try {
    tokens.verify(token);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "good";
}

/** Signed now, with the deployment's secret unless told otherwise. */
function signed(more: object, options: jwt.SignOptions = {}, secret = SECRET): string {
  const iat = Math.floor(nowMs / 1000);
  return jwt.sign({ ...claims, iat, exp: iat + 60, ...more }, secret, { algorithm: "HS256", ...options });
}

test("[ACC4] a token says who, in which session and as what, for 15 minutes", () => {
  const { token, expiresAtMs } = tokens.sign({ personId: SUBJECT, sessionId: SUBJECT, roles: [ROLE] });
  expect(expiresAtMs).toBe(nowMs + ACCESS_LIFE_S * 1000);
  expect(tokens.verify(token)).toEqual({ personId: SUBJECT, sessionId: SUBJECT, roles: [ROLE], expiresAtMs });
  nowMs += 15 * 60_000 - 1_000;
  expect(codeOf(token)).toBe("good");
  nowMs += 1_000;
  expect(codeOf(token)).toBe("auth.expired");
});

test("[ACC4] another secret, algorithm, audience or form is none of ours", () => {
  expect(codeOf(signed({}))).toBe("good");
  expect(codeOf(signed({}, {}, "another secret, as long as the first one"))).toBe("auth.missing");
  expect(codeOf(signed({}, { algorithm: "HS512" }))).toBe("auth.missing");
  expect(codeOf(signed({ aud: "another" }))).toBe("auth.missing");
  expect(codeOf(signed({ roles: [{ ...ROLE, role: "owner" }] }))).toBe("auth.missing");
  expect(codeOf(jwt.sign({ ...claims, exp: nowMs }, null, { algorithm: "none" }))).toBe("auth.missing");
});

test("[ACC4] of those found good before only the very same is taken unchecked, however many there were", () => {
  const first = signed({ exp: Math.floor(nowMs / 1000) + 60 });
  expect(codeOf(first)).toBe("good");
  const [head, , signature] = first.split(".");
  const forged = Buffer.from(JSON.stringify({ ...claims, roles: [{ ...ROLE, role: "admin" }] })).toString("base64url");
  expect(codeOf(`${head}.${forged}.${signature}`)).toBe("auth.missing");
  for (let nth = 0; nth < 1_100; nth += 1) expect(codeOf(signed({ nth }))).toBe("good");
  expect(codeOf(first)).toBe("good");
  nowMs += 60_000;
  expect(codeOf(first)).toBe("auth.expired");
});
