import { z } from "zod";

import { point } from "../geo.ts";
import { marketId, personId, restaurantId, uuid } from "../ids.ts";
import { ROLES } from "../roles.ts";
import { command } from "./command.ts";

const email = z.email().max(200).toLowerCase();
const password = z.string().min(10).max(200);
const name = z.string().trim().min(1).max(80);
const phone = z
  .string()
  .regex(/^\+[1-9][0-9]{6,14}$/)
  .nullable()
  .default(null);

export const heldRole = z.object({
  role: z.enum(ROLES),
  marketId: marketId.nullable(),
  restaurantId: restaurantId.nullable(),
});
export type HeldRole = z.output<typeof heldRole>;

export const person = z.object({ id: personId, name: z.string(), email: z.string(), roles: z.array(heldRole) });

export const openedSession = z.object({
  person,
  accessToken: z.string(),
  /** Wall time, epoch ms. */
  accessExpiresAtMs: z.int(),
  refreshToken: z.string(),
});
export type OpenedSession = z.output<typeof openedSession>;

export const address = z.object({
  id: uuid,
  label: z.string().trim().min(1).max(40),
  line: z.string().trim().min(1).max(200),
  instructions: z.string().trim().max(300).default(""),
  point,
});

const nothing = z.object({});
const anyone = {
  customer: "self",
  courier: "self",
  kitchen: "self",
  restaurant_admin: "self",
  dispatcher: "self",
  support: "self",
  admin: "self",
} as const;

export const accountCommands = {
  "account.register": command({
    summary: "Open a customer's account and sign in.",
    kind: "command",
    rest: { method: "POST", path: "/v1/accounts" },
    sockets: [],
    input: z.object({ email, password, name, phone }),
    output: openedSession,
    rights: "public",
    errors: ["account.exists"],
  }),
  "session.open": command({
    summary: "Sign in. The access token is short-lived; the refresh token rotates.",
    kind: "command",
    rest: { method: "POST", path: "/v1/sessions" },
    sockets: [],
    input: z.object({ email, password: z.string().max(200) }),
    output: openedSession,
    rights: "public",
    errors: ["auth.wrong-credentials"],
  }),
  "session.refresh": command({
    summary: "Exchange a refresh token. The one before is answered for 10 s (two tabs); older ones end the session.",
    kind: "command",
    rest: { method: "POST", path: "/v1/sessions/refresh" },
    sockets: [],
    input: z.object({ refreshToken: z.string().min(20).max(200) }),
    output: openedSession,
    rights: "public",
    errors: ["auth.session-ended"],
  }),
  "session.close": command({
    summary: "Sign out: the refresh tokens of this session stop working.",
    kind: "command",
    rest: { method: "POST", path: "/v1/sessions/close" },
    sockets: [],
    input: nothing,
    output: nothing,
    rights: anyone,
    errors: [],
  }),
  "me.read": command({
    summary: "Who I am, and what I may be.",
    kind: "query",
    rest: { method: "GET", path: "/v1/me" },
    sockets: [],
    input: nothing,
    output: person,
    rights: anyone,
    errors: [],
  }),
  "addresses.list": command({
    summary: "My addresses.",
    kind: "query",
    rest: { method: "GET", path: "/v1/me/addresses" },
    sockets: [],
    input: nothing,
    output: z.object({ addresses: z.array(address) }),
    rights: { customer: "self" },
    errors: [],
  }),
  "address.save": command({
    summary: "Add an address, or change the one with this id.",
    kind: "command",
    rest: { method: "PUT", path: "/v1/me/addresses/{id}" },
    sockets: [],
    input: address,
    output: address,
    rights: { customer: "self" },
    errors: [],
  }),
  "address.remove": command({
    summary: "Remove an address.",
    kind: "command",
    rest: { method: "DELETE", path: "/v1/me/addresses/{id}" },
    sockets: [],
    input: z.object({ id: uuid }),
    output: nothing,
    rights: { customer: "self" },
    errors: [],
  }),
} as const;
