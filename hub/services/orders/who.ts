import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import type { Actor } from "#shared/domain/order/change.ts";
import { orderViewOf } from "#shared/domain/order/order-view.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { seeOrder, sightOf } from "#shared/domain/rights/projection.ts";
import { roleFor } from "#shared/domain/rights/rights.ts";
import { assert } from "#shared/lib/assert.ts";
import type { Tx } from "#shared/server/db/connect.ts";
import { linesOf } from "#shared/server/life/load-order.ts";

import type { Caller } from "../use-cases.ts";

export function identityOf(caller: Caller): Identity {
  assert(caller.identity, "the edge lets nobody in without an identity");
  return caller.identity;
}

/** In which role the caller acts on an order, if in any. */
export function actorOf(
  caller: Caller,
  name: CommandName,
  loaded: LoadedOrder,
  options: { readonly endedToo: boolean } = { endedToo: false },
): Actor | undefined {
  const identity = identityOf(caller);
  const holds = options.endedToo || loaded.delivery?.endedAtMs === null;
  const role = roleFor(identity, name, {
    marketId: loaded.order.marketId,
    restaurantId: loaded.order.restaurantId,
    customerId: loaded.order.customerId,
    courierPersonId: holds ? (loaded.courier?.personId ?? null) : null,
  });
  return role && { role, personId: identity.personId };
}

/** The order as the actor may see it. */
export async function answer(tx: Tx, loaded: LoadedOrder, actor: Actor): Promise<SeenOrder> {
  assert(actor.role !== "platform", "the platform asks for no answers");
  const lines = await linesOf(tx, loaded.order.marketId, [loaded.order.id]);
  const view = orderViewOf(loaded, lines.get(loaded.order.id) ?? [], 0);
  const { seq: _, ...seen } = seeOrder(sightOf(actor.role), view);
  return seen;
}
