import type { CommandName } from "../../contracts/catalogue/catalogue.ts";
import type { OrderLine, SeenOrder } from "../../contracts/views.ts";
import { assert } from "../../lib/assert.ts";
import type { Identity } from "../rights/identity.ts";
import { seeOrder, sightOf } from "../rights/projection.ts";
import { roleFor } from "../rights/rights.ts";
import type { Actor } from "./change.ts";
import { orderViewOf } from "./order-view.ts";
import type { LoadedOrder } from "./records.ts";

/** In which role somebody acts on an order, if in any. */
export function actingOn(
  identity: Identity,
  name: CommandName,
  loaded: LoadedOrder,
  options: { readonly endedToo: boolean } = { endedToo: false },
): Actor | undefined {
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
export function answerTo(actor: Actor, loaded: LoadedOrder, lines: readonly OrderLine[]): SeenOrder {
  assert(actor.role !== "platform", "the platform asks for no answers");
  const { seq: _, ...seen } = seeOrder(sightOf(actor.role), orderViewOf(loaded, lines, 0));
  return seen;
}
