import { beforeEach, describe, expect, test } from "vitest";

import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { Command, Namespace } from "#shared/contracts/catalogue/command.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { ROLES, type Role } from "#shared/contracts/roles.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";

import type { UseCases } from "../services/use-cases.ts";
import { MARKET, sampleOf, UUID } from "../testing/sample.ts";
import { wrongInputs } from "../testing/wrong-inputs.ts";
import { bindCommands, commandsOf } from "./commands.ts";

const NAMESPACES: readonly Namespace[] = ["customer", "kitchen", "courier", "ops"];
const ENTRIES = NAMESPACES.flatMap((namespace) => commandsOf(namespace).map((name) => [namespace, name] as const));
const called: string[] = [];
// Cast: one handler for every name; only that it is reached is looked at.
const useCases = Object.fromEntries(
  Object.keys(CATALOGUE).map((name) => [name, async () => void called.push(name)]),
) as unknown as UseCases;

beforeEach(() => void called.splice(0));

function identity(role: Role, marketId: string = MARKET, restaurantId: string = UUID): Identity {
  const staff = role === "kitchen" || role === "restaurant_admin";
  const held = { role, marketId: role === "customer" ? null : marketId, restaurantId: staff ? restaurantId : null };
  return { personId: UUID, sessionId: UUID, roles: [held], expiresAtMs: 0 };
}

function rightsOf(name: CommandName): readonly Role[] {
  const { rights }: Command = CATALOGUE[name];
  return rights === "public" ? ROLES : ROLES.filter((role) => role in rights);
}

/** The code of the refusal, or `done`. */
async function send(namespace: Namespace, name: CommandName, payload: unknown, who: Identity): Promise<string> {
  const handler = bindCommands(namespace, useCases)[name];
  try {
    await handler?.(who, payload, () => {});
    return "done";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe.each(ENTRIES)("%s: %s", (namespace, name) => {
  const entry: Command = CATALOGUE[name];
  const commandId = "k".repeat(12);
  const good = { ...(sampleOf(entry.input) as object), commandId }; // Cast: inputs are objects.
  const allowed = identity(rightsOf(name)[0] ?? "admin");

  test("[RTM15] good input of somebody who may reaches the use case", async () => {
    expect(await send(namespace, name, good, allowed)).toBe("done");
    expect(called).toEqual([name]);
  });

  test("[RTM15] every field refuses what is not of its form, and nothing is done", async () => {
    const wrong = wrongInputs(entry);
    expect(new Set(wrong.map(({ field }) => field)).size).toBe(Object.keys(entry.input.shape).length);
    for (const { field, input } of wrong) {
      expect(await send(namespace, name, { ...input, commandId }, allowed), field).toBe("payload.invalid");
    }
    for (const payload of [undefined, null, 7, "text", [], [good]]) {
      expect(await send(namespace, name, payload, allowed)).toBe("payload.invalid");
    }
    expect(called).toEqual([]);
  });

  test("[RTM15] a command needs a key of 8 to 128 characters", async () => {
    if (entry.kind === "query") return;
    for (const key of [undefined, "short", "k".repeat(129), 12_345_678]) {
      expect(await send(namespace, name, { ...good, commandId: key }, allowed)).toBe("payload.invalid");
    }
    expect(called).toEqual([]);
  });

  test("[RIG1] each role may or may not, as the table says; a role elsewhere is none here", async () => {
    const may = rightsOf(name);
    for (const role of ROLES) {
      const answer = await send(namespace, name, good, identity(role));
      expect(answer, role).toBe(may.includes(role) ? "done" : "right.missing");
      if (role === "customer" || !("marketId" in good)) continue;
      expect(await send(namespace, name, good, identity(role, "elsewhere")), role).toBe("right.missing");
    }
  });
});
