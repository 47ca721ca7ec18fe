import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Registry } from "prom-client";
import { afterAll, expect, test } from "vitest";

import { makeLog } from "#shared/server/log.ts";

import { makeApp } from "../app.ts";
import { makeTokens } from "../auth/tokens.ts";
import type { UseCases } from "../services/use-cases.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-pages-"));
for (const name of ["web", "courier"]) {
  mkdirSync(join(folder, name, "assets"), { recursive: true });
  writeFileSync(join(folder, name, "index.html"), `<title>${name}</title>`);
  writeFileSync(join(folder, name, "assets", "main-abc123.js"), `"${name}"`);
}
writeFileSync(join(folder, "secret.txt"), "not for anybody");

const app = await makeApp({
  log: makeLog("test", "silent"),
  tokens: makeTokens("a secret of tests, long enough to sign", () => 0),
  useCases: {} as UseCases, // Cast: no command is called here.
  handleWebhook: async () => {},
  health: { checks: {}, draining: () => false, metrics: new Registry() },
  publicConfig: { paymentsMode: "sandbox", publishableKey: "", paymentApiBase: "http://127.0.0.1:1", clockRate: 1 },
  nowMs: () => 0,
  pages: [
    { dist: join(folder, "web"), prefix: "/" },
    { dist: join(folder, "courier"), prefix: "/courier/" },
    { dist: join(folder, "not-built"), prefix: "/later/" },
  ],
  settings: { origins: [], requestsPerMinute: 1_000, signInsPerMinute: 10, rest: true },
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const open = (url: string) => app.inject({ url, headers: { accept: "text/html,*/*" } });

test("[API13] each client's page is shown at its path and at every path inside it", async () => {
  for (const url of ["/", "/kitchen", "/orders/1?at=2", "/index.html"]) {
    expect({ url, body: (await open(url)).body }).toEqual({ url, body: "<title>web</title>" });
  }
  for (const url of ["/courier/", "/courier", "/courier/shift"]) {
    expect({ url, body: (await open(url)).body }).toEqual({ url, body: "<title>courier</title>" });
  }
});

test("[API13] a page is asked for again each time, a file named by its content after a year", async () => {
  for (const url of ["/", "/courier/", "/kitchen"]) expect((await open(url)).headers["cache-control"]).toBe("no-cache");
  const asset = await open("/courier/assets/main-abc123.js");
  expect(asset.body).toBe('"courier"');
  expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
});

test("[API13] the API, data and files outside are no pages", async () => {
  for (const url of ["/v1/nothing", "/docs/nothing", "/socket.io/"]) expect((await open(url)).statusCode).toBe(404);
  expect((await app.inject({ url: "/assets/gone.js", headers: { accept: "*/*" } })).statusCode).toBe(404);
  for (const url of ["/../secret.txt", "/%2e%2e/secret.txt", "/courier/..%2f..%2fsecret.txt"]) {
    expect((await open(url)).body).not.toContain("not for anybody");
  }
});
