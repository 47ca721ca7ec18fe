import { expect, test } from "vitest";

import { makeLog } from "./log.ts";

function logged(write: (log: ReturnType<typeof makeLog>) => void): string {
  const lines: string[] = [];
  write(makeLog("hub", "info", { write: (line) => void lines.push(line) }));
  return lines.join("");
}

test.each([
  "authorization",
  "password",
  "passwordHash",
  "token",
  "accessToken",
  "refreshToken",
  "cookie",
  "set-cookie",
  "client_secret",
  "clientSecret",
  "idempotency-key",
  "x-goog-api-key",
  "GOOGLE_ROUTES_KEY",
])("[LOG1] a %s is never logged, at any of three depths", (key) => {
  const secret = "s3cret-s3cret";
  const text = logged((log) => {
    log.info({ [key]: secret, headers: { [key]: secret }, request: { headers: { [key]: secret } } }, "asked");
  });
  expect(text).toContain("asked");
  expect(text).not.toContain(secret);
});

test("[LOG2] a line is JSON with level, time, process and the error's stack", () => {
  const line: unknown = JSON.parse(logged((log) => log.error({ error: new Error("away"), orderId: "o1" }, "failed")));
  expect(line).toMatchObject({ level: "error", name: "hub", orderId: "o1", msg: "failed" });
  expect(line).toHaveProperty("error.stack", expect.stringContaining("away"));
  expect(line).toHaveProperty("time", expect.stringMatching(/^\d{4}-\d\d-\d\dT/u));
});
