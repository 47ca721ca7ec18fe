import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";
import { actingOn, answerTo } from "#shared/domain/order/acting.ts";
import type { Actor } from "#shared/domain/order/change.ts";
import type { LoadedOrder } from "#shared/domain/order/records.ts";
import type { Identity } from "#shared/domain/rights/identity.ts";
import { assert } from "#shared/lib/assert.ts";
import type { OrderWithLines } from "#shared/server/life/load-order.ts";

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
  return actingOn(identityOf(caller), name, loaded, options);
}

/** What the order is by now, as whoever acts may see it. */
export type Answer = (now: LoadedOrder) => SeenOrder;

/** What was ordered stays what it was, so that nothing is read again. */
export function answering(actor: Actor, { lines }: OrderWithLines): Answer {
  return (now) => answerTo(actor, now, lines);
}
