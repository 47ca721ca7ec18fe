import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { ROUTES } from "../../shared/client/routes.ts";
import { CATALOGUE, type CommandName } from "../../shared/contracts/catalogue/catalogue.ts";
import { SCENARIOS } from "./args.ts";
import { METRIC } from "./play/measure.ts";
import * as processor from "./processor.ts";

const values = z.record(z.string(), z.unknown());
const request = z.object({
  name: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  json: values.optional(),
  qs: values.optional(),
});
const step = z.object({ get: request.optional(), post: request.optional(), function: z.string().optional() });
const scenarioFile = z.object({
  config: z.object({
    processor: z.literal("./processor.mjs"),
    variables: z.record(z.string(), z.number()),
    ensure: z.object({
      maxErrorRate: z.literal(0),
      thresholds: z.array(z.record(z.string(), z.number())),
      conditions: z.array(z.object({ expression: z.string() })),
    }),
  }),
  scenarios: z.tuple([z.object({ name: z.string(), afterResponse: z.string(), flow: z.array(step) })]),
});

function read(name: string) {
  return scenarioFile.parse(parse(readFileSync(join(import.meta.dirname, `${name}.yml`), "utf8")));
}

const UUID = "0190a000-0000-7000-8000-00000000000a";
/** What the steps before would have written down. */
const VARS: Readonly<Record<string, unknown>> = {
  marketId: "test-market",
  email: "guest@load.example",
  password: "a long enough one",
  name: "Guest",
  restaurantId: UUID,
  orderId: UUID,
  orderKey: UUID,
  beginKey: UUID,
  settleKey: UUID,
  drop: { lat: 1, lng: 2 },
  "drop.lat": 1,
  "drop.lng": 2,
  dropLine: "Load test",
  lines: [{ itemId: UUID, quantity: 1, optionIds: [] }],
  totalMinor: 1_000,
  "session.accessToken": "a token",
};

/** As Artillery writes variables into a text: one alone keeps its type. */
function filled(text: unknown): unknown {
  if (typeof text !== "string") return text;
  const of = (name: string): unknown => {
    if (!(name in VARS)) throw new Error(`nothing is written down as ${name}`);
    return VARS[name];
  };
  const alone = /^\{\{ ([\w.]+) \}\}$/u.exec(text);
  return alone ? of(alone[1] ?? "") : text.replaceAll(/\{\{ ([\w.]+) \}\}/gu, (_, name: string) => String(of(name)));
}

function all(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, filled(value)]));
}

describe.each(SCENARIOS)("%s", (scenario) => {
  const { config, scenarios } = read(scenario);
  const [{ name, afterResponse, flow }] = scenarios;

  test("[ATL1] its requests are the catalogue's", () => {
    expect(name).toBe(scenario);
    const requests = flow.flatMap(({ get, post }) => [
      ...(get ? [{ ...get, method: "GET" }] : []),
      ...(post ? [{ ...post, method: "POST" }] : []),
    ]);
    const ours = requests.filter(({ url }) => url.startsWith("/"));
    expect(ours.length).toBeGreaterThan(0);
    // The payment is confirmed at the provider, as a browser does; everything else is the platform's.
    expect(requests.filter((each) => !ours.includes(each)).map((each) => each.name)).toEqual(
      scenario === "evening" ? ["payment.confirm"] : [],
    );
    for (const { name: command, method, url, headers, json, qs } of ours) {
      expect(Object.keys(CATALOGUE)).toContain(command);
      const known = command as CommandName; // Cast: looked up in the line before.
      const [routeMethod, path, needsKey] = ROUTES[known];
      expect([method, url.replaceAll(/\{\{ (\w+) \}\}/gu, "{$1}")]).toEqual([routeMethod, path]);
      expect("idempotency-key" in headers).toBe(needsKey);
      expect("authorization" in headers || CATALOGUE[known].rights === "public").toBe(true);
      const inPath = Object.fromEntries([...path.matchAll(/\{(\w+)\}/gu)].map(([, of = ""]) => [of, VARS[of]]));
      const input = z.strictObject(CATALOGUE[known].input.shape);
      expect(input.safeParse({ ...inPath, ...all(json), ...all(qs) }).error).toBeUndefined();
      all(headers);
    }
  });

  test("[ATL2] what it calls and what it asks for is there", () => {
    const called = flow.flatMap((each) => (each.function === undefined ? [] : [each.function]));
    for (const each of [...called, afterResponse]) expect(Object.keys(processor)).toContain(each);
    const { thresholds, conditions } = config.ensure;
    const asked = [
      ...thresholds.flatMap((each) => Object.keys(each)),
      ...conditions.flatMap(({ expression }) => expression.match(/[a-z]\w*(?:[.]\w+)+/gu) ?? []),
    ];
    expect(asked.length).toBeGreaterThan(2);
    const known = new Set([...Object.values(METRIC), "http.response_time", "vusers.created"].map(String));
    expect(asked.filter((metric) => !known.has(metric.replace(/[.](min|max|median|p95|p99)$/u, "")))).toEqual([]);
  });
});

test("[ATL3] Artillery is pinned and apart", () => {
  const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
  const locked = z.object({ version: z.string().optional(), dependencies: values.optional() });
  const lock = z.object({ packages: z.record(z.string(), locked) });
  const json = (path: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, path), "utf8"));
  const { dependencies } = manifest.parse(json("package.json"));
  const { packages } = lock.parse(json("package-lock.json"));
  for (const [name, version] of Object.entries(dependencies)) {
    expect(version).toMatch(/^\d+[.]\d+[.]\d+$/u);
    expect(packages[`node_modules/${name}`]?.version).toBe(version);
  }
  expect(packages[""]?.dependencies).toEqual(dependencies);
  const top = manifest.extend({ devDependencies: z.record(z.string(), z.string()) }).parse(json("../../package.json"));
  expect({ ...top.dependencies, ...top.devDependencies }).not.toHaveProperty("artillery");
});
