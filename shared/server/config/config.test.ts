import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { envExample } from "./env-example.ts";
import { readHubConfig } from "./hub-config.ts";
import { readWorkerConfig } from "./worker-config.ts";

const stores = {
  DATABASE_URL: "postgres://tiffin@127.0.0.1:5432/tiffin",
  REDIS_LIVE_URL: "redis://127.0.0.1:6379",
  REDIS_QUEUE_URL: "redis://127.0.0.1:6380",
};
const keys = { STRIPE_SECRET_KEY: "sk_test_1", STRIPE_PUBLISHABLE_KEY: "pk_test_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };
const sandbox = { ...keys, PAYMENTS: "sandbox", STRIPE_API_BASE: "http://127.0.0.1:4000" };
const hub = { ...stores, ...sandbox, JWT_SECRET: "x".repeat(32) };

test("[CFG1] every missing and malformed setting is named at once", () => {
  const read = () => readHubConfig({ ...sandbox, HUB_PORT: "many", DATABASE_URL: "mysql://x", JWT_SECRET: "short" });
  for (const name of ["HUB_PORT", "DATABASE_URL", "REDIS_LIVE_URL", "REDIS_QUEUE_URL", "JWT_SECRET"]) {
    expect(read).toThrow(name);
  }
});

test.each([
  ["no keys at all", {}, ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"]],
  ["one key missing", { ...keys, STRIPE_WEBHOOK_SECRET: "" }, ["STRIPE_WEBHOOK_SECRET"]],
  ["the sandbox without its address", { ...keys, PAYMENTS: "sandbox" }, ["STRIPE_API_BASE"]],
  ["real payments to another address", { ...keys, STRIPE_API_BASE: "http://127.0.0.1:1" }, ["STRIPE_API_BASE"]],
])("[CFG2] a process refuses to start with %s", (_, payments, named) => {
  for (const name of named) {
    expect(() => readHubConfig({ ...stores, JWT_SECRET: hub.JWT_SECRET, ...payments })).toThrow(name);
    expect(() => readWorkerConfig({ ...stores, ...payments })).toThrow(name);
  }
});

test("[CFG2] real keys, or the sandbox with its address, are enough", () => {
  expect(readHubConfig(hub).PAYMENTS).toBe("sandbox");
  expect(readHubConfig({ ...stores, ...keys, JWT_SECRET: hub.JWT_SECRET }).PAYMENTS).toBe("stripe");
  expect(readWorkerConfig({ ...stores, ...sandbox }).PAYMENTS).toBe("sandbox");
});

test.each([
  ["one origin alone", { CLOCK_ORIGIN_MS: "0" }],
  ["the other alone", { CLOCK_WALL_ORIGIN_MS: "0" }],
  ["a rate without origins", { CLOCK_RATE: "60" }],
])("[CFG3] a clock with %s is refused", (_, clock) => {
  expect(() => readHubConfig({ ...hub, ...clock })).toThrow("CLOCK_ORIGIN_MS");
});

test("[CFG3] a clock with both origins is taken", () => {
  const config = readHubConfig({ ...hub, CLOCK_RATE: "60", CLOCK_ORIGIN_MS: "0", CLOCK_WALL_ORIGIN_MS: "1000" });
  expect(config).toMatchObject({ CLOCK_RATE: 60, CLOCK_ORIGIN_MS: 0, CLOCK_WALL_ORIGIN_MS: 1000 });
});

test("[CFG4] .env.example is what the schemas say now", () => {
  expect(readFileSync(new URL("../../../.env.example", import.meta.url), "utf8")).toBe(envExample());
});

test("[CFG5] a variable that is set to nothing counts as absent", () => {
  expect(readHubConfig({ ...hub, HUB_PORT: "", CLOCK_ORIGIN_MS: "" })).toEqual(readHubConfig(hub));
});

test("[CFG6] the live Redis may be several nodes", () => {
  const urls = ["redis://127.0.0.1:7000", "redis://127.0.0.1:7001"];
  expect(readHubConfig({ ...hub, REDIS_LIVE_URL: urls.join(", ") }).REDIS_LIVE_URL).toEqual(urls);
  expect(() => readHubConfig({ ...hub, REDIS_LIVE_URL: "redis://127.0.0.1:7000,http://x" })).toThrow("REDIS_LIVE_URL");
});

test("[CFG8] cheap password hashes are refused with real payments, and taken with the sandbox alone", () => {
  const real = { ...stores, ...keys, JWT_SECRET: hub.JWT_SECRET };
  expect(() => readHubConfig({ ...real, PASSWORD_HASH: "low" })).toThrow("PASSWORD_HASH");
  expect(readHubConfig(real).PASSWORD_HASH).toBe("strong");
  expect(readHubConfig({ ...hub, PASSWORD_HASH: "low" }).PASSWORD_HASH).toBe("low");
});

test("[CFG7] a router behind a network needs its address, or its key", () => {
  expect(() => readHubConfig({ ...hub, ROUTER: "osrm" })).toThrow("OSRM_URL");
  expect(() => readWorkerConfig({ ...stores, ...sandbox, ROUTER: "osrm" })).toThrow("OSRM_URL");
  expect(readHubConfig({ ...hub, ROUTER: "osrm", OSRM_URL: "http://127.0.0.1:5000" }).OSRM_TABLE_SIZE).toBe(100);
  expect(() => readHubConfig({ ...hub, ROUTER: "google" })).toThrow("GOOGLE_ROUTES_KEY");
  expect(() => readWorkerConfig({ ...stores, ...sandbox, ROUTER: "google" })).toThrow("GOOGLE_ROUTES_KEY");
  const google = { ...hub, ROUTER: "google", GOOGLE_ROUTES_KEY: "a-key" };
  expect(readHubConfig(google).GOOGLE_ROUTES_URL).toBe("https://routes.googleapis.com");
  expect(() => readHubConfig({ ...google, GOOGLE_ROUTES_MODES: "car=DRIVE,motorbike=FLY" })).toThrow(
    "GOOGLE_ROUTES_MODES",
  );
});
