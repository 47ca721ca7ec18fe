import { z } from "zod";

import { point } from "../geo.ts";
import { courierId, marketId, personId, restaurantId, uuid } from "../ids.ts";
import { amountMinor } from "../money.ts";
import { courierView, menuItem, modifierGroup, restaurantView, shiftView } from "../views.ts";
import { command } from "./command.ts";

const ADMIN = { admin: "role" } as const;
const RESTAURANT = { admin: "role", restaurant_admin: "staff" } as const;
const KITCHEN = { ...RESTAURANT, kitchen: "staff" } as const;
const OFFICE = { admin: "role", dispatcher: "role", support: "role" } as const;

const hours = z
  .array(
    z.object({
      /** 0 = Sunday, in the market's time zone. */
      weekday: z.int().min(0).max(6),
      opensMinute: z.int().min(0).max(1439),
      /** Past midnight counts on from 1440. */
      closesMinute: z.int().min(1).max(2880),
    }),
  )
  .max(42)
  .refine((all) => all.every((h) => h.closesMinute > h.opensMinute), "closes before it opens");

const profile = z.object({
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(500).default(""),
  cuisine: z.string().trim().min(1).max(40),
  addressLine: z.string().trim().min(1).max(200),
  point,
  deliveryRadiusM: z.int().min(100).max(100_000),
  minimumMinor: amountMinor,
  deliveryBaseMinor: amountMinor,
  deliveryPerKmMinor: amountMinor,
  serviceFeeBasisPoints: z.int().min(0).max(10_000),
  prepMinutes: z.int().min(1).max(240),
});
/** What of a profile may be changed later; nothing has a default, so what is left out stays. */
const profileChange = z.object({
  name: profile.shape.name.optional(),
  description: z.string().trim().max(500).optional(),
  cuisine: profile.shape.cuisine.optional(),
  minimumMinor: amountMinor.optional(),
  deliveryRadiusM: profile.shape.deliveryRadiusM.optional(),
  deliveryBaseMinor: amountMinor.optional(),
  deliveryPerKmMinor: amountMinor.optional(),
  serviceFeeBasisPoints: profile.shape.serviceFeeBasisPoints.optional(),
  prepMinutes: profile.shape.prepMinutes.optional(),
  active: z.boolean().optional(),
});

const newPerson = z.object({
  email: z.email().max(200).toLowerCase(),
  name: z.string().trim().min(1).max(80),
  password: z.string().min(10).max(200),
});

const staffMember = z.object({
  personId,
  name: z.string(),
  email: z.string(),
  role: z.enum(["kitchen", "restaurant_admin", "dispatcher", "support", "admin"]),
  restaurantId: restaurantId.nullable(),
});

const inRestaurant = z.object({ marketId, restaurantId });

export const administrationCommands = {
  "restaurant.create": command({
    summary: "Open a restaurant.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/restaurants" },
    sockets: [],
    input: profile.extend({ marketId, hours }),
    output: restaurantView,
    rights: ADMIN,
    errors: ["market.not-found"],
  }),
  "restaurant.change": command({
    summary: "Change a restaurant's profile; what is left out stays.",
    kind: "command",
    rest: { method: "PATCH", path: "/v1/markets/{marketId}/restaurants/{restaurantId}" },
    sockets: [],
    input: profileChange.extend(inRestaurant.shape),
    output: restaurantView,
    rights: RESTAURANT,
    errors: ["restaurant.not-found"],
  }),
  "restaurant.set-hours": command({
    summary: "Replace the opening hours.",
    kind: "command",
    rest: { method: "PUT", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/hours" },
    sockets: [],
    input: inRestaurant.extend({ hours }),
    output: restaurantView,
    rights: RESTAURANT,
    errors: ["restaurant.not-found"],
  }),
  "restaurant.pause": command({
    summary: "Stop taking new orders, or take them again.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/pause" },
    sockets: ["kitchen"],
    input: inRestaurant.extend({ paused: z.boolean() }),
    output: restaurantView,
    rights: KITCHEN,
    errors: ["restaurant.not-found"],
  }),
  "category.save": command({
    summary: "Add a menu category, or change the one with this id.",
    kind: "command",
    rest: { method: "PUT", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/categories/{id}" },
    sockets: [],
    input: inRestaurant.extend({ id: uuid, name: z.string().trim().min(1).max(80), position: z.int().min(0).max(999) }),
    output: z.object({ id: uuid }),
    rights: RESTAURANT,
    errors: ["restaurant.not-found", "menu.not-found"],
  }),
  "item.save": command({
    summary: "Add a menu item with its choices, or change the one with this id.",
    kind: "command",
    rest: { method: "PUT", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/items/{id}" },
    sockets: [],
    input: inRestaurant.extend({
      id: uuid,
      categoryId: uuid,
      name: z.string().trim().min(1).max(80),
      description: z.string().trim().max(500).default(""),
      priceMinor: amountMinor,
      position: z.int().min(0).max(999),
      available: z.boolean().default(true),
      /** Null: not counted. */
      stock: z.int().min(0).max(100_000).nullable().default(null),
      modifierGroups: z
        .array(modifierGroup)
        .max(20)
        .default([])
        .refine((groups) => groups.every((g) => g.minChoices <= g.maxChoices), "minChoices is above maxChoices"),
    }),
    output: menuItem,
    rights: RESTAURANT,
    errors: ["restaurant.not-found", "menu.not-found"],
  }),
  "item.set-availability": command({
    summary: "Mark an item out (86) or in again, or count its stock.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/items/{id}/availability" },
    sockets: ["kitchen"],
    input: inRestaurant.extend({
      id: uuid,
      available: z.boolean(),
      stock: z.int().min(0).max(100_000).nullable().optional(),
    }),
    output: menuItem,
    rights: KITCHEN,
    errors: ["restaurant.not-found", "menu.not-found"],
  }),
  "item.archive": command({
    summary: "Take an item off the menu for good; past orders keep it.",
    kind: "command",
    rest: { method: "DELETE", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/items/{id}" },
    sockets: [],
    input: inRestaurant.extend({ id: uuid }),
    output: z.object({}),
    rights: RESTAURANT,
    errors: ["restaurant.not-found", "menu.not-found"],
  }),
  "staff.add": command({
    summary: "Give somebody a role; an account is opened for a new e-mail address.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/staff" },
    sockets: [],
    input: newPerson.extend({
      marketId,
      role: staffMember.shape.role,
      restaurantId: restaurantId.nullable().default(null),
    }),
    output: staffMember,
    rights: RESTAURANT,
    errors: ["restaurant.not-found", "account.exists"],
  }),
  "staff.list": command({
    summary: "Who has which role here.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/staff" },
    sockets: [],
    input: z.object({ marketId, restaurantId: restaurantId.optional() }),
    output: z.object({ staff: z.array(staffMember) }),
    rights: RESTAURANT,
    errors: ["restaurant.not-found"],
  }),
  "staff.remove": command({
    summary: "Take a role away; open connections lose it too.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/staff/remove" },
    sockets: [],
    input: z.object({
      marketId,
      personId,
      role: staffMember.shape.role,
      restaurantId: restaurantId.nullable().default(null),
    }),
    output: z.object({}),
    rights: RESTAURANT,
    errors: ["menu.not-found"],
  }),
  "courier.create": command({
    summary: "Take on a courier; an account is opened for a new e-mail address.",
    kind: "command",
    rest: { method: "POST", path: "/v1/markets/{marketId}/couriers" },
    sockets: [],
    input: newPerson.extend({
      marketId,
      vehicle: z.enum(["bicycle", "motorbike", "car", "foot"]),
      capacity: z.int().min(1).max(10).default(3),
    }),
    output: courierView,
    rights: ADMIN,
    errors: ["account.exists", "market.not-found"],
  }),
  "courier.change": command({
    summary: "Change a courier's vehicle or capacity, or suspend the courier.",
    kind: "command",
    rest: { method: "PATCH", path: "/v1/markets/{marketId}/couriers/{courierId}" },
    sockets: [],
    input: z.object({
      marketId,
      courierId,
      vehicle: z.enum(["bicycle", "motorbike", "car", "foot"]).optional(),
      capacity: z.int().min(1).max(10).optional(),
      active: z.boolean().optional(),
    }),
    output: courierView,
    rights: ADMIN,
    errors: ["courier.not-found"],
  }),
  "couriers.list": command({
    summary: "The market's couriers, with their open shift.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/couriers" },
    sockets: [],
    input: z.object({ marketId, cursor: uuid.optional(), limit: z.coerce.number().int().min(1).max(500).default(50) }),
    output: z.object({ couriers: z.array(courierView), nextCursor: uuid.nullable() }),
    rights: OFFICE,
    errors: [],
  }),
  "shifts.list": command({
    summary: "A courier's shifts, newest first.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/couriers/{courierId}/shifts" },
    sockets: [],
    input: z.object({ marketId, courierId, limit: z.coerce.number().int().min(1).max(200).default(50) }),
    output: z.object({ shifts: z.array(shiftView) }),
    rights: OFFICE,
    errors: ["courier.not-found"],
  }),
} as const;
