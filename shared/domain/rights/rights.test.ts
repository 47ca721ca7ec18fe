import { describe, expect, test } from "vitest";

import { CATALOGUE, type CommandName } from "../../contracts/catalogue/catalogue.ts";
import { Refusal } from "../../contracts/errors.ts";
import { ROLES, type Role } from "../../contracts/roles.ts";
import type { StoredEvent } from "../../contracts/streams.ts";
import { orderView, type OrderView } from "../../contracts/views.ts";
import type { Identity } from "./identity.ts";
import { ORDER_FIELDS, projectEvent, projectOrder } from "./projection.ts";
import { mayCall, roleFor } from "./rights.ts";

const IN = { marketId: "here", restaurantId: "r1" };
function identity(role: Role, marketId = "here", restaurantId = "r1"): Identity {
  const staff = role === "kitchen" || role === "restaurant_admin";
  return {
    personId: "p1",
    sessionId: "s1",
    roles: [{ role, marketId: role === "customer" ? null : marketId, restaurantId: staff ? restaurantId : null }],
    expiresAtMs: 0,
  };
}
function asked(who: Identity | undefined, name: CommandName): string {
  try {
    mayCall(who, name, IN);
    return "yes";
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
const NAMES = Object.keys(CATALOGUE) as CommandName[];

describe("at the edge", () => {
  test.for(NAMES)("[RIG1] %s: the roles of the catalogue may, no other, and nobody without a name", (name) => {
    const { rights } = CATALOGUE[name];
    expect(asked(undefined, name)).toBe(rights === "public" ? "yes" : "auth.missing");
    for (const role of ROLES) {
      const may = rights === "public" || role in rights;
      expect(asked(identity(role), name), role).toBe(may ? "yes" : "right.missing");
      if (rights === "public" || role === "customer") continue;
      if (may && Object.values(rights).every((relation) => relation !== "self")) {
        expect(asked(identity(role, "elsewhere"), name), `${role} elsewhere`).toBe("right.missing");
      }
    }
  });
});

test("[RIG2] a role of another market, restaurant, order or courier stands in no relation", () => {
  const facts = { ...IN, customerId: "p1", courierPersonId: "p1" };
  expect(roleFor(identity("customer"), "order.cancel", facts)).toBe("customer");
  expect(roleFor(identity("customer"), "order.cancel", { ...facts, customerId: "p2" })).toBeUndefined();
  expect(roleFor(identity("kitchen"), "order.confirm", facts)).toBe("kitchen");
  expect(roleFor(identity("kitchen", "here", "r2"), "order.confirm", facts)).toBeUndefined();
  expect(roleFor(identity("courier"), "delivery.pick-up", facts)).toBe("courier");
  expect(roleFor(identity("courier"), "delivery.pick-up", { ...facts, courierPersonId: "p2" })).toBeUndefined();
  expect(roleFor(identity("courier"), "delivery.pick-up", { ...facts, courierPersonId: null })).toBeUndefined();
  expect(roleFor(identity("support", "elsewhere"), "order.refund", facts)).toBeUndefined();
});

describe("projection", () => {
  const whole = Object.fromEntries(Object.keys(orderView.shape).map((field) => [field, `the ${field}`]));
  // Cast: only which fields pass is looked at.
  const order = whole as unknown as OrderView;
  const event: StoredEvent = {
    marketId: "here",
    id: "e1",
    type: "x",
    payload: { order, offer: "offer", shift: "shift", reason: "reason", restaurant: "restaurant", secret: "secret" },
    actorRole: "platform",
    actorId: null,
    atMs: 1,
    orderId: "o1",
    orderSeq: 4,
    restaurantId: "r1",
    restaurantSeq: 9,
    courierId: null,
    courierSeq: null,
  };
  const ref = { marketId: "here", kind: "order", id: "o1" } as const;

  test.for(["customer", "kitchen", "courier", "ops"] as const)(
    "[PRJ1] %s gets the fields of its row and no others",
    (sight) => {
      expect(Object.keys(projectOrder(sight, order)).toSorted()).toEqual([...ORDER_FIELDS[sight]].toSorted());
    },
  );

  test("[PRJ1] no kitchen learns an address, a price or a payment; no courier a price; no customer a courier's id", () => {
    for (const field of ["drop", "price", "payment"] as const) expect(ORDER_FIELDS.kitchen).not.toContain(field);
    for (const field of ["price", "payment"] as const) expect(ORDER_FIELDS.courier).not.toContain(field);
    const delivery = {
      id: "d",
      status: "ACCEPTED",
      version: 1,
      courierId: "c",
      courierName: "n",
      stopOrder: 1,
    } as const;
    expect(projectOrder("customer", { delivery }).delivery).toEqual({ ...delivery, courierId: null });
  });

  test("[PRJ1] the secret that pays an order reaches its customer and nobody else", () => {
    const payment = { status: "pending", clientSecret: "secret", refundedMinor: 0 };
    expect(projectOrder("customer", { payment }).payment).toEqual(payment);
    for (const sight of ["ops", "kitchen", "courier"] as const) {
      expect(JSON.stringify(projectOrder(sight, { payment }))).not.toContain('"secret"');
    }
  });

  test("[PRJ2] [PRJ3] what is not meant for a viewer is left out, the event is not", () => {
    const seen = projectEvent({ as: "customer", personId: "p1" }, ref, event);
    expect(seen?.seq).toBe(4);
    expect(Object.keys(seen?.payload ?? {})).toEqual(["order"]);
    expect(Object.keys(projectEvent({ as: "ops", personId: "p1" }, ref, event)?.payload ?? {})).not.toContain("secret");
    expect(projectEvent({ as: "customer", personId: "p1" }, { ...ref, id: "o2" }, event)).toBeUndefined();
    const bare = projectEvent({ as: "kitchen", personId: "p1" }, ref, { ...event, payload: { offer: "offer" } });
    expect(bare).toMatchObject({ seq: 4, payload: {} });
  });
});
