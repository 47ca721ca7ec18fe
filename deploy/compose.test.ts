import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";

import { readHubConfig } from "#shared/server/config/hub-config.ts";
import { readWorkerConfig } from "#shared/server/config/worker-config.ts";

import { v8FlagsOf } from "./local/system-parts.ts";

const TOP = join(import.meta.dirname, "..");

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[];
        readonly environment?: Readonly<Record<string, string>>;
        readonly depends_on?: Readonly<Record<string, unknown>>;
        readonly volumes?: readonly string[];
        readonly healthcheck?: unknown;
      }
    >
  >;
}

const text = readFileSync(join(TOP, "docker-compose.yml"), "utf8");
// Cast: the schema has been checked by the first test.
const compose = parse(text, { merge: true }) as Compose;

function composeSchema(): object {
  const linter = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
  const file = join(linter, "schemas/compose.schema.json");
  // Cast: a JSON Schema of draft 7, shipped by the compose linter; its name for the draft is not one that ajv knows.
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  return schema;
}

/** Fills in `${NAME:-default}` and `${NAME:?why}` as compose does. */
function filled(environment: Readonly<Record<string, string>>, given: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/gu, (_, key: string, kind?: string, rest = "") => {
        if (given[key] !== undefined) return given[key];
        if (kind === "?") throw new Error(`${key}: ${rest}`);
        return rest;
      }),
    ]),
  );
}

test("[RUN4] the compose file fits the Compose Specification", () => {
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(composeSchema());
  expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...compose, services: { hub: { imagine: "x" } } })).toBe(false);
});

const secrets = {
  POSTGRES_PASSWORD: "p",
  JWT_SECRET: "x".repeat(40),
  STRIPE_SECRET_KEY: "sk_live_1",
  STRIPE_PUBLISHABLE_KEY: "pk_live_1",
  STRIPE_WEBHOOK_SECRET: "whsec_1",
};

test.each(["hub-api", "hub-realtime"])("[RUN4] %s accepts its settings, and has its role", (name) => {
  const config = readHubConfig(filled(compose.services[name]?.environment ?? {}, secrets));
  expect(config.HUB_ROLE).toBe(name.replace("hub-", ""));
  expect(config.HUB_HOST).toBe("0.0.0.0");
});

test.each(["hub-api", "hub-realtime"])(
  "[ROL2] the proxy finds %s anew each second, and passes over one that is gone",
  (name) => {
    const caddy = readFileSync(join(TOP, "deploy/Caddyfile"), "utf8");
    const [, upstream = ""] =
      new RegExp(`reverse_proxy \\{\\s+dynamic a \\{\\s+name ${name}\\n([^]*?)\\n\\t\\t\\}`, "u").exec(caddy) ?? [];
    expect(upstream).toMatch(/refresh 1s/u);
    expect(upstream).toMatch(/import hubs/u);
    expect(caddy).toMatch(/\(hubs\) \{\s+lb_try_duration 5s/u);
    // It has no effect on what is found by name, so it would only seem to be there.
    expect(caddy).not.toMatch(/^\s*health_/mu);
  },
);

test("[RUN4] the worker accepts its settings", () => {
  const config = readWorkerConfig(filled(compose.services["worker"]?.environment ?? {}, secrets));
  expect(config.PAYMENTS).toBe("stripe");
});

test.each(Object.keys(secrets))("[RUN4] nothing starts without %s", (name) => {
  const rest = Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== name));
  expect(() => Object.values(compose.services).forEach((service) => filled(service.environment ?? {}, rest))).toThrow(
    name,
  );
});

test("[RUN4] every variable that is set is one that the process reads", () => {
  const known = readFileSync(join(TOP, ".env.example"), "utf8");
  for (const name of ["hub-api", "hub-realtime", "worker"]) {
    for (const key of Object.keys(compose.services[name]?.environment ?? {})) expect(known).toContain(`${key}=`);
  }
});

test("[RUN4] what a service starts, mounts and waits for is there", () => {
  const services = Object.values(compose.services);
  const entries = services.flatMap((service) => service.command ?? []).filter((part) => part.endsWith(".ts"));
  const mounts = services.flatMap((service) => service.volumes ?? []).map((volume) => volume.split(":")[0] ?? "");
  const files = [...entries, ...mounts.filter((source) => source.startsWith("."))];
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((path) => !existsSync(join(TOP, path)))).toEqual([]);
  const awaited = services.flatMap((service) => Object.keys(service.depends_on ?? {}));
  expect(awaited.filter((name) => !(name in compose.services))).toEqual([]);
});

test("[LIF11] hubs and workers have the same settings of V8 in containers as on one machine", () => {
  const dockerfile = readFileSync(join(TOP, "deploy/Dockerfile"), "utf8");
  // Cast: the words of a command, as JSON.
  const words = JSON.parse(/^CMD (\[.*\])$/mu.exec(dockerfile)?.[1] ?? "[]") as string[];
  const commands = [words, ...Object.values(compose.services).map(({ command = [] }) => command)];
  const ours = commands.filter((command) => /^(hub|workers)[/]main[.]ts$/u.test(command.at(-1) ?? ""));
  expect(ours).toHaveLength(4);
  for (const command of ours) {
    const entry = command.at(-1) ?? "";
    expect(command).toEqual(["node", ...v8FlagsOf(entry), entry]);
  }
});

test("[RUN4] queues are kept on disk and never evicted; nothing but the proxy is reached from outside", () => {
  expect(compose.services["redis-queue"]?.command?.join(" ")).toContain(
    "--appendonly yes --maxmemory-policy noeviction",
  );
  const open = Object.entries(compose.services).filter(([, service]) => "ports" in service);
  expect(open.map(([name]) => name)).toEqual(["proxy"]);
});
