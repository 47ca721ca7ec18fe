import type { StreamRef } from "#shared/contracts/streams.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";

import { ORDERS } from "./plan.ts";

const MARKET = "grid";
const id = (kind: number, n: number) =>
  `0190a000-0000-7000-8${String(kind).padStart(3, "0")}-${String(n).padStart(12, "0")}`;

export const KITCHEN: StreamRef = { marketId: MARKET, kind: "restaurant", id: id(2, 1) };
export const ORDER_STREAMS: readonly StreamRef[] = Array.from({ length: ORDERS }, (_, n) => ({
  marketId: MARKET,
  kind: "order",
  id: id(1, n + 1),
}));

export interface Person extends Viewer {
  readonly name: string;
  readonly watches: StreamRef;
  /** Of the order that is theirs. */
  readonly orderId: string | undefined;
}

/** The cook, who may be taken off the staff. */
export const COOK: Person = personOf("cook", "kitchen", 1, KITCHEN);

/** By this event of the kitchen's stream a schedule knows that the cook is back: the platform tells a role that ends, none that is given. */
export const STAFF_ADDED = "restaurant.changed";

/** Everybody who watches, as many as a plan says. */
export const PEOPLE: readonly Person[] = [
  COOK,
  personOf("office", "ops", 2, KITCHEN),
  ...ORDER_STREAMS.map((ref, n) => personOf(`customer ${n + 1}`, "customer", 3 + n, ref)),
];

function personOf(name: string, as: Viewer["as"], n: number, watches: StreamRef): Person {
  return { name, as, personId: id(3, n), watches, orderId: watches.kind === "order" ? watches.id : undefined };
}

/** What this person's token says. */
export function identityOf({ personId, as }: Person): Identity {
  return { personId, sessionId: id(4, 1), roles: [ROLES[as]], expiresAtMs: 4e12 };
}

const ROLES: Readonly<Record<Viewer["as"], Identity["roles"][number]>> = {
  customer: { role: "customer", marketId: null, restaurantId: null },
  kitchen: { role: "kitchen", marketId: MARKET, restaurantId: KITCHEN.id },
  courier: { role: "courier", marketId: MARKET, restaurantId: null },
  ops: { role: "dispatcher", marketId: MARKET, restaurantId: null },
};
