import { Registry } from "prom-client";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { Command } from "#shared/contracts/catalogue/command.ts";
import { ROLES, type Role } from "#shared/contracts/roles.ts";
import { makeLog } from "#shared/server/log.ts";

import { makeApp } from "../app.ts";
import { makeTokens } from "../auth/tokens.ts";
import type { UseCases } from "../services/use-cases.ts";
import { requestOf } from "../testing/hub-of-test.ts";
import { MARKET, sampleOf, UUID } from "../testing/sample.ts";
import { wrongInputs } from "../testing/wrong-inputs.ts";

const ENTRIES = Object.entries(CATALOGUE) as [CommandName, Command][]; // Cast: entries() forgets the key type.
const tokens = makeTokens("a secret of tests, long enough to sign", () => Date.UTC(2027, 0, 1));
const called: string[] = [];
// Cast: one handler for every name; each answers with a sample of its own output.
const useCases = Object.fromEntries(
  ENTRIES.map(([name, entry]) => [
    name,
    async () => {
      called.push(name);
      return { ...(sampleOf(entry.output, "output") as object), passwordHash: "not for anybody" }; // Cast: outputs are objects.
    },
  ]),
) as unknown as UseCases;

const app = await makeApp({
  log: makeLog("test", "silent"),
  tokens,
  useCases,
  handleWebhook: async () => {},
  health: { checks: {}, draining: () => false, metrics: new Registry() },
  publicConfig: { paymentsMode: "sandbox", publishableKey: "", paymentApiBase: "http://127.0.0.1:1", clockRate: 1 },
  nowMs: () => 0,
  pages: [],
  settings: {
    origins: ["https://shop.example"],
    requestsPerMinute: 1_000_000,
    signInsPerMinute: 1_000_000,
    rest: true,
  },
});

afterAll(() => app.close());
beforeEach(() => void called.splice(0));

function tokenOf(role: Role, marketId: string = MARKET, restaurantId: string = UUID): string {
  const market = role === "customer" ? null : marketId;
  const restaurant = role === "kitchen" || role === "restaurant_admin" ? restaurantId : null;
  return tokens.sign({ personId: UUID, sessionId: UUID, roles: [{ role, marketId: market, restaurantId: restaurant }] })
    .token;
}

/** Somebody who may call the entry: the first role of its table. */
function allowed(entry: Command): { readonly token?: string } {
  if (entry.rights === "public") return {};
  const role = ROLES.find((each) => entry.rights !== "public" && each in entry.rights);
  if (!role) throw new Error("an entry that nobody may call");
  return { token: tokenOf(role) };
}

async function send(name: CommandName, input: object, who: { readonly token?: string; readonly key?: string }) {
  const reply = await app.inject(requestOf(name, input, who));
  const body = reply.json<Record<string, unknown>>();
  return { status: reply.statusCode, type: reply.headers["content-type"], body };
}

/** Path and query carry only text. */
function textsOf(entry: Command): (field: string) => readonly string[] | undefined {
  const reads = entry.rest.method === "GET" || entry.rest.method === "DELETE";
  return (field) =>
    reads || entry.rest.path.includes(`{${field}}`)
      ? ["not it \0", "*", "x".repeat(entry.rest.path.includes(field) ? 150 : 250)]
      : undefined;
}

describe.each(ENTRIES)("%s", (name, entry) => {
  test("[API1] good input of somebody who may reaches the use case; unknown fields of the answer stay inside", async () => {
    const { status, body } = await send(name, sampleOf(entry.input) as object, allowed(entry)); // Cast: an object.
    expect(body).not.toHaveProperty("code");
    expect(status).toBe(200);
    expect(body).not.toHaveProperty("passwordHash");
    expect(called).toEqual([name]);
  });

  test("[API2] every field refuses what is not of its form, and nothing is done", async () => {
    const wrong = wrongInputs(entry, textsOf(entry));
    const fields = Object.keys(entry.input.shape);
    expect(new Set(wrong.map(({ field }) => field)).size).toBe(fields.length);
    for (const { field, input } of wrong) {
      const { status, type, body } = await send(name, input, allowed(entry));
      expect({ field, input, status, type }).toEqual({
        field,
        input,
        status: 400,
        type: "application/problem+json; charset=utf-8",
      });
      expect(body["code"]).toBe("payload.invalid");
    }
    expect(called).toEqual([]);
  });

  test("[API3] each role may or may not, as the table says", async () => {
    const input = sampleOf(entry.input) as object; // Cast: an object.
    const { rights } = entry;
    for (const role of ROLES) {
      const { status } = await send(name, input, { token: tokenOf(role) });
      expect({ role, status }).toEqual({ role, status: rights === "public" || role in rights ? 200 : 403 });
    }
    const { status } = await send(name, input, {});
    expect(status).toBe(rights === "public" ? 200 : 401);
  });

  test("[API3] a role in another market, or of another restaurant, is none here", async () => {
    const input = sampleOf(entry.input) as object; // Cast: an object.
    const { rights } = entry;
    if (rights === "public" || !("marketId" in input)) return;
    const held = ROLES.filter((role) => role in rights && role !== "customer");
    for (const role of held) {
      expect({ role, status: (await send(name, input, { token: tokenOf(role, "elsewhere") })).status }).toEqual({
        role,
        status: 403,
      });
      if (rights[role] !== "staff" || !("restaurantId" in input)) continue;
      const other = tokenOf(role, MARKET, "0198c0de-0000-7000-8000-000000000002");
      expect({ role, status: (await send(name, input, { token: other })).status }).toEqual({ role, status: 403 });
    }
    expect(called).toEqual([]);
  });

  test("[API4] a command of somebody needs a key of 8 to 128 characters", async () => {
    const keyed = entry.kind === "command" && entry.rights !== "public";
    const input = sampleOf(entry.input) as object; // Cast: an object.
    for (const key of ["short", "k".repeat(129)]) {
      const { status } = await send(name, input, { ...allowed(entry), key });
      expect(status).toBe(keyed ? 400 : 200);
    }
    expect(called).toEqual(keyed ? [] : [name, name]);
  });
});
