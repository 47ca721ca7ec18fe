import { makeHubClient, type HubClient } from "#shared/client/hub-client.ts";
import type { HeldRole } from "#shared/contracts/catalogue/accounts.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";
import { cellsWithin, zoneOf } from "#shared/domain/geo/cells.ts";
import type { Viewer } from "#shared/domain/rights/viewer.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { watchRecorded, type Recorder } from "../../actors/recorder.ts";
import {
  hubOf,
  idOf,
  NAMESPACE_OF,
  nosyAbout,
  orderOf,
  placeOf,
  type IdKind,
  type Kind,
  type Person,
  type SwarmPlan,
} from "../plan.ts";
import type { Connection, Network } from "./network.ts";
import type { CrowdOrders } from "./orders.ts";
import { keptToken } from "./tokens.ts";

/** Connections that come from one address. */
const CONNECTIONS_AN_ADDRESS = 400;
/** An operator has so many orders open on the screen. */
const OPERATOR_ORDERS = 5;
const VIEWER_OF: Readonly<Record<Kind, Viewer["as"]>> = {
  customer: "customer",
  courier: "courier",
  kitchen: "kitchen",
  operator: "ops",
};

/** Somebody who is there, with what they watch. */
export interface Member {
  readonly person: Person;
  readonly personId: string;
  readonly client: HubClient;
  readonly connection: Connection;
  /** Watches that the hub must have granted before this member has caught up. */
  readonly watches: number;
}

export interface JoinDeps {
  readonly orders: CrowdOrders;
  readonly plan: SwarmPlan;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly mint: (holder: { personId: string; roles: readonly HeldRole[] }) => string;
  /** Somebody was answered who had no right to be. */
  readonly onLeak: (what: string) => void;
}

/** Opens the connection of the `nth` person of this process, and all watches that belong to it. */
export function join(deps: JoinDeps, person: Person, nth: number): Member {
  const { orders, network, mint } = deps;
  const { part, parts, hubs, marketId } = orders;
  const personId = idOf(person.kind, person.index);
  const roles = [roleOf(person, marketId)];
  let connection: Connection | undefined;
  const hub = hubOf(hubs, nth * parts + part);
  if (!hub) throw new Error("no hub is given");
  const options = {
    hub,
    from: addressOf(part, nth),
    namespace: NAMESPACE_OF[person.kind],
    token: keptToken(() => mint({ personId, roles })),
  };
  const client = makeHubClient(
    { token: options.token },
    network.transport(options, (opened) => (connection = opened)),
  );
  if (!connection) throw new Error("a connection is there as soon as it is asked for");
  const watches = watchAll(deps, person, client);
  return { person, personId, client, connection, watches };
}

/** 127.a.b.c, apart for every process; .0 and .255 are left out. */
function addressOf(part: number, nth: number): string {
  const block = Math.floor(nth / CONNECTIONS_AN_ADDRESS);
  return `127.${1 + (part % 200)}.${Math.floor(block / 250) + 1}.${(block % 250) + 2}`;
}

function roleOf({ kind, index }: Person, marketId: string): HeldRole {
  switch (kind) {
    case "customer":
      return { role: "customer", marketId: null, restaurantId: null };
    case "courier":
      return { role: "courier", marketId, restaurantId: null };
    case "kitchen":
      return { role: "kitchen", marketId, restaurantId: idOf("restaurant", index) };
    case "operator":
      return { role: "support", marketId, restaurantId: null };
  }
}

/** @returns how many watches must be granted */
function watchAll(deps: JoinDeps, person: Person, client: HubClient): number {
  const { plan, orders } = deps;
  const own = (kind: StreamRef["kind"], idKind: IdKind, index: number) =>
    watch(deps, person, client, { marketId: orders.marketId, kind, id: idOf(idKind, index) });
  switch (person.kind) {
    case "customer": {
      const order = orderOf(plan, person.index);
      if (order !== undefined) return own("order", "order", order);
      const other = nosyAbout(plan, person.index);
      if (other !== undefined) pry(deps, person, client, idOf("order", other));
      return 0;
    }
    case "courier":
      return own("courier", "courier-file", person.index);
    case "kitchen":
      return own("restaurant", "restaurant", person.index);
    case "operator":
      return watchCity(deps, person, client);
  }
}

function watchCity(deps: JoinDeps, person: Person, client: HubClient): number {
  const { plan, orders } = deps;
  const zones = cellsWithin(zoneOf(placeOf(person.index, plan.operators)), 1);
  // Kept over reconnects; a refusal would show in what the operator is shown.
  client.watchZones(orders.marketId, zones).catch(() => undefined);
  const count = Math.min(OPERATOR_ORDERS, plan.orders);
  for (let nth = 0; nth < count; nth += 1) {
    const order = (person.index * OPERATOR_ORDERS + nth) % plan.orders;
    watch(deps, person, client, { marketId: orders.marketId, kind: "order", id: idOf("order", order) });
  }
  return count;
}

function watch({ recorder, clock }: JoinDeps, { kind, index }: Person, client: HubClient, ref: StreamRef): 1 {
  const viewer = { as: VIEWER_OF[kind], personId: idOf(kind, index) };
  watchRecorded(client, ref, { onSnapshot: () => {}, onEvent: () => {} }, { viewer, clock, recorder });
  return 1;
}

/** Tries what is somebody else's. */
function pry({ orders, onLeak }: JoinDeps, { index }: Person, client: HubClient, orderId: string): void {
  const leak = (what: string) => onLeak(`${what} of order ${orderId} to customer ${index}`);
  client.watch(
    { marketId: orders.marketId, kind: "order", id: orderId },
    { onSnapshot: () => leak("the state"), onEvent: (event) => leak(event.type) },
  );
}
